"""What a step says, and what it keeps for later: backward, forward, by operation, by leaf, quiz."""

from __future__ import annotations

import json

from tests.views.browser import Page
from tests.views.conftest import Opened

LINE = "[...document.querySelectorAll('#stepbox .line')].map(e => e.innerText).join('\\n')"
STEP = "+document.querySelector('#step').value"
CLASSES = (
    "(()=>{const keys = s => [...document.querySelectorAll(s)].map(e => e.dataset.k).join(' ');"
    "return [keys('.n.now'), keys('.n.got'), keys('.e.now')]})()"
)


def choose(page: Page, selector: str, value: str) -> None:
    page.run(
        f"(()=>{{const s=document.querySelector('{selector}');s.value={json.dumps(value)};"
        "s.dispatchEvent(new Event('change'))})()"
    )


def everything(page: Page) -> str:
    """All texts, labels, tooltips and descriptions that can be seen or read aloud."""
    found = page.run(
        """(()=>{
        const texts = [];
        const walk = el => {
          if (el.nodeType === 3) texts.push(el.data);
          if (el.nodeType !== 1 || /^(SCRIPT|STYLE|NOSCRIPT|OPTION)$/.test(el.tagName)) return;
          if (el instanceof HTMLElement && getComputedStyle(el).display === 'none') return;
          for (const name of ['aria-label', 'title', 'alt', 'aria-description'])
            if (el.hasAttribute(name)) texts.push(el.getAttribute(name));
          el.childNodes.forEach(walk);
        };
        walk(document.body);
        return texts.join('\\n');
        })()"""
    )
    return str(found)


def test_later_gradients_are_neither_shown_nor_read_aloud(open_page: Opened) -> None:
    page = open_page("scalar")
    page.click("[data-k=n0]")  # the panel of x1 stays open
    assert "-1.5029" in everything(page)
    later = ["-1.5029", "1.0019"]
    for _ in range(6):
        page.press("ArrowRight")
        text = everything(page)
        assert not [number for number in later if number in text]
    assert page.run("document.querySelectorAll('.n.wait').length") >= 4
    page.press("End")
    assert all(number in everything(page) for number in later)


def test_a_zero_gradient_is_not_grey_before_its_turn(open_page: Opened) -> None:
    page = open_page("scalar")
    line = "getComputedStyle(document.querySelector('[data-k=n3] rect')).stroke"
    leaf = "getComputedStyle(document.querySelector('[data-k=n2] rect')).stroke"
    assert page.run(line) != page.run(leaf)
    page.press("ArrowRight")
    assert page.run(line) == page.run(leaf)


def test_one_line_says_the_rule(open_page: Opened) -> None:
    page = open_page("relu", fragment="#step=2")
    lines = page.run(LINE).split("\n")
    assert lines[0].startswith("grad(") and " += grad(out) * dout/d" in lines[0]
    assert lines[0].endswith("= 1 * 2 = 2")


def test_forward_steps(open_page: Opened) -> None:
    page = open_page("scalar")
    choose(page, "#mode", "forward")
    assert page.run("document.querySelector('#steps').textContent") == "5"
    page.press("ArrowRight")
    assert page.run(LINE) == "x1*w1 = x1 * w1 = 2 * (-3) = -6"
    now, got, edges = page.run(CLASSES)
    assert len(now.split()) == len(edges.split()) == 2 and got not in ("", now)
    assert page.run("document.querySelector('.n.root .v').textContent") == "value ..."
    assert "0.7064" not in everything(page)
    page.press("End")
    assert page.run("document.querySelector('.n.root .v').textContent") == "value 0.7064"
    page.until("location.hash === '#forward=5'")
    page = open_page("scalar", fragment="#forward=2")
    assert page.run("document.querySelector('#mode').value") == "forward"
    assert page.run(STEP) == 2


