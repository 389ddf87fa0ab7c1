// details of the selected node or box, beside or below the drawing
let selected = null;

const link = i => make("button", N[i][NAME], {className: "link", onclick: () => go(i)});
const row = (title, content) => make("tr", [make("th", title), make("td", content)]);

async function go(node) {
  await inside(node);
  select("n" + node);
  reveal(cardOf(node));
}

function select(key) {
  if (key !== selected || key === null) { selected = key; paint(); sliders(); }
  const box = $("nodebox");
  box.replaceChildren();
  if (!key) return;
  if (key[0] === "n") nodePanel(box, +key.slice(1));
  else if (B[+key.slice(1)]) boxPanel(box, +key.slice(1));
}

function boxPanel(box, key) {
  box.append(make("h2", B[key][0]), make("table", [row("holds", `${B[key][2]} nodes`)]));
  if ((D.scenes[key] && String(key) !== scene) || covered.has(key))
    box.append(make("button", isRolled(key) ? "Unroll it" : "Open this box", {id: "open", onclick: unfold}));
  else if (byKey.has("g" + key) && !D.scenes[key])
    box.append(make("p", "This page has no room for a drawing of it: in Python, graph.focus(name) draws a part."));
}

function nodePanel(box, i) {
  const n = N[i], rows = [row("operation", n[OP]), row("type", n[TYPE])], sum = gradOf(i);
  rows.push(row("value", valueKnown(i) ? text(n[VALUE]) : "not yet"));
  if (valueKnown(i) && n[VALUE]?.size !== undefined) rows.push(...summaryRows("value", n[VALUE]));
  if (!step && n[GRAD]?.size !== undefined) rows.push(...summaryRows("grad", n[GRAD]));
  rows.push(row("grad", hidden(i) ? "?" : sum !== null ? typeof sum === "object" ? text(sum) : num(sum) : step ? "not yet" : "not computed"));
  const end = step || elsewhen() ? null : sumAt(i, LAST);
  if (end !== null && num(end) !== text(n[GRAD])) rows.push(row("grad, this pass", num(end)));
  if (stepOf(i)) rows.push(row(forward ? "computed" : "hands on", `at step ${stepOf(i)}`));
  if (n[REMARK] && !step) rows.push(row("remark", n[REMARK]));
  const path = chain(n[HOME]).filter(k => k && B[k][3] === "module").map(k => B[k][0]).pop();
  if (path) rows.push(row("module", path));
  if (n[SOURCE]) rows.push(row("source", n[SOURCE]));
  box.append(make("h2", n[NAME]), make("table", rows));
  if (n[NOTE]) box.append(make("p", "! " + n[NOTE], {className: "finding"}));
  const [value, grad] = elsewhen() ? [-1, -1] : picturesOf(i);
  if (value >= 0) box.append(make("div", [
    ...(valueKnown(i) ? [make("figure", [make("figcaption", "value"), picture(value)])] : []),
    ...(grad >= 0 && !step ? [make("figure", [make("figcaption", "grad"), picture(grad)])] : []),
  ], {className: "three"}));
  if (!forward && !hidden(i) && !elsewhen()) box.append(make("h3", "Chain rule"), make("div", chainRule(i), {className: "sum"}));
  box.append(make("button", leaf === i ? "All paths" : "Only the paths to this", {id: "paths", onclick: () => onlyTo(leaf === i ? -1 : i)}));
  edgeList(box, "Made from", inputs[i], FROM);
  edgeList(box, "Used by", users[i], TO);
  curves(box, i);
}

const summaryRows = (title, v) => [
  row(`${title} mean`, num(v.mean)), row(`${title} norm`, num(v.norm)),
  row(`${title} zeros`, `${v.zeros} of ${v.size}`),
  ...(v.nans + v.infs ? [row(`${title} broken`, `${v.nans} NaN, ${v.infs} inf`)] : []),
];

function edgeList(box, title, edges, end) {
  if (!edges.length) return;
  const items = edges.slice(0, 30).map(k => {
    const note = E[k][MARK] ? make("span", `  ! ${E[k][MARK]}`, {className: "finding"}) : "";
    return make("li", [link(E[k][end]), `  ${elsewhen() ? "" : `${slope(E[k])} = ${E[k][LOCAL]}`}`, note]);
  });
  if (edges.length > 30) items.push(make("li", `and ${edges.length - 30} more`));
  box.append(make("h3", title), make("ul", items));
}

// the leaves to which the steps can be restricted
function listLeaves() {
  const named = N.flatMap((n, i) => inputs[i].length || n[ORDER] ? [] : [i]).slice(0, 200);
  if (leaf >= 0 && !named.includes(leaf)) named.unshift(leaf);
  $("leaf").replaceChildren(make("option", "all paths", {value: -1}),
    ...named.map(i => make("option", `only to ${N[i][NAME]}`, {value: i, selected: i === leaf})));
}
