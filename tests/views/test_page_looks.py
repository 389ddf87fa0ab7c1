"""How a page looks: contrast in light and dark, on paper, exported, and with scripts blocked."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from tests.views.browser import Page
from tests.views.conftest import Opened, Pages

CONTRAST = """
(()=>{
const rgb = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m.slice(0, 3); };
const light = c => c.map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4)
  .reduce((sum, x, i) => sum + x * [.2126, .7152, .0722][i], 0);
const behind = el => {
  for (let at = el; at; at = at.parentElement) {
    if (at instanceof SVGElement) {
      const card = at.matches?.('g.n') && [...at.querySelectorAll(':scope > rect')].pop();
      if (card) { const c = rgb(getComputedStyle(card).fill); if (c) return c; }
      continue;
    }
    const c = rgb(getComputedStyle(at).backgroundColor);
    if (c) return c;
  }
  return [255, 255, 255];
};
const bad = [];
const all = document.querySelectorAll('body *');
for (const el of all) {
  const own = [...el.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!own || /^(SCRIPT|STYLE|TITLE|DESC|NOSCRIPT|OPTION)$/i.test(el.tagName) || !el.getClientRects().length) continue;
  const style = getComputedStyle(el), svg = el instanceof SVGElement;
  let opacity = 1;
  for (let at = el; at; at = at.parentElement) opacity *= +getComputedStyle(at).opacity;
  const ink = rgb(svg ? style.fill : style.color), paper = behind(el);
  if (!ink) continue;
  const [a, b] = [light(ink.map((x, i) => x * opacity + paper[i] * (1 - opacity))), light(paper)].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05);
  if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${el.tagName} ${el.getAttribute('class')} ${el.textContent.slice(0, 30)}`);
}
return [...new Set(bad)];
})()
"""  # noqa: E501


@pytest.mark.parametrize("dark", [False, True])
def test_contrast(open_page: Opened, dark: bool) -> None:
    for name, width in (
        ("scalar", 1280),
        ("network", 390),
        ("nan", 860),
        ("large", 1280),
        ("rnn", 390),
    ):
        page = open_page(name, dark=dark, width=width)
        assert page.run(CONTRAST) == []
        for _ in range(3):
            page.press("ArrowRight")
        page.click(".n[data-k^=n]")
        assert page.run(CONTRAST) == []
        page.press("q")
        page.press("ArrowRight")
        assert page.run(CONTRAST) == []


def test_a_page_is_light_or_dark_by_the_system_and_by_the_button(open_page: Opened) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    fill = "getComputedStyle(document.querySelector('.leaf rect')).fill"
    light, dark = open_page("scalar"), open_page("scalar", dark=True)
    assert light.run(paper) != dark.run(paper) and light.run(fill) != dark.run(fill)
    light.press("d")
    assert light.run(paper) == dark.run(paper) and light.run(fill) == dark.run(fill)


def printed(page: Page) -> tuple[str, bytes]:
    """What stands on paper as text and as the state of the page, from the print dialog's event."""
    state = page.run(
        """(()=>{
        dispatchEvent(new Event('beforeprint'));
        const svg = document.querySelector('#stage svg');
        const found = [svg.getAttribute('viewBox'), document.querySelector('#footing').innerText
          || document.querySelector('#footing').textContent].join('|');
        dispatchEvent(new Event('afterprint'));
        return found;
        })()"""
    )
    data = page.call("Page.printToPDF", printBackground=True)["data"]
    return str(state), base64.b64decode(data)


def test_print_keeps_the_whole_graph_and_the_formula(open_page: Opened) -> None:
    page = open_page("scalar", width=390)
    for key in "+++":
        page.press(key)
    page.press("ArrowRight")
    page.press("ArrowRight")
    state, pdf = printed(page)
    box, words = state.split("|", 1)
    x, y, w, h = (float(part) for part in box.split())
    content = page.run(
        "(()=>{const b=document.querySelector('#stage svg').getBBox();"
        "return [b.x,b.y,b.x+b.width,b.y+b.height]})()"
    )
    assert x <= content[0] and y <= content[1] and x + w >= content[2] and y + h >= content[3]
    assert "tanh()" in words and "+= grad(o)" in words
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2


def test_export_keeps_the_whole_graph_and_the_formula(open_page: Opened, tmp_path: Path) -> None:
    page = open_page("mlp")
    page.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    page.press("ArrowRight")
    page.press("ArrowRight")
    for key in "+++":
        page.press(key)
    page.click("#export")
    for _ in range(200):
        if list(tmp_path.glob("*.svg")):
            break
        page.run("new Promise(done => setTimeout(done, 20))")
    path = next(tmp_path.glob("*.svg"))
    text = path.read_text("utf-8")
    assert "--paper" in text and "got" in text and "grad(" in text
    alone = page.browser.page(path, width=2000, height=3000)
    try:
        assert alone.run(
            "(()=>{const s=document.documentElement.getBoundingClientRect();"
            "return [...document.querySelectorAll('.n rect')].every(el=>{"
            "const r=el.getBoundingClientRect();"
            "return r.left>=s.left && r.right<=s.right && r.top>=s.top && r.bottom<=s.bottom})})()"
        )
        assert alone.run("document.querySelectorAll('.n').length") == page.run(
            "document.querySelectorAll('.n').length"
        )
        assert alone.errors == []
    finally:
        alone.close()


@pytest.mark.parametrize("width", [390, 860, 1280])
def test_readable_with_scripts_blocked(open_page: Opened, width: int) -> None:
    page = open_page("scalar", scripts=False, width=width)
    tree = page.call("DOMSnapshot.captureSnapshot", computedStyles=["display"])
    words = set(tree["strings"])
    assert {"x1", "value 2.0000"} <= words
    assert any("Scripts are blocked" in word for word in words)


@pytest.mark.parametrize("name", ["scalar", "network", "odd", "large"])
def test_the_page_draws_what_the_file_shows(open_page: Opened, name: str) -> None:
    """The still picture by Python and the one by the script hold the same cards and texts."""
    cards = """
        [...document.querySelectorAll('#stage .n')].map(n => n.dataset.k + ' ' + n.className.baseVal
          .trim() + ' ' + [...n.querySelectorAll(':scope > text:not(.turn)')]
          .map(t => t.textContent).filter(Boolean).join('|')).sort()"""
    arrows = "[...document.querySelectorAll('#stage .e')].map(e => e.dataset.k).sort()"
    page = open_page(name)
    drawn = [page.run(cards), page.run(arrows)]
    source = page.call("Page.getResourceContent", frameId=frame_of(page), url=page.address)
    page.run(
        f"window.still = new DOMParser().parseFromString({json.dumps(source['content'])},"
        "'text/html').querySelector('#stage').outerHTML; null"
    )
    page.run("document.querySelector('#stage').outerHTML = window.still; null")
    assert [page.run(cards), page.run(arrows)] == drawn


def frame_of(page: Page) -> str:
    return str(page.call("Page.getFrameTree")["frameTree"]["frame"]["id"])


def test_script_and_style_stay_small(pages: Pages) -> None:
    text = pages["relu"].read_text("utf-8")
    data = re.search(r'id="data">(.*?)</script>', text, re.S)
    drawing = re.search(r"<svg.*?</svg>", text, re.S)
    assert data is not None and drawing is not None
    rest = len(text) - len(data.group(1)) - len(drawing.group(0))
    print(f"{rest / 1000:.0f} KB of script and style")
    assert rest < 90_000


def test_ten_thousand_nodes_fit_in_three_megabytes(pages: Pages) -> None:
    size = pages["large"].stat().st_size
    print(f"{size / 1e6:.2f} MB for 10,000 nodes")
    assert size < 3_000_000
