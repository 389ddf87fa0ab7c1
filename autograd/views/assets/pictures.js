// pictures of arrays: a few entries in full, more as a heat strip; blue is positive, red negative
let pictures = [];
const PAINTED = new Map(); // data addresses by picture and theme
const picturesOf = node => D.node_pictures?.[node] ?? [-1, -1];
const picturesOfStep = s => D.step_pictures?.[s] ?? [-1, -1, -1, -1];

async function loadPictures() {
  if (!D.pictures) return;
  pictures = typeof D.pictures === "string" ? await unpack(D.pictures) : D.pictures;
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
function painted(k) {
  const key = `${k} ${dark}`;
  if (PAINTED.has(key)) return PAINTED.get(key);
  const [rows, columns, levels] = cells(pictures[k]), size = 8;
  const canvas = make("canvas", undefined, {width: columns * size, height: rows * size});
  const at = canvas.getContext("2d"), zero = dark ? [38, 44, 52] : [240, 240, 240];
  const mix = (end, part) => `rgb(${zero.map((z, i) => Math.round(z + (end[i] - z) * part))})`;
  const [blue, red] = dark ? [[90, 165, 255], [255, 110, 95]] : [[20, 90, 190], [200, 40, 20]];
  levels.forEach((level, i) => {
    const x = (i % columns) * size, y = Math.floor(i / columns) * size;
    if (level === "n") { // hatched
      at.fillStyle = dark ? "#000" : "#fff"; at.fillRect(x, y, size, size);
      at.strokeStyle = dark ? "#ffd33d" : "#000"; at.lineWidth = 1.5;
      for (const [a, b] of [[-4, 4], [0, 8], [4, 12]]) {
        at.save(); at.beginPath(); at.rect(x, y, size, size); at.clip();
        at.beginPath(); at.moveTo(x + a, y + size); at.lineTo(x + b, y); at.stroke(); at.restore();
      }
      return;
    }
    const share = level === "p" ? 1 : level === "q" ? -1 : level;
    at.fillStyle = mix(share < 0 ? red : blue, share ? 0.18 + 0.82 * Math.abs(share) : 0);
    at.fillRect(x, y, size, size);
    if (typeof level === "string") { at.fillStyle = dark ? "#000" : "#fff"; at.fillRect(x + 3, y + 1, 2, 6); if (level === "p") at.fillRect(x + 1, y + 3, 6, 2); }
  });
  PAINTED.set(key, canvas.toDataURL());
  return PAINTED.get(key);
}

const shapeText = s => s.length ? `(${s.join(", ")}${s.length === 1 ? "," : ""})` : "scalar";
// a picture in the panel: a table of numbers, or the strip with what its colours mean
function picture(k) {
  const p = pictures[k];
  if (!p) return make("span", "...");
  if (p.e !== undefined) {
    const columns = p.s.at(-1) || 1, rows = [];
    for (let i = 0; i < p.e.length; i += columns)
      rows.push(make("tr", p.e.slice(i, i + columns).map(x => make("td", brief3(x), {className: asNumber(x) < 0 ? "minus" : asNumber(x) > 0 ? "plus" : ""}))));
    return make("table", rows, {className: "entries"});
  }
  const bad = [...p.t].filter(t => t === "n").length;
  const words = `${shapeText(p.s)}, largest magnitude ${num(p.m)}${bad ? `, ${bad} cells with NaN` : ""}`;
  const height = Math.min(120, Math.max(14, Math.round(96 * p.r / Math.max(p.c, 8))));
  return make("span", [make("img", undefined, {src: painted(k), alt: `heat strip of an array ${words}`, className: "strip", style: `height:${height}px`}),
    make("small", words)]);
}
const brief3 = x => typeof x === "number" && Number.isFinite(x) ? Math.abs(x) >= 1e4 || (x && Math.abs(x) < 1e-3) ? x.toExponential(1) : String(+x.toPrecision(3)) : num(x);

// upstream gradient, local rule and contribution beside each other
function sideBySide(moment) {
  const [, s] = M[moment], [edge, upstream, part] = S[s], [g, c] = picturesOfStep(s), local = D.edge_pictures?.[edge] ?? -1;
  if (isNumber(upstream) && isNumber(part)) return "";
  const e = E[edge], rule = ruleOf(edge);
  const box = (title, k, words) => make("figure", [make("figcaption", title), k >= 0 ? picture(k) : make("div", words, {className: "words"})]);
  const phrase = rule?.[1] ? filled(rule[1], edge, false) : rule?.[2] ? filled(rule[2], edge, false) : e[LOCAL];
  return make("div", [
    box(`upstream grad(${N[e[TO]][NAME]})`, g, num(upstream)),
    box(`local rule ${phrase}`, local, e[LOCAL]),
    guessed ? box(`contribution to grad(${N[e[FROM]][NAME]})`, c, num(part)) : box("contribution", -1, "?"),
  ], {className: "three"});
}

// the same pictures on the cards: the value at the left, the gradient so far at the right
function drawStrips(within) {
  if (!pictures.length) return;
  for (const el of within.querySelectorAll(".strip[data-at]")) {
    const node = +el.closest("[data-k]").dataset.k.slice(1), [x, y, w, h] = el.dataset.at.split(" ").map(Number);
    const [value, grad] = picturesOf(node), moment = step && !forward ? lastInto(node, step) : 0;
    const sum = !step ? grad : moment && !seeded(moment) && !hidden(node) ? picturesOfStep(M[moment][1])[3] : -1;
    const key = `${valueKnown(node) ? value : -1} ${sum} ${dark}`;
    if (el.dataset.shown === key) continue;
    el.dataset.shown = key;
    el.replaceChildren(...[[valueKnown(node) ? value : -1, x], [sum, x + w / 2 + 2]].flatMap(([k, left]) => pictures[k] ? [
      draw("image", {href: painted(k), x: left, y, width: w / 2 - 2, height: h, preserveAspectRatio: "none"}),
      draw("path", {class: "rim", d: `M${left},${y}h${w / 2 - 2}v${h}h${2 - w / 2}z`})] : []));
  }
}
