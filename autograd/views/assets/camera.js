// One camera: the point of the drawing in the middle of the stage, and pixels for each unit of it.
// A stage without a size (a hidden tab, a frame that is not open yet) leaves everything as it is.
const stage = $("stage");
const LEGIBLE = 10 / 11; // the smallest text of a drawing has 11 units
const LARGEST = 1.25; // what fits is not blown up further than this
const SMALL_GRAPH = 12; // nodes up to which the first sight shows every card

const camera = {x: 0, y: 0, scale: 1, wide: 0, high: 0, content: {x: 0, y: 0, w: 1, h: 1}, free: true};
// free: nobody has moved it by hand, so that a new shape of the stage may move it

function measure() {
  const box = stage.getBoundingClientRect(); // not rounded, as clientWidth is: text would be smaller than meant
  const wide = box.width - stage.offsetWidth + stage.clientWidth;
  const high = box.height - stage.offsetHeight + stage.clientHeight;
  if (!(wide > 0 && high > 0)) return false;
  [camera.wide, camera.high] = [wide, high];
  return true;
}

function look() {
  if (!camera.wide || !svg) return;
  const w = camera.wide / camera.scale, h = camera.high / camera.scale;
  const box = `${camera.x - w / 2} ${camera.y - h / 2} ${w} ${h}`;
  for (const el of [svg, ...twins]) el.setAttribute("viewBox", box);
}

const sight = () => ({
  x: camera.x - camera.wide / camera.scale / 2, y: camera.y - camera.high / camera.scale / 2,
  w: camera.wide / camera.scale, h: camera.high / camera.scale,
});
const holds = (outer, inner) => inner.x >= outer.x - 0.5 && inner.y >= outer.y - 0.5
  && inner.x + inner.w <= outer.x + outer.w + 0.5 && inner.y + inner.h <= outer.y + outer.h + 0.5;
function around(boxes, margin = 10) {
  const x = Math.min(...boxes.map(b => b.x)) - margin, y = Math.min(...boxes.map(b => b.y)) - margin;
  const right = Math.max(...boxes.map(b => b.x + b.w)) + margin;
  const bottom = Math.max(...boxes.map(b => b.y + b.h)) + margin;
  return {x, y, w: right - x, h: bottom - y};
}
const scaleFor = box => Math.min(camera.wide / box.w, camera.high / box.h);

function fit() {
  if (!measure()) return;
  const c = camera.content;
  camera.scale = Math.min(LARGEST, scaleFor(c));
  [camera.x, camera.y] = [c.x + c.w / 2, c.y + c.h / 2];
  look();
}

// the first sight: all of it where that is legible or small, else the marked node at a legible size
function start() {
  if (!measure()) return;
  camera.free = true;
  camera.settled = `${camera.wide} ${camera.high}`;
  fit();
  if (camera.scale >= LEGIBLE || (N.length <= SMALL_GRAPH && whole())) return;
  const first = landmark();
  if (!first) return;
  camera.scale = 1;
  const at = boxOf(first), seen = sight(), c = camera.content;
  // as much as possible around the node, without empty margins
  const inside = (middle, half, low, size) => 2 * half >= size ? low + size / 2
    : Math.min(Math.max(middle, low + half), low + size - half);
  camera.x = inside(at.x + at.w / 2, seen.w / 2, c.x, c.w);
  camera.y = inside(at.y + at.h / 2, seen.h / 2, c.y, c.h);
  look();
}

// bring boxes into sight together at a legible size; false where they are too far apart for that
function show(boxes, least = LEGIBLE) {
  if (!camera.wide || !boxes.length) return true;
  const all = around(boxes);
  if (holds(sight(), all) && camera.scale >= Math.min(least, scaleFor(all))) return true;
  if (scaleFor(all) < least) return false;
  const roomy = around(boxes, 70); // with some of what is around them, where there is room
  camera.scale = Math.min(Math.max(camera.scale, least), scaleFor(all));
  const seen = sight();
  if (roomy.w <= seen.w && roomy.h <= seen.h) Object.assign(all, roomy);
  const pan = (at, size, low, length) => low < at ? low : low + length > at + size ? low + length - size : at;
  const x = pan(seen.x, seen.w, all.x, all.w), y = pan(seen.y, seen.h, all.y, all.h);
  [camera.x, camera.y] = [x + seen.w / 2, y + seen.h / 2];
  look();
  return true;
}
// one element at the present size, without moving where it can be seen already
function reveal(el) {
  if (!el || !camera.wide) return;
  const box = boxOf(el);
  if (holds(sight(), box)) return;
  if (!show([box], 0)) [camera.x, camera.y] = [box.x + box.w / 2, box.y + box.h / 2];
  look();
}

