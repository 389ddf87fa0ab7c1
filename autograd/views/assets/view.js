// the drawing on the stage: scenes (one for each folded module), pan and zoom, folding in place
const stage = $("stage"), view = {x: 0, y: 0, w: 1, h: 1, fullW: 1, fullH: 1};
const still = stage.innerHTML;
let svg, scene = "0", byKey = new Map(), byEnds = new Map(), covered = new Set();

async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

async function open(key) {
  key = String(key);
  if (key !== "0" && !D.scenes[key]) return;
  scene = key; // at once, so that keys pressed while it is unpacked go on from here
  const markup = key === "0" ? still : await unpack(D.scenes[key]);
  if (scene !== key) return;
  stage.innerHTML = markup;
  adopt();
  start();
  crumbs();
  select(selected);
}

function adopt() {
  svg = stage.querySelector("svg");
  byKey = new Map(); byEnds = new Map(); covered = new Set();
  const box = svg.getAttribute("viewBox").split(" ").map(Number);
  [view.fullW, view.fullH] = [box[2], box[3]];
  svg.removeAttribute("width"); svg.removeAttribute("height");
  for (const el of svg.querySelectorAll("[data-k]")) {
    byKey.set(el.dataset.k, el);
    if (el.dataset.ends) byEnds.set(el.dataset.ends, el);
    else { el.setAttribute("tabindex", "0"); el.setAttribute("role", "button"); }
  }
}

function frame() { svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`); }

function fit() {
  const wide = stage.clientWidth || 1, high = stage.clientHeight || 1;
  const scale = Math.min(1.25, wide / view.fullW, high / view.fullH);
  place(scale);
}

function place(scale) {
  view.w = stage.clientWidth / scale; view.h = stage.clientHeight / scale;
  view.x = (view.fullW - view.w) / 2; view.y = (view.fullH - view.h) / 2;
  frame();
}

// the first sight of a drawing: all of it where that is legible, else its last card at a legible size
function start() {
  fit();
  const legible = 0.9, last = svg.querySelector(".root") || [...svg.querySelectorAll(".n")].pop();
  if (stage.clientWidth / view.w >= 0.65 || !last) return;
  place(legible);
  reveal(last);
  for (const [at, size, full] of [["x", "w", "fullW"], ["y", "h", "fullH"]])
    if (view[full] > view[size]) view[at] = Math.min(Math.max(view[at], 0), view[full] - view[size]);
  frame();
}

function zoom(factor, px = 0.5, py = 0.5) {
  const w = Math.min(Math.max(view.w * factor, 60), 40 * Math.max(view.fullW, 400));
  const real = w / view.w;
  view.x += view.w * (1 - real) * px; view.y += view.h * (1 - real) * py;
  view.w *= real; view.h *= real;
  frame();
}

// bring an element into sight, without moving where it already is
function reveal(el) {
  const r = el.querySelector("rect");
  if (!r) return;
  const x = +r.getAttribute("x") + 8, y = +r.getAttribute("y") + 8;
  const w = +r.getAttribute("width"), h = +r.getAttribute("height");
  if (x < view.x || x + w > view.x + view.w) view.x = x + w / 2 - view.w / 2;
  if (y < view.y || y + h > view.y + view.h) view.y = y + h / 2 - view.h / 2;
  frame();
}

// the card that shows a node in this scene: its own, or that of the folded box around it
function cardOf(node) {
  const own = byKey.get("n" + node);
  const around = chain(N[node][HOME]);
  for (const key of around) if (covered.has(key)) return byKey.get("c" + key);
  if (own) return own;
  for (const key of around) if (byKey.has("g" + key)) return byKey.get("g" + key);
  return null;
}
function arrowOf(edge) {
  const own = byKey.get("e" + edge);
  if (own) return own;
  const a = cardOf(E[edge][0]), b = cardOf(E[edge][1]);
  return a && b ? byEnds.get(a.dataset.k + " " + b.dataset.k) : null;
}

// the innermost scene in which a node can be seen
function sceneOf(node) {
  for (const key of chain(N[node][HOME]).reverse()) if (!key || D.scenes[key]) return String(key);
  return "0";
}

function cover(key) {
  const frameEl = byKey.get("f" + key);
  if (!frameEl || covered.has(key)) return;
  const at = frameEl.querySelector("rect");
  const g = document.createElementNS(svg.namespaceURI, "g");
  const rect = at.cloneNode(), label = document.createElementNS(svg.namespaceURI, "text");
  g.setAttribute("class", "n box cover"); g.dataset.k = "c" + key;
  g.setAttribute("tabindex", "0"); g.setAttribute("role", "button");
  label.setAttribute("x", +at.getAttribute("x") + 10); label.setAttribute("y", +at.getAttribute("y") + 19);
  label.textContent = `${B[key][0]}  [+]  ${B[key][2]} nodes`;
  g.append(rect, label);
  frameEl.parentNode.append(g);
  byKey.set("c" + key, g); covered.add(key);
}
function uncover(key) {
  byKey.get("c" + key)?.remove();
  byKey.delete("c" + key); covered.delete(key);
}

// drawings of the whole graph, from all modules folded to all unfolded; a module is left upwards
function fold() {
  const at = D.levels.indexOf(scene);
  if (at < 0) return up();
  if (at) open(D.levels[at - 1]);
}
function unfold() {
  const key = selected && "gc".includes(selected[0]) ? +selected.slice(1) : 0;
  if (key && covered.has(key)) { uncover(key); paint(); return; }
  if (key && D.scenes[key]) return open(key);
  if (covered.size) { [...covered].forEach(uncover); paint(); return; }
  const at = D.levels.indexOf(scene) + 1;
  if (at && D.levels[at]) return open(D.levels[at]);
  const folded = [...byKey.keys()].find(k => k[0] === "g" && D.scenes[k.slice(1)]);
  if (folded) open(folded.slice(1));
}
function up() {
  if (D.levels.includes(scene)) return;
  let key = B[+scene][1];
  while (key && !D.scenes[key]) key = B[key][1];
  open(key);
}

function crumbs() {
  const nav = $("crumbs");
  nav.replaceChildren();
  const at = D.levels.indexOf(scene);
  $("fold").disabled = at === 0;
  if (at < 0) for (const key of chain(+scene)) {
    if (key && !D.scenes[key]) continue;
    if (key) nav.append(" / ");
    const title = key ? B[key][0] : D.title;
    nav.append(String(key) === scene ? make("b", title)
      : make("button", title, {className: "link", onclick: () => open(key)}));
  }
  $("up").disabled = at >= 0;
}
