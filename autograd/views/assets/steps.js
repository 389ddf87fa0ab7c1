// stepping through backward, one contribution or one operation at a time, and through forward
let step = 0, forward = false, byOperation = false, leaf = -1, quiz = false, guessed = true;
let timer = 0, hashTimer = 0;

const last = () => forward ? FORWARD.length : LAST;
const edgeAt = moment => S[M[moment][1]][EDGE];

// --- which moments belong to the paths to one leaf, and which to one operation ----------------
let reached = null; // what the chosen leaf contributes to
function onlyTo(node) {
  leaf = node;
  reached = null;
  if (node >= 0) {
    reached = new Set([node]);
    E.forEach(e => { if (reached.has(e[FROM])) reached.add(e[TO]); }); // edges are in the order of forward
  }
  listLeaves();
  toStep(step);
}
function allowed(k) {
  if (!reached || !k) return true;
  return forward ? reached.has(FORWARD[k - 1]) : seeded(k) || reached.has(E[edgeAt(k)][FROM]);
}
const together = (j, k) => j > 0 && k > 0 && j <= LAST && k <= LAST && M[j][0] === M[k][0]
  && !seeded(j) && !seeded(k) && E[edgeAt(j)][TO] === E[edgeAt(k)][TO];

function following(k, way) {
  let to = k;
  do to += way; while (to > 0 && to < last() && !allowed(to));
  if (to > last() || to < 0 || !allowed(to)) return k;
  if (byOperation && !forward) { // to the end of the operation's contributions
    if (way < 0) while (together(to, k) && to > 0) to -= 1;
    while (together(to, to + 1)) to += 1;
    while (to > 0 && !allowed(to)) to -= 1;
  }
  return to;
}

// what a step shows: the cards that give (now), those that get (got), and the edges between them
function shownAt(k) {
  if (!k) return {now: [], got: [], edges: [], moments: []};
  if (forward) {
    const node = FORWARD[k - 1];
    return {now: inputs[node].map(e => E[e][FROM]), got: [node], edges: inputs[node], moments: [k]};
  }
  if (seeded(k)) return {now: [], got: [PASSES[M[k][0]][0]], edges: [], moments: [k]};
  const moments = [k];
  if (byOperation) for (let j = k - 1; together(j, k); j--) if (allowed(j)) moments.unshift(j);
  const edges = moments.map(edgeAt);
  return {now: [E[edges[0]][TO]], got: edges.map(e => E[e][FROM]), edges, moments};
}

// --- going to a step -------------------------------------------------------------------------
async function toStep(k, keepHash) {
  step = elsewhen() ? 0 : Math.min(Math.max(Math.round(k) || 0, 0), last());
  guessed = !quiz;
  for (const id of ["step", "scrub"]) $(id).value = step;
  $("prev").disabled = $("first").disabled = !step;
  $("next").disabled = step === last() || elsewhen();
  $("play").disabled = elsewhen();
  document.body.classList.toggle("stepping", step > 0);
  const here = step, {now, got} = shownAt(step), main = (forward ? got : now.length ? now : got)[0];
  if (main !== undefined && !ownCard(main)) await inside(main);
  if (here !== step) return;
  paint();
  stepPanel();
  if (selected) select(selected);
  frameStep();
  pulse();
  if (step === last()) stop();
  if (!keepHash) {
    clearTimeout(hashTimer); // browsers limit how often the address may change
    hashTimer = setTimeout(noteHash, 150);
  }
}
function noteHash() {
  const mark = step ? `#${forward ? "forward" : "step"}=${step}` : "#";
  try { history.replaceState(null, "", mark); } catch { /* in a frame */ }
}
function fromHash() {
  const found = /(step|forward)=(\d+)/.exec(location.hash);
  if (!found) return;
  if (forward !== (found[1] === "forward")) setMode(found[1] === "forward", true);
  toStep(+found[2], true);
}
function setMode(isForward, keep) {
  forward = isForward;
  $("mode").value = forward ? "forward" : "backward";
  $("steps").textContent = last();
  $("step").max = $("scrub").max = last();
  if (!keep) toStep(0);
}

function stop() {
  clearInterval(timer);
  timer = 0;
  $("play").textContent = "Play";
  $("play").setAttribute("aria-pressed", "false");
}
function play() {
  if (timer) return stop();
  if (step === last()) toStep(0);
  $("play").textContent = "Stop";
  $("play").setAttribute("aria-pressed", "true");
  timer = setInterval(() => toStep(following(step, 1)), 1000 / +$("speed").value);
}

