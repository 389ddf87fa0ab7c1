// the sentences of a step: grad(b) += grad(n) * dn/db = 0.5 * 1 = 0.5, and tanh' = 1 - y**2 = ...
const ruleOf = edge => D.rules?.[D.edge_rules?.[edge] ?? -1];

// what stands in a slot of the operation that an edge enters: a node, or a constant
function operand(edge, slot) {
  const to = E[edge][TO], at = inputs[to].find(e => E[e][SLOT] === slot);
  return at === undefined ? {constant: N[to][CONSTANTS]?.[slot]} : {node: E[at][FROM]};
}
// a template with its letters as names, or as numbers
function filled(template, edge, numbers, g) {
  const alone = /^\{\w+\}$/.test(template), bare = text => alone ? text.replace(/^\((.*)\)$/, "$1") : text;
  return bare(template.replace(/\{(g|y|\d+)\}/g, (_, letter) => {
    const y = E[edge][TO];
    if (letter === "g" && g) return g;
    if (letter === "g") return numbers ? paren(num(sumAt(y, step) ?? 1)) : `grad(${N[y][NAME]})`;
    if (letter === "y") return numbers ? paren(num(N[y][VALUE])) : "y";
    const {node, constant} = operand(edge, +letter);
    if (node === undefined) return paren(num(constant));
    return numbers ? paren(num(N[node][VALUE])) : named(node);
  }));
}
const named = node => within(N[node][NAME]);
const numeric = t => /^-?(inf|NaN|[\d.]+(e[-+]?\d+)?)$/.test(t);

