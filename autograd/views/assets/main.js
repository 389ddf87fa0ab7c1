// mouse, keyboard, and the beginning
const keyOf = el => {
  const hit = el.closest?.(".n[data-k],.f[data-k],[data-f]");
  return hit && (hit.dataset.k || hit.dataset.f);
};
function activate(key, enter) {
  if (!key) return select(null);
  if (key[0] === "k") return;
  if (key[0] === "f" && isRolled(+key.slice(1))) {
    select(key);
    return enter ? unfold() : undefined;
  }
  if (key[0] === "f") { cover(+key.slice(1)); return select("c" + key.slice(1)); }
  if (key[0] === "n" && N[+key.slice(1)] === undefined) return;
  select(key);
  if (enter && key[0] !== "n") return unfold();
}
stage.addEventListener("click", e => { if (!dragged && e.target.closest("svg")) activate(keyOf(e.target)); });
stage.addEventListener("dblclick", e => { if (!dragged && e.target.closest("svg")) activate(keyOf(e.target), true); });

const actions = {
  first: () => toStep(0), prev: () => toStep(following(step, -1)), next: () => toStep(following(step, 1)),
  play, up, fold, unfold, fit: () => { camera.free = true; fit(); }, plus: () => zoom(1.3), minus: () => zoom(1 / 1.3),
  turn, constants, theme: () => theme(!dark), export: save, print: () => print(),
  quiz: () => { quiz = !quiz; $("quiz").setAttribute("aria-pressed", quiz); toStep(step); },
};
for (const id in actions) $(id).onclick = () => { if (id === "prev" || id === "first") stop(); return actions[id](); };
const menu = on => $("menu").setAttribute("aria-expanded", $("bar").classList.toggle("open", on));
$("menu").onclick = () => menu();
$("step").onchange = e => toStep(+e.target.value);
$("scrub").oninput = e => { stop(); toStep(+e.target.value); };
$("mode").onchange = e => { stop(); setMode(e.target.value === "forward"); };
$("by").onchange = e => { byOperation = e.target.value === "operation"; toStep(step); };
$("leaf").onchange = e => onlyTo(+e.target.value);
$("speed").onchange = () => { if (timer) { stop(); play(); } };
$("search").oninput = e => search(e.target.value);
$("search").onkeydown = e => {
  if (e.key === "Enter") nextHit(e.shiftKey);
  if (e.key === "Escape") { e.target.value = ""; search(""); e.target.blur(); }
};

const keys = {
  ArrowRight: "next", ArrowLeft: "prev", n: "next", p: "prev", Home: "first", " ": "play", Backspace: "up",
  o: "fold", u: "unfold", f: "fit", 0: "fit", "+": "plus", "=": "plus", "-": "minus", d: "theme", e: "export",
  t: "turn", c: "constants", q: "quiz",
};
const moves = {ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0], k: [0, -1], j: [0, 1], h: [-1, 0], l: [1, 0]};
addEventListener("keydown", e => {
  if (e.target.matches("input,select") || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === " " && e.target.matches("button")) return;
  const move = moves[e.key];
  if (move && (e.shiftKey || !keys[e.key])) { e.preventDefault(); return pan(move[0] * 60, move[1] * 60); }
  if (e.key === "/") { e.preventDefault(); menu(true); return $("search").focus(); }
  if (e.key === "Escape") { stop(); toStep(0); return select(null); }
  if (e.key === "End") return toStep(last());
  if (e.key === "Enter" && keyOf(e.target)) return activate(keyOf(e.target), true);
  if (keys[e.key]) { e.preventDefault(); $(keys[e.key]).click(); }
});
addEventListener("hashchange", fromHash);
for (const el of document.querySelectorAll("[data-node]")) el.onclick = () => go(+el.dataset.node);

document.documentElement.classList.add("js");
$("bar").hidden = false;
drawn = D.first;
setMode(false, true);
listLeaves();
redraw(); start(); crumbs(); theme(dark); sliders(); diffPanel(); toStep(0, true);
timePanel();
fromHash();
loadPictures();
(async () => { for (const key in D.scenes) await load(key); })(); // opened without a pause later on
