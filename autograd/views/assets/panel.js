// details of the selected node, and the step of backward that is shown
let step = 0, selected = null, timer = 0, hashTimer = 0, hits = [], hitAt = -1;

const link = i => make("button", N[i][NAME], {className: "link", onclick: () => go(i)});
const row = (title, content) => make("tr", [make("th", title), make("td", content)]);

async function go(node) {
  await inside(node);
  select("n" + node);
}

function select(key) {
  selected = key;
  paint();
  const box = $("nodebox");
  box.replaceChildren();
  if (!key) return;
  if (key[0] === "n") nodePanel(box, +key.slice(1));
  else if (B[+key.slice(1)]) boxPanel(box, +key.slice(1));
}

function boxPanel(box, key) {
  box.append(make("h2", B[key][0]), make("table", [row("holds", `${B[key][2]} nodes`)]));
  if ((D.scenes[key] && String(key) !== scene) || covered.has(key))
    box.append(make("button", "Open this module", {onclick: unfold}));
  else if (byKey.has("g" + key) && !D.scenes[key])
    box.append(make("p", "This page has no room for a drawing of it: in Python, graph.focus(name) draws a part."));
}

function nodePanel(box, i) {
  const n = N[i], rows = [row("operation", n[OP]), row("type", n[TYPE]), row("value", text(n[VALUE]))];
  for (const [title, v] of [["value", n[VALUE]], ["grad", n[GRAD]]])
    if (v && typeof v === "object") rows.push(...summaryRows(title, v));
  rows.push(row("grad", text(n[GRAD])));
  const end = sumAt(i, LAST);
  if (end !== null) rows.push(row("grad, this pass", num(end)));
  if (n[ORDER]) rows.push(row("backward", `turn ${n[ORDER]}`));
  const path = chain(n[HOME]).filter(k => k && B[k][3] === "module").map(k => B[k][0]).pop();
  if (path) rows.push(row("module", path));
  if (n[SOURCE]) rows.push(row("source", n[SOURCE]));
  box.append(make("h2", n[NAME]), make("table", rows));
  if (n[NOTE]) box.append(make("p", "! " + n[NOTE], {className: "finding"}));
  box.append(make("h3", "Chain rule"), make("div", chainRule(i), {className: "sum"}));
  edgeList(box, "Made from", inputs[i], 0, i);
  edgeList(box, "Used by", users[i], 1, i);
}

const summaryRows = (title, v) => [
  row(`${title} mean`, num(v.mean)), row(`${title} norm`, num(v.norm)),
  row(`${title} zeros`, `${v.zeros} of ${v.size}`),
  ...(v.nans + v.infs ? [row(`${title} broken`, `${v.nans} NaN, ${v.infs} inf`)] : []),
  row(`${title} entries`, v.head.map(num).join(" ") + (v.size > v.head.length ? " ..." : "")),
];

function chainRule(i) {
  const parts = roots.has(i) ? ["1 (the seed)"] : [];
  const scalar = x => typeof x === "number" || /^-?Infinity$|^NaN$/.test(x);
  for (const k of into[i].slice(0, 40)) {
    const [edge, upstream, contribution] = S[k];
    const local = E[edge][3];
    parts.push(scalar(upstream) && /^[-\d.einfNa+]+$/.test(local)
      ? `${paren(num(upstream))}*${paren(local)}` : `[${num(contribution)}]`);
  }
  if (into[i].length > 40) parts.push(`... (${into[i].length} terms)`);
  const end = sumAt(i, LAST);
  return parts.length ? `grad(${N[i][NAME]}) = ${parts.join(" + ")} = ${num(end)}`
    : `grad(${N[i][NAME]}): nothing reaches it`;
}

function edgeList(box, title, edges, end, i) {
  if (!edges.length) return;
  const items = edges.slice(0, 30).map(k => {
    const other = E[k][end];
    const [y, x] = end ? [other, i] : [i, other];
    const note = E[k][4] ? make("span", `  ! ${E[k][4]}`, {className: "finding"}) : "";
    return make("li", [link(other), `  d${N[y][NAME]}/d${N[x][NAME]} = ${E[k][3]}`, note]);
  });
  if (edges.length > 30) items.push(make("li", `and ${edges.length - 30} more`));
  box.append(make("h3", title), make("ul", items));
}

