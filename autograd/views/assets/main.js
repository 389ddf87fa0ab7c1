// search, export, theme, mouse and keyboard
function search(query) {
  const q = query.trim().toLowerCase();
  hits = q ? N.flatMap((n, i) => `${n[NAME]}\n${n[OP]}`.toLowerCase().includes(q) ? [i] : []) : [];
  hitAt = -1;
  $("hits").textContent = q ? `${hits.length} found` : "";
  paint();
}
function nextHit(back) {
  if (!hits.length) return;
  hitAt = (hitAt + (back ? hits.length - 1 : 1) + hits.length) % hits.length;
  $("hits").textContent = `${hitAt + 1} of ${hits.length}`;
  go(hits[hitAt]);
}

const media = [...$("graph-style").sheet.cssRules].find(r => r.media);
let dark = matchMedia("(prefers-color-scheme:dark)").matches;
function theme(on) {
  dark = on;
  media.media.mediaText = dark ? "all" : "not all";
  $("theme").textContent = dark ? "Light" : "Dark";
}

function exported() {
  const copy = svg.cloneNode(true);
  const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
    .map(r => r.cssText).filter(t => t.includes(".vg"));
  const style = document.createElementNS(svg.namespaceURI, "style");
  style.textContent = rules.join("\n");
  const paper = document.createElementNS(svg.namespaceURI, "rect");
  const at = {class: "paper", x: view.x, y: view.y, width: view.w, height: view.h};
  for (const k in at) paper.setAttribute(k, at[k]);
  copy.prepend(style, paper);
  copy.setAttribute("width", stage.clientWidth);
  copy.setAttribute("height", stage.clientHeight);
  return new XMLSerializer().serializeToString(copy);
}
function save() {
  const url = URL.createObjectURL(new Blob([exported()], {type: "image/svg+xml"}));
  make("a", "", {href: url, download: (D.title.replace(/[^\w.-]+/g, "_") || "graph") + ".svg"}).click();
  setTimeout(() => URL.revokeObjectURL(url), 2000);
}

const keyOf = el => {
  const hit = el.closest?.(".n[data-k],.f[data-k],[data-f]");
  return hit && (hit.dataset.k ?? hit.dataset.f);
};
function activate(key, enter) {
  if (!key) return select(null);
  if (key[0] === "f") { cover(+key.slice(1)); return select("c" + key.slice(1)); }
  if (key[0] === "n" && N[+key.slice(1)] === undefined) return;
  select(key);
  if (enter && key[0] !== "n") unfold();
}

let down = null;
stage.addEventListener("pointerdown", e => { down = {x: e.clientX, y: e.clientY, vx: view.x, vy: view.y, moved: false}; });
addEventListener("pointermove", e => {
  if (!down || !e.buttons) return;
  const dx = e.clientX - down.x, dy = e.clientY - down.y, scale = view.w / stage.clientWidth;
  if (Math.abs(dx) + Math.abs(dy) > 4) { down.moved = true; stage.classList.add("drag"); }
  if (down.moved) { view.x = down.vx - dx * scale; view.y = down.vy - dy * scale; frame(); }
});
addEventListener("pointerup", () => { stage.classList.remove("drag"); setTimeout(() => { down = null; }); });
stage.addEventListener("click", e => { if (!down?.moved) activate(keyOf(e.target)); });
stage.addEventListener("dblclick", e => activate(keyOf(e.target), true));
stage.addEventListener("wheel", e => {
  e.preventDefault();
  const r = stage.getBoundingClientRect();
  zoom(Math.exp(Math.max(-80, Math.min(80, e.deltaY)) / 300), (e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height);
}, {passive: false});

const actions = {
  first: () => toStep(0), prev: () => toStep(step - 1), next: () => toStep(step + 1), play, up,
  fold, unfold, fit, plus: () => zoom(1 / 1.3), minus: () => zoom(1.3),
  theme: () => theme(!dark), export: save,
};
for (const id in actions) $(id).onclick = () => { if (id === "prev" || id === "first") stop(); actions[id](); };
$("step").onchange = e => toStep(+e.target.value);
$("search").oninput = e => search(e.target.value);
$("search").onkeydown = e => {
  if (e.key === "Enter") nextHit(e.shiftKey);
  if (e.key === "Escape") { e.target.value = ""; search(""); e.target.blur(); }
};
const keys = {
  ArrowRight: "next", ArrowLeft: "prev", n: "next", p: "prev", Home: "first", " ": "play", Backspace: "up",
  o: "fold", u: "unfold", f: "fit", 0: "fit", "+": "plus", "=": "plus", "-": "minus", d: "theme", e: "export",
};
addEventListener("keydown", e => {
  if (e.target.matches("input") || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === " " && e.target.matches("button")) return;
  if (e.key === "/") { e.preventDefault(); return $("search").focus(); }
  if (e.key === "Escape") { stop(); toStep(0); return select(null); }
  if (e.key === "End") return toStep(LAST);
  if (e.key === "Enter" && keyOf(e.target)) return activate(keyOf(e.target), true);
  if (keys[e.key]) { e.preventDefault(); $(keys[e.key]).click(); }
});
addEventListener("resize", fit);

function fromHash() {
  const found = /step=(\d+)/.exec(location.hash);
  if (found) toStep(+found[1], true);
}
addEventListener("hashchange", fromHash);
for (const el of document.querySelectorAll("[data-node]")) el.onclick = () => go(+el.dataset.node);

document.documentElement.classList.add("js");
$("bar").hidden = false;
$("steps").textContent = LAST;
$("step").max = LAST;
adopt(); start(); crumbs(); theme(dark); toStep(0, true);
fromHash();
