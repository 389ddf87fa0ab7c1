"""The page in a real browser: every feature by mouse, key and address, and nothing fetched."""

from __future__ import annotations

import json
import re
from pathlib import Path

from autograd import Value, custom_vjp, graph
from tests.views.conftest import Opened, Pages
from tests.views.test_formats import ODD

PANEL = "document.querySelector('#panel').innerText"
STEP = "document.querySelector('#stepbox').innerText"
NODE = "document.querySelector('#nodebox').innerText"


def test_click_shows_numbers_and_the_chain_rule(open_page: Opened) -> None:
    page = open_page("scalar")
    page.click("[data-k=n0]")
    text = page.run(NODE)
    assert "x1" in text and "value\t2" in text and "grad\t-1.5029" in text
    assert "grad(x1) = 0.501*(-3) = -1.5029" in text


def test_stepping_forwards_and_back_by_key_and_button(open_page: Opened) -> None:
    page = open_page("scalar")
    page.press("ArrowRight")
    assert "The seed" in page.run(STEP)
    page.click("#next")
    text = page.run(STEP)
    total = "x1*w1 + x2*w2 + b"
    assert f"grad({total}) += grad(o) * do/d({total}) = 1 * 0.501 = 0.501" in text
    assert page.run("document.querySelectorAll('.n.got').length") == 1
    assert page.run("document.querySelectorAll('.e.now').length") == 1
    assert page.run("document.querySelector('[data-k=n0] .g').textContent") == "grad  ..."
    page.press("End")
    shown = page.run("document.querySelector('[data-k=n0] .g').textContent")
    assert shown == "grad  -1.5029"
    page.press("ArrowLeft")
    page.click("#prev")
    steps = int(page.run("document.querySelector('#steps').textContent"))
    assert page.run("+document.querySelector('#step').value") == steps - 2
    page.press("Escape")
    assert page.run(STEP) == ""


def test_accumulation_is_shown_at_a_shared_node(open_page: Opened, tmp_path: Path) -> None:
    x = Value(3.0)
    y = x * x
    y.backward()
    page = open_page(graph(y).save(tmp_path / "square.html"))
    for _ in range(3):
        page.press("ArrowRight")
    assert "3 + 3 = 6" in page.run(STEP)


def test_a_step_names_the_rule_of_the_user(open_page: Opened, tmp_path: Path) -> None:
    double = custom_vjp(lambda x: (2 * x, None), lambda _, g: 2 * g)
    saved = graph(double(Value(1.0)) * 3.0).save(tmp_path / "rule.html")
    page = open_page(saved)
    page.press("End")
    line = double.backward.__code__.co_firstlineno
    assert f"rule {__file__}:{line}" in page.run(STEP)
    page.press("ArrowLeft")
    assert "rule" not in page.run(STEP)


def test_play_and_stop(open_page: Opened) -> None:
    page = open_page("scalar")
    page.press(" ")
    page.until("+document.querySelector('#step').value >= 2")
    page.click("#play")
    assert page.run("document.querySelector('#play').textContent") == "Play"


def test_link_to_a_step(open_page: Opened) -> None:
    page = open_page("scalar", fragment="#step=4")
    assert "Step 4 of" in page.run(STEP)
    page.press("ArrowRight")
    page.until("location.hash === '#step=5'")
    page.run("location.hash = '#step=2'")
    page.until(f"{STEP}.includes('Step 2 of')")
    for odd in ("#step=999999", "#step=x", "#else"):
        page.run(f"location.hash = '{odd}'")
    page.until("+document.querySelector('#step').value <= 10")


def test_search_finds_and_reveals(open_page: Opened) -> None:
    page = open_page("large")
    page.press("/")
    for char in "tanh":
        page.press(char, char)
    assert page.run("document.querySelector('#hits').textContent") == "343 found"
    page.press("Enter")
    page.until("document.querySelector('#nodebox').innerText.includes('tanh')")
    assert page.run("document.querySelector('#hits').textContent") == "1 of 343"
    assert page.run("document.querySelectorAll('.sel').length") == 1
    assert page.run("document.querySelectorAll('.hit').length") >= 1