// where the number on an edge comes from
function ruleLine(edge) {
  const rule = ruleOf(edge);
  if (!rule?.[1] || !isNumber(N[E[edge][TO]][VALUE])) return "";
  const parts = [rule[0], filled(rule[1], edge, false)];
  if (/\{/.test(rule[1])) parts.push(filled(rule[1], edge, true));
  const end = E[edge][LOCAL];
  if (parts.at(-1) !== end && numeric(end)) parts.push(num(asLocal(end)));
  return parts.filter((part, i) => part !== parts[i - 1]).join(" = ");
}
const asLocal = t => t === "inf" ? Infinity : t === "-inf" ? -Infinity : Number(t);
const localOf = edge => numeric(E[edge][LOCAL]) ? paren(num(asLocal(E[edge][LOCAL]))) : null;

// the line of one contribution; the last number is "?" until it has been guessed
function stepLine(moment) {
  const [edge, upstream, part] = S[M[moment][1]], e = E[edge];
  const to = `grad(${N[e[FROM]][NAME]}) += `, from = `grad(${N[e[TO]][NAME]})`;
  const rule = ruleOf(edge), local = localOf(edge), result = guessed ? num(part) : "?";
  if (isNumber(upstream) && isNumber(part) && local !== null)
    return `${to}${from} * ${slope(e)} = ${paren(num(upstream))} * ${local} = ${result}`;
  if (rule?.[2]) return to + filled(rule[2], edge, false).replace(/\by\b/g, N[e[TO]][NAME]) + (isNumber(part) ? ` = ${result}` : "");
  return `${to}${from} * ${slope(e)}, ${slope(e)} = ${e[LOCAL]}` + (isNumber(part) ? ` = ${result}` : "");
}
// the moment at which a gradient that is there already grows
function sumLine(moment) {
  const [edge, , part, before, after] = S[M[moment][1]], name = N[E[edge][FROM]][NAME];
  if (!isNumber(after) || !lastInto(E[edge][FROM], moment - 1)) return "";
  return `grad(${name}) = ${paren(num(before))} + ${paren(num(part))} = ${num(after)}`;
}

// the sum that makes up a gradient, as far as the steps have come
function chainRule(i) {
  const moments = addedTo(i, step || LAST), name = `grad(${N[i][NAME]})`;
  const parts = moments.slice(0, 40).map(m => {
    if (seeded(m)) return "1 (the seed)";
    const [edge, upstream, part] = S[M[m][1]], local = localOf(edge);
    return isNumber(upstream) && local !== null ? `${paren(num(upstream))}*${local}` : `[${num(part)}]`;
  });
  if (moments.length > 40) parts.push(`... (${moments.length} terms)`);
  const end = sumAt(i, step || LAST);
  if (!parts.length) return step ? `${name}: nothing has reached it yet` : `${name}: nothing reaches it`;
  return `${name} = ${parts.join(" + ")}${parts[0] === "1 (the seed)" && parts.length === 1 ? "" : ` = ${num(end)}`}`;
}

// --- the box of the step ---------------------------------------------------------------------
function stepPanel() {
  const box = $("stepbox");
  box.replaceChildren();
  if (!step) return;
  const several = PASSES.length > 1 && !forward ? `, pass ${M[step][0] + 1} of ${PASSES.length}` : "";
  box.append(make("h2", `${forward ? "Forward step" : "Step"} ${step} of ${last()}${several}`));
  if (forward) return forwardPanel(box);
  if (seeded(step)) {
    const root = PASSES[M[step][0]][0];
    box.append(make("p", ["The seed: the gradient of ", link(root), ` is 1, because d${named(root)}/d${named(root)} = 1.`]));
    return;
  }
  for (const moment of shownAt(step).moments) contributionPanel(box, moment);
  if (!guessed) box.append(question(S[M[step][1]][PART]));
  outsidePanel(box);
}
function contributionPanel(box, moment) {
  const row = S[M[moment][1]], edge = row[EDGE], e = E[edge];
  box.append(make("div", stepLine(moment), {className: "line"}));
  const why = ruleLine(edge), sum = guessed ? sumLine(moment) : "";
  if (why) box.append(make("div", why, {className: "line why"}));
  if (e[RULE]) box.append(make("div", ["rule ", make("code", e[RULE])], {className: "why"}));
  box.append(sideBySide(moment));
  if (sum) box.append(make("div", sum, {className: "line"}));
  if (e[MARK]) box.append(make("p", "! " + e[MARK], {className: "finding"}));
  box.append(make("p", ["from ", link(e[TO]), ` (${N[e[TO]][OP]}) to `, link(e[FROM])], {className: "ends"}));
}
function forwardPanel(box) {
  const node = FORWARD[step - 1], n = N[node], made = inputs[node];
  const slots = [...made.map(e => [E[e][SLOT], N[E[e][FROM]][NAME], N[E[e][FROM]][VALUE]]),
    ...Object.entries(n[CONSTANTS] ?? {}).map(([slot, x]) => [+slot, num(x), x])].sort((a, b) => a[0] - b[0]);
  const sign = n[OP].replace(/^\S+ (?=[-+*/@%]+$)|(?<=^[-+*/@%]+) \S+$/g, "");
  const infix = slots.length === 2 && /^[-+*/@%]+$/.test(sign);
  const write = list => infix ? list.join(` ${sign} `) : `${n[OP].split(" ")[0]}(${list.join(", ")})`;
  const parts = [n[NAME], write(slots.map(s => within(String(s[1]))))];
  if (slots.every(s => isNumber(s[2]))) parts.push(write(slots.map(s => paren(num(s[2])))));
  parts.push(guessed ? text(n[VALUE]) : "?");
  box.append(make("div", parts.filter((part, i) => part !== parts[i - 1]).join(" = "), {className: "line"}));
  if (!guessed) box.append(question(n[VALUE]));
  const shown = picturesOf(node);
  if (shown[0] >= 0 && guessed) box.append(make("figure", [picture(shown[0]), make("figcaption", `value of ${n[NAME]}`)]));
  box.append(make("p", ["made from ", ...made.flatMap((e, k) => [k ? ", " : "", link(E[e][FROM])])], {className: "ends"}));
}
// where the card of an end of the step is a folded box, a way into it
function outsidePanel(box) {
  const node = E[edgeAt(step)][FROM], around = cardOf(node)?.dataset.k;
  if (around && around[0] !== "n") box.append(make("p", [
    `${N[node][NAME]} is inside the folded box `,
    make("button", B[+around.slice(1)][0], {className: "link", onclick: () => go(node)}),
  ], {className: "ends"}));
}

// --- guess the number, then see --------------------------------------------------------------
function question(answer) {
  const said = make("output", "", {className: "said"});
  const field = make("input", undefined, {id: "guess", type: "text", inputMode: "decimal", autocomplete: "off", "aria-label": "Your guess"});
  const see = () => {
    const guess = Number(field.value.replace(",", "."));
    const right = isNumber(answer) && field.value.trim() !== ""
      && Math.abs(guess - asNumber(answer)) <= Math.max(0.01 * Math.abs(asNumber(answer)), 5e-4);
    const verdict = field.value.trim() === "" || !isNumber(answer) ? "" : right ? "Right." : `Not ${field.value.trim()}.`;
    guessed = true;
    paint(); stepPanel(); frameStep(); pulse();
    $("stepbox").append(make("p", verdict, {className: right ? "right" : "finding", id: "verdict"}));
    $("next").focus();
  };
  field.onkeydown = e => { if (e.key === "Enter") see(); };
  return make("p", isNumber(answer) ? ["What is it? ", field, make("button", "See", {id: "see", onclick: see}), said]
    : ["Which shape and signs does it have? ", make("button", "See", {id: "see", onclick: see})], {className: "quiz"});
}