// --- both ends of the step in sight ----------------------------------------------------------
// An input that is far away, or not drawn in this scene, is shown by a copy beside the operation.
function frameStep() {
  svg.querySelectorAll(".ghost,.reach").forEach(el => el.remove());
  markStep(); // a copy of before may have stood for a card
  if (!step) return;
  const {now, got, edges} = shownAt(step), centre = forward ? got[0] : now[0] ?? got[0];
  const others = [...new Set(forward ? now : now.length ? got : [])];
  let card = cardOf(centre);
  if (!card) return;
  const [shown, down] = [boxOf(card), stage.dataset.way === "TB"];
  if (!ownCard(centre)) { // in a box for which this page has no drawing: a copy below or beside it
    const role = forward || !now.length ? "got" : "now";
    card.classList.remove("now", "got");
    const aside = Math.max(0, ...others.map(i => ghostSize(i).w)); // room for the copies of the others
    card = ghost(centre, down ? [shown.x, shown.y + shown.h + 130] : [shown.x + shown.w + aside + 100, shown.y], role);
  }
  const own = others.map(ownCard), boxes = own.filter(Boolean).map(boxOf);
  if (own.every(Boolean) && edges.every(arrowOf) && show([boxOf(card), ...boxes])) return;
  const near = own.map(el => el && show([boxOf(card), boxOf(el)]) ? el : null);
  if (near.some(Boolean)) show([boxOf(card), ...near.filter(Boolean).map(boxOf)]);
  const at = boxOf(card), missing = others.filter((_, i) => !near[i]), role = forward ? "now" : "got";
  const ghosts = missing.map((node, i) => {
    const {w, h} = ghostSize(node), off = i - (missing.length - 1) / 2;
    const place = down ? [at.x + at.w / 2 - w / 2 + off * (w + 14), at.y - h - 44]
      : [at.x - w - 60, at.y + at.h / 2 - h / 2 + off * (h + 14)];
    cardOf(node)?.classList.remove(role); // one card stands for the node
    const el = ghost(node, place, role);
    reach(el, at, down, edges.some(e => E[e][FROM] === node && arrowOf(e)));
    return el;
  });
  const wanted = [at, ...ghosts.map(boxOf), ...near.filter(Boolean).map(boxOf)];
  if (!show(wanted) && !show([at, ...ghosts.map(boxOf)])) show([at]);
}
function ghostSize(node) {
  const n = N[node], lines = [n[NAME] + n[OP] + "   ", valueRow(node), gradRow(node), " ".repeat(12)];
  return {w: 14 + 7.3 * Math.max(...lines.map(line => line.length)), h: 62};
}
// a card of a node that is far away or not drawn
function ghost(node, [x, y], role) {
  const n = N[node], {w, h} = ghostSize(node);
  const g = drawCard(["", n[NAME], n[OP], "", [[valueRow(node), "v"], [gradRow(node), "g"]], `ghost ${role}`, n[NAME]], [x, y, w, h]);
  for (const name of ["tabindex", "data-k"]) g.removeAttribute(name);
  g.setAttribute("role", "presentation");
  g.prepend(draw("rect", {x, y, width: w, height: h, rx: 6, class: "halo"}));
  g.onclick = e => { e.stopPropagation(); go(node); };
  svg.append(g);
  return g;
}
// a dashed arrow from a copy to the operation; it stands for the edge where that is not drawn
function reach(el, at, down, isDrawn) {
  const box = boxOf(el);
  const from = down ? [box.x + box.w / 2, box.y + box.h] : [box.x + box.w, box.y + box.h / 2];
  const to = down ? [at.x + at.w / 2, at.y] : [at.x, at.y + at.h / 2], path = `M${from.join()}L${to.join()}`;
  el.before(draw("g", {class: `reach e ${isDrawn ? "" : "now"}`}, draw("path", {class: "line", d: path}), arrowHead(path)));
}

// a dot runs along the arrow, the way the numbers go
const calm = matchMedia("(prefers-reduced-motion:reduce)");
function pulse() {
  svg.querySelectorAll(".pulse").forEach(el => el.remove());
  if (!step || calm.matches) return;
  for (const line of svg.querySelectorAll(".e.now .line")) {
    const move = draw("animateMotion", {
      path: line.getAttribute("d"), dur: `${0.8 / +$("speed").value}s`, begin: "indefinite",
      fill: "freeze", calcMode: "linear", keyTimes: "0;1", keyPoints: forward ? "0;1" : "1;0",
    });
    const dot = draw("circle", {class: "pulse", r: 5}, move);
    line.parentNode.append(dot);
    move.addEventListener("endEvent", () => dot.remove());
    move.beginElement();
  }
}

