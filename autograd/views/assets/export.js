// theme, printing, and saving the picture: both keep the whole graph and the formula
const media = [...$("graph-style").sheet.cssRules].find(r => r.media);
let dark = matchMedia("(prefers-color-scheme:dark)").matches;
function theme(on) {
  dark = on;
  media.media.mediaText = dark ? "all" : "not all";
  $("theme").textContent = dark ? "Light" : "Dark";
}

// what is below the drawing: its captions, the formula, and the line of the step
function footing() {
  const lines = drawn.captions.map(c => c[0]);
  if (D.formula) lines.push(D.formula);
  for (const el of $("stepbox").querySelectorAll(".line")) lines.push(el.textContent);
  if (selected?.[0] === "n") lines.push(chainRule(+selected.slice(1)));
  return lines;
}
function exported() {
  const copy = svg.cloneNode(true), lines = footing(), c = camera.content;
  copy.querySelectorAll(".pulse").forEach(el => el.remove());
  copy.querySelectorAll("[tabindex]").forEach(el => el.removeAttribute("tabindex"));
  const style = draw("style", {});
  style.textContent = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
    .map(r => r.cssText).filter(t => t.includes(".vg")).join("\n");
  const ghosts = [...copy.querySelectorAll(".ghost")].map(boxOf), all = around([c, ...ghosts], 0);
  const w = Math.max(all.w, 30 + 7.8 * Math.max(0, ...lines.map(l => l.length))), h = all.h + 20 * lines.length + 8;
  const paper = draw("rect", {class: "paper", x: all.x, y: all.y, width: w, height: h});
  copy.prepend(style, paper);
  lines.forEach((line, i) => copy.append(draw("text", {class: "caption", x: all.x + 12, y: all.y + all.h + 12 + 20 * i}, line)));
  copy.setAttribute("viewBox", `${all.x} ${all.y} ${w} ${h}`);
  copy.setAttribute("width", w);
  copy.setAttribute("height", h);
  return new XMLSerializer().serializeToString(copy);
}
function save() {
  const url = URL.createObjectURL(new Blob([exported()], {type: "image/svg+xml"}));
  make("a", "", {href: url, download: (D.title.replace(/[^\w.-]+/g, "_") || "graph") + ".svg"}).click();
  setTimeout(() => URL.revokeObjectURL(url), 2000);
}

// on paper: the whole drawing in light colours, then the formula
addEventListener("beforeprint", () => {
  const c = camera.content;
  media.media.mediaText = "not all";
  svg.setAttribute("viewBox", `${c.x} ${c.y} ${c.w} ${c.h}`);
  $("footing").replaceChildren(...footing().map(line => make("p", line)));
});
addEventListener("afterprint", () => { theme(dark); look(); });
