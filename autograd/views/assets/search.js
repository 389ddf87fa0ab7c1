// finding nodes by name, operation or value: "nan", "inf", "0.5"
let hits = [], hitAt = -1;

function matches(i, q) {
  const n = N[i], values = step ? [n[VALUE]] : [n[VALUE], n[GRAD]]; // later gradients stay unknown
  if (q === "nan" || q === "inf" || q === "-inf") {
    const holds = v => v && typeof v === "object" ? (q === "nan" ? v.nans : v.infs) > 0 : v !== null && num(v).toLowerCase() === q;
    if (values.some(holds)) return true;
  }
  if (/^-?[\d.]+(e[-+]?\d+)?$/.test(q)) {
    const same = v => typeof v === "number" && (num(v) === q || num(v).startsWith(q) && q.includes(".") || v === Number(q));
    const range = v => v && typeof v === "object" && (num(v.min) === q || num(v.max) === q);
    if (values.some(v => same(v) || range(v))) return true;
  }
  const name = n[NAMED] ? n[NAME] : "";
  return `${name}\n${n[OP]}`.toLowerCase().includes(q) || n[NAME].toLowerCase() === q;
}
function search(query) {
  const q = query.trim().toLowerCase();
  hits = q ? N.flatMap((_, i) => matches(i, q) ? [i] : []) : [];
  hitAt = -1;
  $("hits").textContent = q ? `${hits.length} found` : "";
  paint();
}
function nextHit(back) {
  if (!hits.length) return;
  hitAt = (hitAt + (back ? hits.length - 1 : 1) + hits.length) % hits.length;
  $("hits").textContent = `${hitAt + 1} of ${hits.length}`;
  return go(hits[hitAt]);
}
