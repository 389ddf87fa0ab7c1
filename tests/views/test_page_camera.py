"""What can be seen: at first sight, while stepping, after a resize, by keyboard and by fingers."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from autograd import Value, graph
from tests.views.browser import Page
from tests.views.conftest import Opened

WIDTHS = [(390, 844), (860, 1000), (1280, 800)]
FRAME = """
const inside = el => {
  const s = document.querySelector('#stage').getBoundingClientRect();
  const r = el.querySelector('rect').getBoundingClientRect();
  return r.width > 0 && r.left >= s.left - 1 && r.right <= s.right + 1
    && r.top >= s.top - 1 && r.bottom <= s.bottom + 1;
};
const textSize = el => {
  const t = el.querySelector('text');
  return parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a;
};
"""
BOX = "document.querySelector('#stage svg').getAttribute('viewBox')"


def run(page: Page, script: str) -> object:
    return page.run(f"(async()=>{{{FRAME}{script}}})()")


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_first_sight(open_page: Opened, width: int, height: int) -> None:
    """A small graph is in view as a whole; a large one opens at the marked node, legibly."""
    small = open_page("scalar", width=width, height=height)
    cards = run(small, "return [...document.querySelectorAll('.n')].map(inside)")
    assert cards == [True] * 10
    for name in ("mlp", "transformer", "network"):
        page = open_page(name, width=width, height=height)
        sizes = run(page, "return [...document.querySelectorAll('.n')].map(textSize)")
        assert isinstance(sizes, list) and min(sizes) >= 10
        assert run(
            page,
            "const cards = [...document.querySelectorAll('.n')];"
            "return inside(document.querySelector('.n.root') || cards.pop())",
        )
    below = run(
        small,
        "const s=document.querySelector('#stage').getBoundingClientRect(),"
        "p=document.querySelector('#panel').getBoundingClientRect();"
        "return p.top >= s.bottom - 1 ? 'below' : p.left >= s.right - 1 ? 'beside' : 'over'",
    )
    assert below == ("below" if width < 900 else "beside")


def test_a_marked_node_is_what_a_large_page_opens_at(open_page: Opened, tmp_path: Path) -> None:
    v = Value(0.5, label="start")
    for _ in range(14):
        v = v.tanh() + 0.1
    v.backward()
    page = open_page(graph(v, mark={"start": "look here"}).save(tmp_path / "m.html"), width=390)
    assert run(page, "return inside(document.querySelector('.n.marked'))")


STEPS = """
const next = document.querySelector('#next'), seen = [];
const wait = ms => new Promise(done => setTimeout(done, ms));
const legible = el => el && inside(el) && textSize(el) >= 9.9;
const shown = () => {
  const now = document.querySelector('.n.now'), got = document.querySelector('.n.got');
  const arrows = document.querySelectorAll('.e.now').length;
  return legible(now) && legible(got) && now !== got && arrows === 1;
};
for (let i = 0; i < %d && !next.disabled; i++) {
  next.click();
  await wait(0);
  if (document.querySelector('#step').value === '1') continue;
  for (let t = 0; t < 150 && !shown(); t++) await wait(10); // a box may have to be unpacked first
  seen.push(shown());
}
return [seen.filter(Boolean).length, seen.length];
"""


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_stepping_shows_both_ends(open_page: Opened, width: int, height: int) -> None:
    for name, most in (("transformer", 500), ("rnn", 130), ("mlp", 500), ("scalar", 20)):
        page = open_page(name, width=width, height=height)
        both, total = run(page, STEPS % most)  # type: ignore[misc]
        print(f"{name} at {width}: {both} of {total} steps show both ends")
        assert both == total


def test_never_blank(open_page: Opened) -> None:
    """A hundred loads, some of them into a frame without a size that is opened later."""
    page = open_page("scalar", height=300)
    drawn = page.run(
        """(async()=>{
        const source = document.documentElement.outerHTML, bad = [];
        const markup = '<!doctype html>' + source;
        for (let i = 0; i < 100; i++) {
          const frame = document.createElement('iframe');
          frame.srcdoc = markup;
          const late = i % 4;
          frame.style = 'width:600px;height:400px;border:0;position:absolute;top:0;left:0';
          if (late === 1) frame.style.display = 'none';
          if (late === 2) frame.style.height = '0';
          if (late === 3) frame.style.width = '0';
          document.body.append(frame);
          await new Promise(done => { frame.onload = done; });
          frame.style.display = ''; frame.style.height = '400px'; frame.style.width = '600px';
          let card = null;
          for (let t = 0; t < 50; t++) {
            await new Promise(done => setTimeout(done, 2));
            const rects = frame.contentDocument.querySelectorAll('#stage svg .n rect');
            const boxes = [...rects].map(r => r.getBoundingClientRect());
            card = boxes.length === 10 && boxes.every(b => b.width > 20 && b.left > -1
              && b.right < 601 && b.top > -1 && b.bottom < 401);
            if (card) break;
          }
          if (!card) bad.push(i);
          frame.remove();
        }
        return bad;
        })()"""
    )
    assert drawn == []


def resize(page: Page, width: int, height: int) -> None:
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=False,
    )
    page.run("new Promise(done => setTimeout(done, 120))")


def test_resize_keeps_the_users_zoom_and_refits_otherwise(open_page: Opened) -> None:
    page = open_page("scalar")
    scale = "document.querySelector('#stage svg').getScreenCTM().a"
    before = page.run(scale)
    resize(page, 700, 600)
    assert page.run(scale) < before
    assert all(run(page, "return [...document.querySelectorAll('.n')].map(inside)"))  # type: ignore[arg-type]
    page.press("+")
    mine = page.run(scale)
    resize(page, 1280, 800)
    assert page.run(scale) == pytest.approx(mine, rel=1e-3)


def test_both_directions_and_the_button(open_page: Opened) -> None:
    page = open_page("mlp")
    way = "document.querySelector('#stage').dataset.way"
    first = page.run(way)
    page.click("#turn")
    assert {first, page.run(way)} == {"LR", "TB"}
    page.press("t")
    assert page.run(way) == first
    tall = open_page("relu", width=390, height=900)
    wide = open_page("relu", width=1280, height=360)
    assert tall.run(way) == "TB" and wide.run(way) == "LR"


def test_the_direction_asked_for_is_kept(open_page: Opened, tmp_path: Path) -> None:
    x = Value(2.0, label="x")
    saved = graph((x * x).tanh(), direction="LR").save(tmp_path / "lr.html")
    page = open_page(saved, width=390, height=900)
    assert page.run("document.querySelector('#stage').dataset.way") == "LR"


def test_keys_pan_and_pinch_zooms(open_page: Opened) -> None:
    page = open_page("mlp", width=390, height=844)
    for key in ("ArrowDown", "ArrowUp", "h", "l"):
        before = page.run(BOX)
        page.press(key)
        after = page.run(BOX)
        assert after != before and after.split()[2:] == before.split()[2:]
    size = float(page.run(BOX).split()[2])
    two = [{"x": 150, "y": 300, "id": 1}, {"x": 200, "y": 300, "id": 2}]
    apart = [{"x": 100, "y": 300, "id": 1}, {"x": 260, "y": 300, "id": 2}]
    page.call("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
    page.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=two)
    page.call("Input.dispatchTouchEvent", type="touchMove", touchPoints=apart)
    page.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    assert float(page.run(BOX).split()[2]) < size / 2
    page.press("Home")  # a pad's pinch is a wheel with the control key
    wheel = {"type": "mouseWheel", "x": 100, "y": 200, "deltaX": 0, "deltaY": 60, "modifiers": 2}
    size = float(page.run(BOX).split()[2])
    page.call("Input.dispatchMouseEvent", **wheel)
    page.until(f"+{BOX}.split(' ')[2] > {size}")


def test_dragging_selects_nothing(open_page: Opened) -> None:
    page = open_page("scalar")
    x, y = page.run(
        "(()=>{const r=document.querySelector('[data-k=n0]').getBoundingClientRect();"
        "return [r.x+r.width/2,r.y+r.height/2]})()"
    )
    page.mouse("mousePressed", x, y)
    for i in range(1, 6):
        page.mouse("mouseMoved", x + 30 * i, y + 12 * i)
    page.mouse("mouseReleased", x + 150, y + 60)
    page.run("new Promise(done => setTimeout(done, 30))")
    assert page.run("document.querySelectorAll('.sel').length") == 0
    assert page.run("String(getSelection())") == ""
    for _ in range(30):  # never lost: something of the drawing stays in sight
        page.press("ArrowDown")
    shown = "[...document.querySelectorAll('.n')].some(el => {const r = el.getBoundingClientRect();"
    assert page.run(shown + "return r.bottom > 0 && r.top < innerHeight})")


def test_tab_focuses_only_what_is_in_view(open_page: Opened) -> None:
    page = open_page("mlp", width=860, height=700)
    cards = 0
    for _ in range(45):
        page.press("Tab")
        card = run(
            page,
            "const el = document.activeElement;"
            "return el.matches('.n') ? inside(el) : el.matches('body') || el.offsetParent !== null",
        )
        assert card, page.run("document.activeElement.outerHTML").__str__()[:200]
        cards += page.run("document.activeElement.matches('.n')")
    assert cards >= 10
    assert page.run("document.querySelector('#stage').scrollTop") == 0


def test_a_step_keeps_a_legible_zoom(open_page: Opened) -> None:
    page = open_page("scalar")
    page.press("f")
    size = page.run(BOX).split()[2:]
    for _ in range(5):
        page.press("ArrowRight")
    assert page.run(BOX).split()[2:] == size, "everything was in sight already"


def test_opening_a_folded_box_and_breadcrumbs_back(open_page: Opened) -> None:
    page = open_page("rnn")
    assert page.run("document.querySelector('#crumbs').innerText") == ""
    page.press("End")
    page.press("ArrowLeft")
    page.until("document.querySelectorAll('#crumbs button').length >= 1")
    page.click("#crumbs button")
    page.until("document.querySelector('#crumbs').innerText === ''")
    page.until("document.querySelectorAll('.ghost.now').length === 1")


def test_large_pages_open_quickly(open_page: Opened) -> None:
    before = time.perf_counter()
    page = open_page("large")
    print(f"{time.perf_counter() - before:.2f} s to open 10,000 nodes")
    assert page.run("document.querySelectorAll('.n').length") >= 5


def test_a_rolled_loop_is_unrolled_on_demand(open_page: Opened) -> None:
    page = open_page("rnn")
    cards = "document.querySelectorAll('.n').length"
    rolled = page.run(cards)
    page.run(
        "document.querySelector('.ft').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    page.click("#open")
    page.until("document.querySelector('#crumbs').innerText.includes('x 50')")
    assert page.run(cards) > rolled
    page.press("Backspace")
    page.until(f"{cards} === {rolled}")