function stepPanel() {
  const box = $("stepbox");
  box.replaceChildren();
  if (!step) return;
  box.append(make("h2", `Step ${step} of ${LAST}`));
  if (step === 1) {
    const seeds = D.roots.flatMap((r, k) => [k ? ", " : "", link(r)]);
    box.append(make("p", ["The seed: the gradient of ", ...seeds, ` starts at ${num(D.seed)}.`]));
    return;
  }
  const [edge, upstream, contribution, before, after] = S[step - 2];
  const around = cardOf(E[edge][0])?.dataset.k;
  const [x, y, , local, , rule] = E[edge], dy = N[y][NAME], dx = N[x][NAME];
  box.append(make("p", ["From ", link(y), ` (${N[y][OP]}) to `, link(x)]), make("table", [
    row("upstream", `grad(${dy}) = ${num(upstream)}`),
    row("x local", `d${dy}/d${dx} = ${local}`),
    ...(rule ? [row("rule", rule)] : []),
    row("= contribution", num(contribution)),
    row("before", `grad(${dx}) = ${num(before)}`),
    row("after +=", `grad(${dx}) = ${num(after)}`),
  ]), make("div", `${paren(num(before))} + ${paren(num(contribution))} = ${num(after)}`, {className: "sum"}));
  if (around && around[0] !== "n") box.append(make("p", [
    "Inside the folded box ", make("button", B[+around.slice(1)][0], {className: "link", onclick: () => inside(E[edge][0])}),
  ]));
}

// open boxes until a node is drawn itself
async function inside(node) {
  [...covered].forEach(uncover);
  if (!byKey.has("n" + node)) await open(sceneOf(node));
  paint();
  stepPanel();
  const el = cardOf(node);
  if (el) reveal(el);
}

// everything on the drawing that depends on the step, the selection and the search
function paint() {
  for (const el of svg.querySelectorAll(".now,.got,.sel,.hit,.wait"))
    el.classList.remove("now", "got", "sel", "hit", "wait");
  const found = new Set(hits);
  for (const [key, el] of byKey) if (key[0] === "n") {
    const i = +key.slice(1), grad = el.querySelector(".g");
    if (grad) {
      grad.dataset.rest ??= grad.textContent;
      const sum = step ? sumAt(i, step) : null;
      grad.textContent = !step ? grad.dataset.rest : `grad  ${sum === null ? "..." : num(sum).replace(/ \(norm.*/, "")}`;
      el.classList.toggle("wait", step > 0 && sum === null);
    }
    el.classList.toggle("hit", found.has(i));
  }
  if (hits.length && hits.length < 2000)
    for (const i of hits) { const el = cardOf(i); if (el) el.classList.add("hit"); }
  byKey.get(selected)?.classList.add("sel");
  if (step === 1) D.roots.forEach(r => cardOf(r)?.classList.add("got"));
  if (step > 1) {
    const edge = S[step - 2][0];
    cardOf(E[edge][1])?.classList.add("now");
    cardOf(E[edge][0])?.classList.add("got");
    arrowOf(edge)?.classList.add("now");
  }
}

async function toStep(k, keepHash) {
  step = Math.min(Math.max(Math.round(k) || 0, 0), LAST);
  $("step").value = step;
  $("prev").disabled = $("first").disabled = !step;
  $("next").disabled = step === LAST;
  const node = step === 1 ? D.roots[0] : step > 1 ? E[S[step - 2][0]][0] : -1;
  if (node >= 0 && !cardOf(node)) await open(sceneOf(node));
  else paint();
  stepPanel();
  const el = node >= 0 && cardOf(node);
  if (el) reveal(el);
  if (step === LAST) stop();
  if (!keepHash) {
    clearTimeout(hashTimer); // browsers limit how often the address may change
    hashTimer = setTimeout(noteHash, 150);
  }
}
function noteHash() {
  try { history.replaceState(null, "", step ? `#step=${step}` : "#"); } catch { /* in a frame */ }
}

function stop() {
  clearInterval(timer);
  timer = 0;
  $("play").textContent = "Play";
  $("play").setAttribute("aria-pressed", "false");
}
function play() {
  if (timer) return stop();
  if (step === LAST) toStep(0);
  $("play").textContent = "Stop";
  $("play").setAttribute("aria-pressed", "true");
  timer = setInterval(() => toStep(step + 1), 700);
}
