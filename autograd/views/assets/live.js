// sliders on leaves that are numbers: forward and backward again in the page, by the rules of the table
let live = false;
const BEGIN = {values: N.map(n => n[VALUE]), grads: N.map(n => n[GRAD]), locals: E.map(e => e[LOCAL]), steps: null};
const P = PROGRAM;

function operandsOf(i) {
  const out = Object.assign([], Object.fromEntries(Object.entries(N[i][CONSTANTS] ?? {}).map(([s, x]) => [s, asNumber(x)])));
  for (const e of inputs[i]) out[E[e][SLOT]] = asNumber(N[E[e][FROM]][VALUE]);
  return out;
}
function compute() {
  BEGIN.steps ??= S.map(s => [...s]);
  live = true;
  const args = N.map(() => null);
  D.program.of.forEach((op, i) => {
    if (op < 0) return;
    args[i] = operandsOf(i);
    N[i][VALUE] = plain(P[op][0](...args[i]));
  });
  E.forEach(e => {
    const local = P[D.program.of[e[TO]]][1][e[SLOT]](1, asNumber(N[e[TO]][VALUE]), ...args[e[TO]]);
    e[LOCAL] = num(local);
  });
  const totals = N.map(() => null);
  for (const [root, first, count] of PASSES) {
    const sums = N.map(() => null);
    sums[root] = 1;
    for (let s = first; s < first + count; s++) {
      const e = E[S[s][EDGE]], g = sums[e[TO]] ?? 0, before = sums[e[FROM]] ?? 0;
      // a gradient of exactly zero hands on zero, whatever the local derivative is
      const part = g === 0 ? 0 : P[D.program.of[e[TO]]][1][e[SLOT]](g, asNumber(N[e[TO]][VALUE]), ...args[e[TO]]);
      sums[e[FROM]] = before + part;
      S[s] = [S[s][EDGE], plain(g), plain(part), plain(before), plain(before + part)];
    }
    sums.forEach((x, i) => { if (x !== null) totals[i] = (totals[i] ?? 0) + x; });
  }
  totals.forEach((x, i) => { N[i][GRAD] = x === null ? null : plain(x); });
  refresh();
}
function relabel(k) {
  const arrow = byKey.get("e" + k), label = arrow?.querySelector("text.d"), tip = arrow?.querySelector("title");
  if (tip) { tip.dataset.rest ??= tip.textContent; tip.textContent = live ? `${slope(E[k])} = ${E[k][LOCAL]}` : tip.dataset.rest; }
  if (!label) return;
  label.dataset.rest ??= label.textContent;
  const before = label.dataset.rest.split(" = ").slice(0, -1).join(" = ");
  label.textContent = live ? `${before}${before ? " = " : ""}${E[k][LOCAL]}` : label.dataset.rest;
}
// grey where nothing flows, red where a number is broken
function recolour() {
  for (const [key, el] of byKey) {
    const i = +key.slice(1);
    if (key[0] === "n" && N[i]) {
      el.classList.toggle("zero", N[i][GRAD] === 0);
      el.classList.toggle("bad", broken(N[i][VALUE]) || broken(N[i][GRAD]));
    }
    if (key[0] === "e" && E[i]) el.classList.toggle("zero", E[i][LOCAL] === "0" || N[E[i][TO]][GRAD] === 0);
  }
}
function relabelAll() {
  E.forEach((_, k) => relabel(k));
  recolour();
}
function refresh() {
  relabelAll();
  paint();
  stepPanel();
  if (selected) select(selected);
}
function reset() {
  BEGIN.values.forEach((x, i) => { N[i][VALUE] = x; N[i][GRAD] = BEGIN.grads[i]; });
  BEGIN.locals.forEach((x, k) => { E[k][LOCAL] = x; });
  BEGIN.steps?.forEach((s, k) => { S[k] = s; });
  live = false;
  redraw();
  refresh();
  sliders();
}
const slidable = i => P && !D.times && D.program.of[i] < 0 && isNumber(N[i][VALUE]);
function slider(i) {
  const at = asNumber(BEGIN.values[i]), span = Math.max(2, 2 * Math.abs(at)) || 2;
  const out = make("output", num(N[i][VALUE]));
  const range = make("input", undefined, {type: "range", min: at - span, max: at + span, step: span / 200, "aria-label": `value of ${N[i][NAME]}`});
  range.dataset.leaf = i;
  range.value = asNumber(N[i][VALUE]);
  range.oninput = () => { N[i][VALUE] = +range.value; out.textContent = num(+range.value); compute(); };
  return make("label", [make("span", N[i][NAME]), range, out], {className: "slide"});
}
function sliders() {
  const leaves = N.flatMap((_, i) => slidable(i) ? [i] : []), some = leaves.slice(0, 12);
  if (selected?.[0] === "n" && slidable(+selected.slice(1)) && !some.includes(+selected.slice(1))) some.unshift(+selected.slice(1));
  $("live").replaceChildren(...(leaves.length ? [make("h3", "Change a leaf"), ...some.map(slider),
    ...(leaves.length > some.length ? [make("p", "Select another leaf to change it.", {className: "ends"})] : []),
    make("button", "As recorded", {id: "reset", onclick: reset})] : []));
}
