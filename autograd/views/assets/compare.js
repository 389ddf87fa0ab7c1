// two graphs side by side (diff), and one graph over the steps of a training run (record)

// --- before and after ------------------------------------------------------------------------
// A second drawing with the numbers of before stands beside the first; one camera looks at both.
let moment = 0;
function copyTwins() {
  if (!D.diff) return;
  const other = $("before");
  other.hidden = false;
  const copy = svg.cloneNode(true);
  copy.querySelectorAll("[tabindex]").forEach(el => el.removeAttribute("tabindex"));
  copy.setAttribute("aria-hidden", "true");
  copy.classList.add("twin");
  other.querySelector("svg")?.remove();
  other.append(copy);
  twins = [copy];
  look();
}
function paintTwins() {
  if (!D.diff) return;
  for (const el of svg.querySelectorAll(".n[data-k^=n]")) {
    const row = D.diff.nodes[+el.dataset.k.slice(1)];
    if (row && row[0] !== "same") el.classList.add("changed");
  }
  for (const copy of twins) for (const el of copy.querySelectorAll(".n[data-k^=n]")) {
    const row = D.diff.nodes[+el.dataset.k.slice(1)];
    if (!row) continue;
    const turn = el.querySelector(".turn"), here = byKey.get(el.dataset.k)?.querySelector(".turn");
    if (turn && here) turn.textContent = here.textContent;
    el.classList.toggle("changed", row[0] !== "same");
    el.classList.toggle("absent", row[0] === "new");
    for (const [kind, k, title] of [["v", 1, "value"], ["g", 2, "grad "]]) {
      const line = el.querySelector(`text.${kind}`);
      if (line) line.textContent = fitted(`${title} ${row[0] === "new" ? "(not there)" : text(row[k])}`, el);
    }
  }
}
function diffPanel() {
  if (!D.diff) return;
  const [before, after] = D.diff.titles, rows = D.diff.changed.slice(0, 200).map(i => {
    const [state, value, grad] = D.diff.nodes[i], to = (a, b) => a === b ? text(b) : `${text(a)} -> ${text(b)}`;
    return make("tr", [make("th", link(i)), make("td", state === "new" ? "new" : to(value, N[i][VALUE])), make("td", state === "new" ? text(N[i][GRAD]) : to(grad, N[i][GRAD]))]);
  });
  $("compare").append(make("h2", `${before} and ${after}`),
    make("p", D.diff.changed.length ? `${D.diff.changed.length} of ${N.length} nodes differ.` : "No node differs."),
    ...(rows.length ? [make("table", [make("tr", [make("th", ""), make("th", "value"), make("th", "grad")]), ...rows], {className: "wide"})] : []),
    ...(D.diff.gone.length ? [make("p", `Only in ${before}: ${D.diff.gone.join(", ")}.`)] : []));
  $("before").querySelector("b").textContent = before;
  $("after").textContent = after;
  $("after").hidden = false;
}

// --- time ------------------------------------------------------------------------------------
// Without rules in the page, steps and local derivatives are known of the last time only.
const elsewhen = () => D.times !== null && D.times !== undefined && !P && moment !== D.times.labels.length - 1;
function timePanel() {
  if (!D.times) return;
  const count = D.times.labels.length, out = make("output", "", {id: "when"});
  const range = make("input", undefined, {id: "time", type: "range", min: 0, max: count - 1, value: count - 1, "aria-label": "Training step"});
  range.oninput = () => atTime(+range.value);
  $("compare").append(make("h2", "Over time"), make("label", [make("span", "time"), range, out], {className: "slide"}), make("div", "", {id: "curve"}));
  atTime(count - 1);
}
function atTime(k) {
  moment = k;
  live = true;
  $("when").textContent = D.times.labels[k];
  N.forEach((n, i) => {
    for (const [column, list, begin] of [[VALUE, D.times.values, BEGIN.values[i]], [GRAD, D.times.grads, BEGIN.grads[i]]])
      n[column] = begin === null || typeof begin !== "object" ? list[k][i] ?? null
        : elsewhen() ? {norm: list[k][i], norms: true} : begin; // of an array the norm is known
  });
  if (P) { compute(); return curves($("curve"), D.roots[0], true); }
  document.body.classList.toggle("elsewhen", elsewhen());
  toStep(0);
  refresh();
  curves($("curve"), D.roots[0], true);
}
// value and gradient of a node over time, as two lines with the present marked
function curves(box, i, alone) {
  if (!D.times) return;
  if (alone) box.replaceChildren();
  for (const [title, list] of [["value", D.times.values], ["grad", D.times.grads]]) {
    const ys = list.map(at => asNumber(at[i] ?? NaN)), finite = ys.filter(Number.isFinite);
    if (!finite.length) continue;
    const low = Math.min(...finite), high = Math.max(...finite), w = 280, h = 48;
    const x = k => ys.length > 1 ? 4 + (w - 8) * k / (ys.length - 1) : w / 2, y = v => high === low ? h / 2 : h - 5 - (h - 10) * (v - low) / (high - low);
    const path = ys.map((v, k) => Number.isFinite(v) ? `${k && Number.isFinite(ys[k - 1]) ? "L" : "M"}${x(k).toFixed(1)},${y(v).toFixed(1)}` : "").join("");
    const lines = draw("svg", {viewBox: `0 0 ${w} ${h}`, class: "curve", role: "img", "aria-label": `${title} of ${N[i][NAME]} over time, from ${num(low)} to ${num(high)}`}, draw("path", {d: path}));
    if (Number.isFinite(ys[moment])) lines.append(draw("circle", {cx: x(moment), cy: y(ys[moment]), r: 4}));
    box.append(make("h3", `${title} of ${N[i][NAME]}: ${num(ys[moment])}, from ${num(low)} to ${num(high)}`), lines);
  }
}
