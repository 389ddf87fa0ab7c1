// the drawing on the stage: one scene for the whole graph and one for each folded box
let svg = null, twins = [], scene = "0", drawn = null, across = null, withConstants = false;
let byKey = new Map(), byEnds = new Map(), covered = new Set();
const MARGIN = 8;

// --- drawing ---------------------------------------------------------------------------------
function drawScene(d, [, , cards, frames, arrows]) {
  const root = draw("svg", {class: "vg", role: "group", "aria-label": `Computation graph: ${d.title || D.title}`});
  const titles = [];
  d.frames.forEach(([key, title], i) => {
    if (!frames[i]?.length) return;
    const [x, y, w, h] = frames[i];
    root.append(draw("g", {class: "f", "data-k": key}, draw("rect", {x, y, width: w, height: h, rx: 8})));
    titles.push(draw("text", {class: "ft", "data-f": key, x: x + 8, y: y + 15}, title));
  });
  d.arrows.forEach((arrow, i) => { if (arrows[i]?.[0]) root.append(drawArrow(arrow, arrows[i])); });
  root.append(...titles);
  d.cards.forEach((card, i) => { if (cards[i]) root.append(drawCard(card, cards[i])); });
  return root;
}

function drawArrow([key, tail, head, label, tip, classes], [path, x, y]) {
  const g = draw("g", {class: `e ${classes}`, "data-k": key, "data-ends": `${tail} ${head}`},
    draw("title", {}, tip), draw("path", {class: "line", d: path}), arrowHead(path));
  const lines = label && x !== undefined ? label.split("\n") : [];
  lines.forEach((line, i) => g.append(draw("text", {
    class: i ? "note" : "d", x, y: y + 1 + 13 * (i - (lines.length - 1) / 2), direction: "ltr",
  }, line)));
  return g;
}
function arrowHead(path) {
  const points = [...path.matchAll(/-?[\d.]+,-?[\d.]+/g)].slice(-2).map(p => p[0].split(",").map(Number));
  if (points.length < 2) return "";
  const [[x0, y0], [x1, y1]] = points, length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const ux = (x1 - x0) / length, uy = (y1 - y0) / length, bx = x1 - 8 * ux, by = y1 - 8 * uy;
  return draw("path", {class: "h", d: `M${x1},${y1}L${bx - 3.5 * uy},${by + 3.5 * ux}L${bx + 3.5 * uy},${by - 3.5 * ux}Z`});
}

function drawCard([key, name, tag, turn, rows, classes, tip], [x, y, w, h]) {
  const g = draw("g", {class: `n ${classes}`, "data-k": key, tabindex: 0, role: "button"},
    draw("title", {}, tip), draw("rect", {x, y, width: w, height: h, rx: 6}));
  const heading = draw("text", {x: x + 10, y: y + 19}, draw("tspan", {class: "name"}, name));
  if (tag) heading.append(draw("tspan", {class: "tag", dx: 10}, tag));
  g.append(heading);
  if (turn) g.append(draw("text", {class: "turn", "text-anchor": "end", x: x + w - 8, y: y + 19}, turn));
  rows.forEach(([line, kind], i) => {
    const at = {class: kind, x: x + 10, y: y + 19 + 16 * (i + 1), "xml:space": "preserve"};
    if (kind === "strip") g.append(draw("g", {class: "strip", "data-at": `${x + 8} ${at.y - 11} ${w - 16} 18`}));
    else g.append(draw("text", at, line));
  });
  return g;
}

function boxOf(el) {
  const r = el.querySelector("rect"), value = name => +r.getAttribute(name);
  return {x: value("x"), y: value("y"), w: value("width"), h: value("height")};
}

// --- which scene, and in which direction -----------------------------------------------------
const scenes = new Map([["0", D.first]]);
let layouts = D.layouts, more = D.moreLayouts;
if (typeof more !== "string") {
  layouts = [...layouts, ...more];
  more = null;
  for (const key in D.scenes) scenes.set(key, D.scenes[key]);
}

async function load(key) {
  if (more) {
    const unpacked = await unpack(more);
    if (more) layouts = [...layouts, ...unpacked];
    more = null;
  }
  if (!scenes.has(key)) scenes.set(key, await unpack(D.scenes[key]));
  return scenes.get(key);
}

async function open(key) {
  key = String(key);
  if (key !== "0" && !D.scenes[key]) return;
  scene = key; // at once, so that keys pressed while it is unpacked go on from here
  const d = scenes.get(key) ?? await load(key); // what is there already is shown without a pause
  if (scene !== key) return;
  drawn = d;
  covered = new Set();
  crumbs(); // first, since they take some of the stage's height
  redraw();
  start();
  select(selected);
  paint();
  if (step) { stepPanel(); frameStep(); }
}