function zoom(factor, px = 0.5, py = 0.5) {
  if (!measure()) return;
  camera.free = false;
  const c = camera.content, least = Math.min(scaleFor(c), 1) / 4;
  const scale = Math.min(Math.max(camera.scale * factor, least), 12);
  const shift = 1 / camera.scale - 1 / scale;
  camera.x += (px - 0.5) * camera.wide * shift;
  camera.y += (py - 0.5) * camera.high * shift;
  camera.scale = scale;
  look();
}
// move by pixels, never so far that nothing of the drawing is left in sight
function pan(dx, dy) {
  camera.free = false;
  const c = camera.content, hold = 40 / camera.scale;
  const w = camera.wide / camera.scale / 2, h = camera.high / camera.scale / 2;
  camera.x = Math.min(Math.max(camera.x + dx / camera.scale, c.x - w + hold), c.x + c.w + w - hold);
  camera.y = Math.min(Math.max(camera.y + dy / camera.scale, c.y - h + hold), c.y + c.h + h - hold);
  look();
}

// fingers and mouse: one pointer pans, two pinch; a drag selects neither text nor cards
const fingers = new Map();
let dragged = false;
stage.addEventListener("pointerdown", e => {
  if (e.target.closest("button,input,select")) return;
  if (!fingers.size) dragged = false;
  fingers.set(e.pointerId, {x: e.clientX, y: e.clientY, x0: e.clientX, y0: e.clientY});
});
addEventListener("pointermove", e => {
  const old = fingers.get(e.pointerId);
  if (!old) return;
  if (e.pointerType === "mouse" && !e.buttons) return lift(e);
  const others = [...fingers].filter(([id]) => id !== e.pointerId).map(([, at]) => at);
  if (others.length) {
    const o = others[0], r = stage.getBoundingClientRect();
    const far = Math.hypot(e.clientX - o.x, e.clientY - o.y), was = Math.hypot(old.x - o.x, old.y - o.y);
    if (was > 0 && far > 0)
      zoom(far / was, ((e.clientX + o.x) / 2 - r.left) / r.width, ((e.clientY + o.y) / 2 - r.top) / r.height);
    pan((old.x - e.clientX) / 2, (old.y - e.clientY) / 2);
    dragged = true;
  } else {
    if (Math.hypot(e.clientX - old.x0, e.clientY - old.y0) > 4) { dragged = true; stage.classList.add("drag"); }
    if (dragged) pan(old.x - e.clientX, old.y - e.clientY);
    else return;
  }
  [old.x, old.y] = [e.clientX, e.clientY];
});
function lift(e) {
  fingers.delete(e.pointerId);
  if (!fingers.size) stage.classList.remove("drag");
}
addEventListener("pointerup", lift);
addEventListener("pointercancel", lift);
stage.addEventListener("dragstart", e => e.preventDefault());
stage.addEventListener("wheel", e => { // with ctrlKey it is two fingers on a pad
  e.preventDefault();
  const r = stage.getBoundingClientRect(), turn = e.deltaY * (e.deltaMode === 1 ? 16 : 1);
  const speed = e.ctrlKey ? 100 : 300;
  zoom(Math.exp(-Math.max(-80, Math.min(80, turn)) / speed), (e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height);
}, {passive: false});

// Tab brings what it focuses into sight; the browser's own scrolling would move the drawing away
stage.addEventListener("focusin", e => { if (e.target.matches(":focus-visible")) reveal(e.target.closest("[data-k]")); });
stage.addEventListener("scroll", () => { stage.scrollTop = stage.scrollLeft = 0; });

new ResizeObserver(() => {
  const first = !camera.wide;
  if (!measure() || !svg || camera.settled === `${camera.wide} ${camera.high}`) return;
  camera.settled = `${camera.wide} ${camera.high}`;
  if (first || camera.free) resettle(); else look();
}).observe(stage);