def test_one_operation_at_a_time(open_page: Opened) -> None:
    page = open_page("scalar")
    choose(page, "#by", "operation")
    places = []
    for _ in range(4):
        page.press("ArrowRight")
        places.append(page.run(STEP))
    assert places == [1, 2, 4, 6]
    _, got, edges = page.run(CLASSES)
    assert len(got.split()) == len(edges.split()) == 2
    assert page.run(LINE).count(" += ") == 2
    page.press("ArrowLeft")
    assert page.run(STEP) == 4
    choose(page, "#by", "edge")
    page.press("ArrowRight")
    assert page.run(STEP) == 5


def test_only_the_paths_to_one_leaf(open_page: Opened) -> None:
    page = open_page("scalar")
    choose(page, "#leaf", "0")
    names = []
    while not page.run("document.querySelector('#next').disabled"):
        before = page.run(STEP)
        page.press("ArrowRight")
        if page.run(STEP) == before:
            break
        names.append(page.run(CLASSES)[1])
    assert names[-1] == "n0" and len(names) == 5
    assert "n1" not in names and "n4" not in names
    assert page.run("document.querySelector('[data-k=n3]').classList.contains('off')")
    page.click("[data-k=n0]")
    page.click("#paths")
    assert page.run("document.querySelector('#leaf').value") == "-1"
    assert page.run("document.querySelectorAll('.off').length") == 0


def test_scrubber_speed_and_pulse(open_page: Opened) -> None:
    page = open_page("scalar")
    choose(page, "#speed", "0.5")
    page.run(
        "(()=>{const s=document.querySelector('#scrub');s.value=7;"
        "s.dispatchEvent(new Event('input'))})()"
    )
    assert page.run(STEP) == 7 and "Step 7 of 10" in page.run(
        "document.querySelector('#stepbox').innerText"
    )
    moves = "document.querySelectorAll('.e.now .pulse animateMotion')"
    assert page.run(f"{moves}.length") == 1
    assert page.run(f"{moves}[0].getAttribute('keyPoints')") == "1;0", "from output to input"
    page.until(f"{moves}.length === 0")
    page.press("Home")
    choose(page, "#speed", "4")
    page.press(" ")
    page.until(f"{STEP} === 10")
    assert page.run("document.querySelector('#play').textContent") == "Play"


def test_quiz_hides_the_number_until_it_is_guessed(open_page: Opened) -> None:
    page = open_page("scalar")
    page.press("q")
    page.press("ArrowRight")
    page.press("ArrowRight")
    lines = page.run(LINE).split("\n")
    assert lines[0].endswith("= 1 * 0.501 = ?")
    assert lines[1] == "tanh' = 1 - y**2 = 1 - 0.7064**2 = 0.501"
    assert page.run("document.querySelector('.n.got .g').textContent") == "grad  ?"
    page.click("#guess")
    for char in "0.7":
        page.press(char, char)
    page.press("Enter")
    assert page.run("document.querySelector('#verdict').textContent") == "Not 0.7."
    assert page.run(LINE).split("\n")[0].endswith("= 0.501")
    page.press("ArrowRight")
    page.run("document.querySelector('#guess').focus()")
    for char in "0.501":
        page.press(char, char)
    page.press("Enter")
    assert page.run("document.querySelector('#verdict').textContent") == "Right."
    page.press("ArrowRight")
    page.click("#see")
    assert page.run("document.querySelector('.n.got .g').textContent") == "grad  0.501"


def test_the_keyboard_alone_does_it(open_page: Opened) -> None:
    page = open_page("scalar", width=390, height=844)
    for _ in range(20):
        page.press("Tab")
        if page.run("document.activeElement.id") == "next":
            break
    page.press("Enter", "\r")
    assert page.run(STEP) == 1
    page.press("/")
    page.until("document.activeElement.id === 'search'")
    page.press("b", "b")
    page.press("Enter")
    page.until("document.querySelector('#nodebox').innerText.startsWith('b')")
    page.press("Escape")
    page.press("Escape")
    assert page.run(STEP) == 0 and page.run("document.querySelectorAll('.sel').length") == 0