// the layout in which more of the drawing is legible; the one that was asked for, where one was
function choose(pair) {
  if (pair.length < 2) return 0;
  if (across !== null) return across ? 0 : 1;
  if (D.direction) return "LR RL".includes(D.direction) ? 0 : 1;
  if (!measure()) return D.across ? 0 : 1;
  const [wide, high] = pair.map(i => Math.min(LARGEST, scaleFor({w: layouts[i][0] + 20, h: layouts[i][1] + 20})));
  return wide === high ? (D.across ? 0 : 1) : wide > high ? 0 : 1;
}
let shownLayout = -1;
const layoutsNow = () => withConstants && drawn.layouts.length > 2 ? drawn.layouts.slice(2) : drawn.layouts.slice(0, 2);
function redraw() {
  $("note").textContent = drawn.captions.map(c => c[0]).filter(line => line[0] !== "!" && line !== drawn.title).join(" ");
  const pair = layoutsNow(), way = choose(pair), layout = layouts[shownLayout = pair[way]];
  stage.dataset.way = way || (pair.length < 2 && layout[1] > layout[0]) ? "TB" : "LR";
  $("turn").textContent = way ? "Across" : "Down";
  $("turn").disabled = pair.length < 2;
  $("constants").disabled = drawn.layouts.length < 4;
  svg = drawScene(drawn, layout);
  stage.querySelector("svg")?.remove();
  stage.prepend(svg);
  camera.content = {x: -MARGIN, y: -MARGIN, w: layout[0] + 2 * MARGIN, h: layout[1] + 2 * MARGIN};
  byKey = new Map(); byEnds = new Map();
  for (const el of svg.querySelectorAll("[data-k]")) {
    byKey.set(el.dataset.k, el);
    if (el.dataset.ends) byEnds.set(el.dataset.ends, el);
  }
  const folded = [...covered];
  covered.clear();
  folded.forEach(cover);
  look();
  if (live) relabelAll();
  drawStrips(svg);
  copyTwins();
}
// after a change of the stage's shape, as long as nobody has moved the camera
function resettle() {
  const pair = layoutsNow();
  if (pair[choose(pair)] !== shownLayout) { redraw(); paint(); }
  start();
  frameStep();
}
function turn() {
  across = stage.dataset.way === "TB";
  redraw(); start(); paint(); frameStep();
}
function constants() {
  withConstants = !withConstants;
  $("constants").setAttribute("aria-pressed", withConstants);
  redraw(); start(); paint();
}

// where the first sight is, when all cannot be read: what is marked, broken, or the result
const landmark = () => svg.querySelector(".n.marked") || svg.querySelector(".n.bad")
  || svg.querySelector(".root") || [...svg.querySelectorAll(".n")].pop();
const whole = () => drawn.cards.every(([key]) => "nk".includes(key[0]));

// --- where a node and an edge can be seen in this scene --------------------------------------
// the card that shows a node: its own, or that of the folded box around it
function cardOf(node) {
  const own = byKey.get("n" + node), homes = chain(N[node][HOME]);
  for (const key of homes) if (covered.has(key)) return byKey.get("c" + key);
  if (own) return own;
  for (const key of homes) if (byKey.has("g" + key)) return byKey.get("g" + key);
  for (const key of homes) if (B[key][3] === "repeat" && byKey.has("f" + key)) return byKey.get("f" + key);
  return null;
}
// a loop of which one step is drawn, in a frame that stands for all
const isRolled = key => B[key][3] === "repeat" && byKey.has("f" + key) && D.scenes[key];
// the card of the node itself, with its numbers
function ownCard(node) {
  const el = cardOf(node);
  return el?.dataset.k === "n" + node && !el.classList.contains("outside") ? el : null;
}
function arrowOf(edge) {
  const own = byKey.get("e" + edge);
  if (own) return own;
  const a = cardOf(E[edge][FROM]), b = cardOf(E[edge][TO]);
  return a && b ? byEnds.get(a.dataset.k + " " + b.dataset.k) : null;
}
// the innermost scene in which a node can be seen
function sceneOf(node) {
  for (const key of chain(N[node][HOME]).reverse()) if (!key || D.scenes[key]) return String(key);
  return "0";
}
// open boxes until a node is drawn itself
async function inside(node) {
  [...covered].forEach(uncover);
  if (!ownCard(node)) await open(sceneOf(node));
}

// --- folding ---------------------------------------------------------------------------------
function cover(key) {
  const frame = byKey.get("f" + key);
  if (!frame || covered.has(key)) return;
  const at = boxOf(frame);
  const g = draw("g", {class: "n box cover", "data-k": "c" + key, tabindex: 0, role: "button"},
    frame.querySelector("rect").cloneNode(),
    draw("text", {x: at.x + 10, y: at.y + 19}, `${B[key][0]}  [+]  ${B[key][2]} nodes`));
  svg.append(g);
  byKey.set("c" + key, g); covered.add(key);
}
function uncover(key) {
  byKey.get("c" + key)?.remove();
  byKey.delete("c" + key); covered.delete(key);
}

// drawings of the whole graph, from all boxes folded to all unfolded; a box is left upwards
function fold() {
  const at = D.levels.indexOf(scene);
  if (at < 0) return up();
  if (at) return open(D.levels[at - 1]);
}
function unfold() {
  const key = selected && "gcf".includes(selected[0]) ? +selected.slice(1) : 0;
  if (key && covered.has(key)) { uncover(key); return paint(); }
  if (key && D.scenes[key]) return open(key);
  if (covered.size) { [...covered].forEach(uncover); return paint(); }
  const at = D.levels.indexOf(scene) + 1;
  if (at && D.levels[at]) return open(D.levels[at]);
  const folded = [...byKey.keys()].find(k => (k[0] === "g" && D.scenes[k.slice(1)]) || (k[0] === "f" && isRolled(+k.slice(1))));
  if (folded) return open(folded.slice(1));
}
function up() {
  if (D.levels.includes(scene)) return;
  let key = B[+scene][1];
  while (key && !D.scenes[key]) key = B[key][1];
  return open(key);
}
function crumbs() {
  const nav = $("crumbs"), at = D.levels.indexOf(scene);
  nav.replaceChildren();
  $("fold").disabled = at === 0;
  $("up").disabled = at >= 0;
  if (at >= 0) return;
  for (const key of chain(+scene)) {
    if (key && !D.scenes[key]) continue;
    if (key) nav.append(" / ");
    const title = key ? B[key][0] : D.title;
    nav.append(String(key) === scene ? make("b", title)
      : make("button", title, {className: "link", onclick: () => open(key)}));
  }
}
