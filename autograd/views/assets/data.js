const $ = id => document.getElementById(id);
const D = JSON.parse($("data").textContent);
const N = D.nodes, E = D.edges, S = D.steps, B = D.boxes;
const [NAME, OP, TYPE, VALUE, GRAD, ORDER, HOME, SOURCE, NOTE] = [0, 1, 2, 3, 4, 5, 6, 7, 8];

// which steps add to a node, and which edges enter and leave it
const into = N.map(() => []), inputs = N.map(() => []), users = N.map(() => []);
S.forEach((s, i) => into[E[s[0]][0]].push(i));
E.forEach((e, i) => { inputs[e[1]].push(i); users[e[0]].push(i); });
const roots = new Set(D.roots);
const LAST = S.length + 1; // step 0: nothing yet; step 1: the seed; then one contribution each

const num = x => {
  if (typeof x !== "number") return x === "Infinity" ? "inf" : x === "-Infinity" ? "-inf" : String(x);
  if (x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5)) return String(+x.toFixed(4));
  return x.toExponential(3);
};
const text = v => v === null ? "not computed"
  : typeof v === "object" ? (v.size ? `${num(v.min)} .. ${num(v.max)}` : "empty") : num(v);
const paren = t => t[0] === "-" ? `(${t})` : t;

// the accumulator of a node once `step` steps are done; null while nothing has reached it
function sumAt(node, step) {
  const list = into[node];
  let lo = 0, hi = list.length;
  while (lo < hi) { const m = (lo + hi) >> 1; if (list[m] + 2 <= step) lo = m + 1; else hi = m; }
  if (lo) return S[list[lo - 1]][4];
  return roots.has(node) && step > 0 ? D.seed : null;
}
const chain = home => { const out = [home]; while (out[0]) out.unshift(B[out[0]][1]); return out; };

function make(tag, content, attributes) {
  const el = document.createElement(tag);
  if (content !== undefined) el.append(...[].concat(content));
  for (const k in attributes || {}) k in el ? el[k] = attributes[k] : el.setAttribute(k, attributes[k]);
  return el;
}
