// pictures of arrays: a few entries in full, more as a heat strip; blue is positive, red negative
let pictures = [], ofNodes = [], ofSteps = [];
const picturesOf = node => ofNodes[node] ?? [-1, -1];
const picturesOfStep = s => ofSteps[s] ?? [-1, -1, -1, -1];

async function loadPictures() {
  if (!D.pictures) return;
  [pictures, ofNodes, ofSteps] = await Promise.all([D.pictures, D.node_pictures, D.step_pictures].map(unpack));
  drawStrips(svg);
  if (step) stepPanel();
  if (selected) select(selected);
}

// rows, columns, and for each cell a share of the largest magnitude from -1 to 1, or its letter
function cells(p) {
  if (p.e === undefined)
    return [p.r, p.c, [...p.t].map(t => /[npq]/.test(t) ? t : (t.charCodeAt(0) - 75) / 10)];
  const m = Math.max(0, ...p.e.map(asNumber).filter(Number.isFinite).map(Math.abs)) || 1;
  const columns = p.s.at(-1) || 1, level = x => Number.isFinite(x) ? x / m : x > 0 ? "p" : x < 0 ? "q" : "n";
  return [p.e.length / columns, columns, p.e.map(x => level(asNumber(x)))];
}
// a heat strip: one path for each level, so that 32 x 32 cells stay a few elements; NaN is hatched
function painted(k, attributes) {
  const [rows, columns, levels] = cells(pictures[k]), paths = new Map();
  levels.forEach((level, i) => {
    const x = i % columns, y = Math.floor(i / columns), name = typeof level === "string" ? level : Math.round(level * 10);
    const lines = level === "n" ? `M${x},${y + 0.5}l.5,-.5M${x},${y + 1}l1,-1M${x + 0.5},${y + 1}l.5,-.5` : `M${x},${y}h1v1h-1z`;
    paths.set(name, (paths.get(name) ?? "") + lines);
  });
  const kind = name => name === "n" ? "nan" : name === "p" ? "plus inf" : name === "q" ? "minus inf" : name > 0 ? "plus" : name < 0 ? "minus" : "";
  const share = name => typeof name === "number" ? 0.15 + 0.085 * Math.abs(name) : 1;
  return draw("svg", {viewBox: `0 0 ${columns} ${rows}`, preserveAspectRatio: "none", class: "vg heat", ...attributes},
    draw("path", {class: "zero", d: `M0,0h${columns}v${rows}h${-columns}z`}),
    ...[...paths].filter(([name]) => name !== 0).map(([name, d]) => draw("path", {class: kind(name), "fill-opacity": share(name), d})));
}

const shapeText = s => s.length ? `(${s.join(", ")}${s.length === 1 ? "," : ""})` : "scalar";
// a picture in the panel: a table of numbers, or the strip with what its colours mean
function picture(k) {
  const p = pictures[k];
  if (!p) return make("span", "...");
  if (p.e !== undefined) {
    const columns = p.s.length < 2 ? 1 : p.s.at(-1) || 1, rows = []; // a vector as a column
    for (let i = 0; i < p.e.length; i += columns)
      rows.push(make("tr", p.e.slice(i, i + columns).map(x => make("td", brief3(x), {className: asNumber(x) < 0 ? "minus" : asNumber(x) > 0 ? "plus" : ""}))));
    return make("table", rows, {className: "entries"});
  }
  const bad = [...p.t].filter(t => t === "n").length;
  const words = `${shapeText(p.s)}, largest magnitude ${num(p.m)}${bad ? `, ${bad} cells with NaN` : ""}`;
  const height = Math.min(120, Math.max(14, Math.round(96 * p.r / Math.max(p.c, 8))));
  return make("span", [painted(k, {role: "img", "aria-label": `heat strip of an array ${words}`, style: `height:${height}px`}),
    make("small", words)]);
}
const brief3 = x => typeof x === "number" && Number.isFinite(x) ? Math.abs(x) >= 1e4 || (x && Math.abs(x) < 1e-3) ? x.toExponential(1) : String(+x.toPrecision(3)) : num(x);

// upstream gradient, local rule and contribution beside each other
function sideBySide(moment) {
  const [, s] = M[moment], [edge, upstream, part] = S[s], [g, c] = picturesOfStep(s), local = D.edge_pictures?.[edge] ?? -1;
  if (isNumber(upstream) && isNumber(part)) return "";
  const e = E[edge], rule = ruleOf(edge);
  const box = (title, k, words) => make("figure", [make("figcaption", title), k >= 0 ? picture(k) : make("div", words, {className: "words"})]);
  const phrase = rule?.[2] ? filled(rule[2], edge, false, "g") : e[LOCAL];
  return make("div", [
    box("upstream g", g, num(upstream)),
    make("figure", [make("figcaption", "local rule"), make("div", phrase, {className: "words"}), ...(local >= 0 ? [picture(local)] : [])]),
    guessed ? box("contribution", c, num(part)) : box("contribution", -1, "?"),
  ], {className: "three"});
}

// the same pictures on the cards: the value at the left, the gradient so far at the right
function drawStrips(within) {
  if (!pictures.length) return;
  for (const el of within.querySelectorAll(".strip[data-at]")) {
    const node = +el.closest("[data-k]").dataset.k.slice(1), [x, y, w, h] = el.dataset.at.split(" ").map(Number);
    const [value, grad] = picturesOf(node), moment = step && !forward ? lastInto(node, step) : 0;
    const sum = !step ? grad : moment && !seeded(moment) && !hidden(node) ? picturesOfStep(M[moment][1])[3] : -1;
    const key = `${valueKnown(node) ? value : -1} ${sum}`;
    if (el.dataset.shown === key) continue;
    el.dataset.shown = key;
    el.replaceChildren(...[[valueKnown(node) ? value : -1, x], [sum, x + w / 2 + 2]].flatMap(([k, left]) => pictures[k] ? [
      painted(k, {x: left, y, width: w / 2 - 2, height: h}),
      draw("path", {class: "rim", d: `M${left},${y}h${w / 2 - 2}v${h}h${2 - w / 2}z`})] : []));
  }
}
