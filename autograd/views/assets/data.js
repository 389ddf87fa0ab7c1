// what the page was given (autograd/views/README.md says what), and numbers as people read them
const $ = id => document.getElementById(id);
const D = JSON.parse($("data").textContent);
const N = D.nodes, E = D.edges, S = D.steps, B = D.boxes;
const [NAME, OP, TYPE, VALUE, GRAD, ORDER, HOME, SOURCE, NOTE, NAMED, CONSTANTS, REMARK] =
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const [FROM, TO, SLOT, LOCAL, MARK, RULE] = [0, 1, 2, 3, 4, 5]; // of an edge
const [EDGE, UPSTREAM, PART, BEFORE, AFTER] = [0, 1, 2, 3, 4]; // of a step
const roots = new Set(D.roots);

// which edges enter and leave a node
const inputs = N.map(() => []), users = N.map(() => []);
E.forEach((e, i) => { inputs[e[TO]].push(i); users[e[FROM]].push(i); });

const isNumber = x => typeof x === "number" || /^(-?Infinity|NaN)$/.test(x);
const asNumber = x => typeof x === "number" ? x : Number(x);
const plain = x => Number.isFinite(x) ? x : String(x);

// The moments of backward: 0 before it begins, then of each pass its seed and its contributions.
// A moment holds its pass, and its step or -1 for the seed.
const PASSES = D.passes?.length ? D.passes : [[D.roots[0], 0, S.length]];
const M = [null], into = N.map(() => []);
PASSES.forEach(([root, first, count], pass) => {
  const sums = {[root]: 1};
  into[root].push(M.length);
  M.push([pass, -1]);
  for (let s = first; s < first + count; s++) {
    const e = E[S[s][EDGE]], before = sums[e[FROM]] ?? 0;
    if (S[s].length < 5) { // the sums of a large page are worked out here
      const [, part, sum] = S[s], numbers = isNumber(part) && isNumber(before);
      const after = numbers ? plain(asNumber(before) + asNumber(part)) : sum ?? part;
      S[s] = [S[s][EDGE], sums[e[TO]], part, before, after];
    }
    sums[e[FROM]] = S[s][AFTER];
    into[e[FROM]].push(M.length);
    M.push([pass, s]);
  }
});
const LAST = M.length - 1;
const seeded = moment => M[moment][1] < 0;

// the moments of the running pass that have added to a node, up to one moment
function addedTo(node, moment) {
  const pass = moment && M[moment][0];
  return into[node].filter(m => m <= moment && M[m][0] === pass);
}
// the moment that last added to a node; 0 where nothing has reached it
function lastInto(node, moment) {
  const list = into[node];
  let lo = 0, hi = list.length;
  while (lo < hi) { const m = (lo + hi) >> 1; if (list[m] <= moment) lo = m + 1; else hi = m; }
  return lo && moment && M[list[lo - 1]][0] === M[moment][0] ? list[lo - 1] : 0;
}
// the accumulator of a node after a moment; null while nothing has reached it
function sumAt(node, moment) {
  const last = lastInto(node, moment);
  return last ? seeded(last) ? 1 : S[M[last][1]][AFTER] : null;
}

// operations in the order of forward, and what a node's value waits for there
const FORWARD = N.flatMap((n, i) => inputs[i].length || n[ORDER] ? [i] : []);
const turnOf = new Map(FORWARD.map((node, k) => [node, k + 1]));

function num(x) {
  if (typeof x !== "number") return x === "Infinity" ? "inf" : x === "-Infinity" ? "-inf" : String(x);
  if (!Number.isFinite(x)) return num(String(x));
  if (x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5)) return String(+x.toFixed(4));
  return x.toExponential(3);
}
// a number, the range of an array, or what there is instead
const text = v => v === null || v === undefined ? "not computed"
  : v.norms ? `norm ${num(v.norm)}`
  : typeof v === "object" ? (v.size ? v.nans ? `holds NaN (${v.nans} of ${v.size})`
    : v.min === v.max ? `all ${num(v.min)}` : `${num(v.min)} .. ${num(v.max)}` : "empty") : num(v);
const paren = t => t[0] === "-" ? `(${t})` : t;
const broken = v => v !== null && (typeof v === "object" ? v.nans + v.infs > 0
  : typeof v === "number" ? !Number.isFinite(v) : /nan|inf/i.test(v));
// a name inside d(...)/d(...), in parentheses where it is an expression
const within = name => /^[\w.#[\]]+$/.test(name) ? name : `(${name})`;
const slope = e => `d${within(N[e[TO]][NAME])}/d${within(N[e[FROM]][NAME])}`;

const chain = home => { const out = [home]; while (out[0]) out.unshift(B[out[0]][1]); return out; };

async function unpack(base64) {
  if (typeof base64 !== "string") return base64; // small enough to be there as it is
  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function make(tag, content, attributes) {
  const el = document.createElement(tag);
  if (content !== undefined) el.append(...[].concat(content));
  for (const k in attributes || {}) k in el ? el[k] = attributes[k] : el.setAttribute(k, attributes[k]);
  return el;
}
const SVG = "http://www.w3.org/2000/svg";
function draw(tag, attributes, ...content) {
  const el = document.createElementNS(SVG, tag);
  for (const k in attributes) if (attributes[k] !== undefined) el.setAttribute(k, attributes[k]);
  el.append(...content);
  return el;
}