// --- everything on the drawing that depends on the step, the selection and the search ---------
// what is known of a node at this step: numbers of later steps are not
const valueKnown = i => !forward || !step || !turnOf.has(i) || turnOf.get(i) <= step;
const hidden = i => quiz && !guessed && step > 0 && shownAt(step).got.includes(i);
function gradOf(i) {
  if (!step) return N[i][GRAD];
  return forward ? null : sumAt(i, step);
}
const valueRow = i => `value ${!valueKnown(i) ? "..." : forward && hidden(i) ? "?" : text(N[i][VALUE])}`;
function gradRow(i) {
  const sum = gradOf(i);
  if (!forward && hidden(i)) return "grad  ?";
  return `grad  ${sum === null ? step ? "..." : "not computed" : brief(sum)}`;
}
const brief = sum => (typeof sum === "object" ? text(sum) : num(sum)).replace(/ \(norm.*/, "");

// the step at which an operation hands its gradient on, or gets its value
const handsOn = new Map();
for (let k = LAST; k > 0; k--) if (!seeded(k)) handsOn.set(E[edgeAt(k)][TO], k);
const stepOf = i => forward ? turnOf.get(i) : handsOn.get(i);

function paintCard(i, el) {
  const turn = el.querySelector(".turn");
  if (turn) turn.textContent = stepOf(i) ? `step ${stepOf(i)}` : "";
  const value = el.querySelector("text.v"), grad = el.querySelector("text.g"), tip = el.querySelector("title");
  for (const [row, line, changed] of [[value, valueRow, forward || live || D.diff], [grad, gradRow, step > 0 || live || D.diff]]) if (row) {
    row.dataset.rest ??= row.textContent;
    row.textContent = changed ? fitted(line(i), el) : row.dataset.rest;
  }
  if (tip) { tip.dataset.rest ??= tip.textContent; tip.textContent = step || live ? `${N[i][NAME]}, ${valueRow(i)}, ${gradRow(i)}` : tip.dataset.rest; }
  const known = forward ? valueKnown(i) : gradOf(i) !== null;
  el.classList.toggle("wait", step > 0 && !known);
}
// a line no longer than its card is wide: with fewer digits where it would be cut
function fitted(line, el) {
  const room = Math.floor((boxOf(el).w - 13) / 7.22);
  if (line.length > room) line = line.replace(/  +/, " ");
  if (line.length > room) line = line.replace(/-?\d+\.\d{3,}/g, x => String(+(+x).toPrecision(3)));
  return line.length > room ? line.slice(0, room - 1) + "\u2026" : line;
}

// the cards and arrows of this step
function markStep() {
  svg.querySelectorAll(".now,.got").forEach(el => el.classList.remove("now", "got"));
  const {now, got, edges} = shownAt(step);
  now.forEach(i => cardOf(i)?.classList.add("now"));
  got.forEach(i => cardOf(i)?.classList.add("got"));
  edges.forEach(e => arrowOf(e)?.classList.add("now"));
  svg.querySelectorAll(".got.now").forEach(el => el.classList.remove("now"));
  const frontmost = svg.querySelectorAll(".e.now");
  if (frontmost.length) svg.querySelector(".n").before(...frontmost);
}

function paint() {
  for (const el of svg.querySelectorAll(".sel,.hit,.wait,.off"))
    el.classList.remove("sel", "hit", "wait", "off");
  const found = new Set(hits);
  for (const [key, el] of byKey) {
    if (key[0] === "n" && !el.classList.contains("outside")) paintCard(+key.slice(1), el);
    else if (key[0] === "g") paintBox(el);
    if (key[0] === "n") {
      el.classList.toggle("hit", found.has(+key.slice(1)));
      el.classList.toggle("off", reached !== null && !reached.has(+key.slice(1)));
    }
    if (el.dataset.ends && reached && key[0] === "e") el.classList.toggle("off", !reached.has(E[+key.slice(1)][FROM]));
  }
  if (hits.length && hits.length < 2000) for (const i of hits) cardOf(i)?.classList.add("hit");
  byKey.get(selected)?.classList.add("sel");
  markStep();
  drawStrips(svg);
  paintTwins();
}
function paintBox(el) {
  for (const row of el.querySelectorAll(".g")) {
    row.dataset.rest ??= row.textContent;
    row.textContent = step ? "" : row.dataset.rest;
  }
}