def test_fold_unfold_and_drill(open_page: Opened) -> None:
    page = open_page("network")
    cards = "document.querySelectorAll('.n').length"
    every = page.run(cards)
    page.click("#fold")
    page.until(f"{cards} < {every}")
    some = page.run(cards)
    page.press("o")
    page.until(f"{cards} < {some}")
    page.press("u")
    page.click("#unfold")
    page.until(f"{cards} === {every}")
    page.click("#fit")
    page.click("[data-f]")
    assert page.run("document.querySelectorAll('.cover').length") == 1
    page.press("u")
    assert page.run("document.querySelectorAll('.cover').length") == 0

    page = open_page("large")
    page.click("#fit")
    page.click("[data-k^=g]", 2)
    page.until("document.querySelector('#crumbs').innerText.includes('x 16')")
    page.until("document.querySelectorAll('[data-k^=g].box').length >= 16")
    page.click("#fit")
    page.click("[data-k^=g].box", 2)
    page.until("document.querySelector('#crumbs').innerText.includes('layers.0.0')")
    for _ in range(5):
        page.press("Backspace")
    page.until("document.querySelector('#crumbs').innerText === ''")


def test_a_step_into_a_folded_box_opens_it(open_page: Opened) -> None:
    page = open_page("large", fragment="#step=9000")
    page.until("document.querySelectorAll('.n.got:not(.box)').length === 1")
    page.until("document.querySelector('#crumbs').innerText.includes('net.layers.1.12')")
    page.click("#crumbs button")
    page.until("document.querySelector('#crumbs').innerText === ''")
    page.until("document.querySelectorAll('.ghost.now').length === 1")
    assert "is inside the folded box" in page.run(STEP)
    page.click("#stepbox p:last-child button")
    page.until("document.querySelectorAll('.n.sel:not(.box)').length === 1")


def test_large_page_steps_without_lag(open_page: Opened) -> None:
    page = open_page("large")
    spent = page.run(
        "(()=>{const t=performance.now();for(let i=0;i<300;i++)"
        "document.querySelector('#next').click();return (performance.now()-t)/300})()"
    )
    print(f"{spent:.2f} ms for a step on 10,000 nodes")
    assert page.run("document.querySelector('#step').value") == "300"


def test_pan_and_zoom(open_page: Opened) -> None:
    page = open_page("scalar")
    box = "document.querySelector('#stage svg').getAttribute('viewBox')"
    before = page.run(box)
    page.mouse("mousePressed", 300, 700)
    page.mouse("mouseMoved", 360, 720)
    page.mouse("mouseReleased", 360, 720)
    moved = page.run(box)
    assert moved != before
    page.press("+")
    assert float(page.run(box).split()[2]) < float(moved.split()[2])
    page.press("f")
    assert page.run(box) == before


def test_dark_mode_by_system_and_by_button(open_page: Opened) -> None:
    ink = "getComputedStyle(document.body).backgroundColor"
    light, dark = open_page("scalar").run(ink), open_page("scalar", dark=True).run(ink)
    assert light != dark
    page = open_page("scalar")
    page.press("d")
    assert page.run(ink) == dark
    page.click("#theme")
    assert page.run(ink) == light


def test_export_is_what_is_shown(open_page: Opened, tmp_path: Path) -> None:
    page = open_page("scalar")
    page.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    page.press("ArrowRight")
    page.press("ArrowRight")
    page.click("#export")
    page.wait_for("Page.downloadProgress")
    for _ in range(200):
        if list(tmp_path.glob("*.svg")):
            break
        page.run("new Promise(done => setTimeout(done, 20))")
    text = next(tmp_path.glob("*.svg")).read_text("utf-8")
    assert "now" in text and "<style" in text and "viewBox" in text


def test_readable_with_scripts_blocked(open_page: Opened) -> None:
    page = open_page("scalar", scripts=False)
    snapshot = page.call("DOMSnapshot.captureSnapshot", computedStyles=[])
    words = set(snapshot["strings"])
    assert {"x1", "value 2.0000"} <= words
    assert any("Scripts are blocked" in word for word in words)


def test_odd_labels_stay_text(open_page: Opened) -> None:
    page = open_page("odd")
    for i in range(4):
        page.run(f"location.hash = '#step={i + 1}'")
    assert page.run("document.querySelectorAll('#stage script').length") == 0
    names = page.run("JSON.parse(document.querySelector('#data').textContent).nodes.map(n => n[0])")
    assert ODD[0] in names


def test_keyboard_reaches_cards(open_page: Opened) -> None:
    page = open_page("scalar")
    page.run("document.querySelector('[data-k=n3]').focus()")
    page.press("Enter")
    assert page.run(NODE).startswith("w2")


def test_page_is_small_beside_the_drawing(pages: Pages) -> None:
    text = pages["scalar"].read_text("utf-8")
    drawing = re.search(r"<svg.*?</svg>", text, re.S)
    data = re.search(r'id="data">(.*?)</script>', text, re.S)
    assert drawing is not None and data is not None
    assert len(text) - len(drawing.group(0)) - len(data.group(1)) < 90_000
    assert json.loads(data.group(1))["seed"] == 1
    assert "http-equiv" in text and "default-src 'none'" in text
