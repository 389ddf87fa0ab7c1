"""The companion to the study notes: its lines print what it says, every heading of the notes has
its rows, and every row leads to a section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("matplotlib").use("Agg")
pytest.importorskip("sklearn")

from matplotlib import pyplot as plt  # noqa: E402

from docs.make_notes import PAGES  # noqa: E402
from docs.page_code import Section, preamble, run, sections_of  # noqa: E402
from tests.views.browser import Browser, find_browser  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
INDEX = ROOT / "docs" / "notes.md"
ROW = re.compile(
    r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \| \[.+?\]\((.*?)#([\w-]+)\) \|$", re.MULTILINE
)
LINK = re.compile(r"\]\(([\w/.-]*)#([\w-]+)\)")
CONCEPTS = 92
"""How many concepts an independent reader counted in the notes."""

HEADINGS = (
    *("1.1 函数定义 sigmoid", "2.1 函数定义 softmax", "2.2 softmax 层", "2.2 应用场景"),
    *("3 Logits", "3.1 逻辑回归", "3.1 输出", "3.1 在论文中的表述", "4 条件分布", "5 温度参数"),
    *("6 范数", "6 L1 范数", "6 L2 范数", "6 二维的例子", "6 三维空间中", "6 余弦相似度", "6 步骤"),
    *("7 最大似然", "7 核心思想", "1.1 “深度”是什么意思", "1.2 神经网络的基本原理"),
    *("1.3 单位阶跃函数", "1.4 Sigmoid 函数", "1.5 激活函数", "1.6 逻辑回归"),
    *("1.7 自变量、因变量", "1.8 偏置", "1.9 内积", "1.10 什么是神经网络", "1.11 各层的职责"),
    *("1.12 什么是深度学习", "1.13 全连接层", "1.14 隐藏层的作用", "log-softmax"),
    *("数学：工具", "数学：学习建议", "生物学中的神经网络", "人工神经网络", "作用", "组成部分"),
    *("单个神经元处的输入转换", "激活函数：作用", "对比表", "如何选择激活函数", "成本函数：作用"),
    *("计算方式", "前馈传播与反向传播", "坡度", "通俗讲解版", "链式法则", "反向传播的步骤"),
    *("通俗版计算公式", "关键点总结", "数学基础", "代码实现", "学习率"),
    *("整体框架：函数", "整体框架：损失", "整体框架：优化"),
    *("流程 1 正向传播", "流程 2 损失函数", "流程 3 反向传播", "流程 4 参数更新", "总结"),
)
"""The headings of the notes, and of the parts of their last chapters."""


def sections() -> list[Section]:
    return [section for page in PAGES for section in sections_of(page)[1:]]


def with_code() -> list[Section]:
    return [section for section in sections() if section.page != INDEX or section.blocks]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_lines_print_what_the_page_says(page: Path) -> None:
    names = preamble(page)
    for section in sections_of(page)[1:]:
        result = run(section, names)
        plt.close("all")
        assert not result.wrong, f"{section.title}\n{result.wrong[0]}"
        drawn = {Path(name).suffix for name in section.pictures}
        assert "axes" in result.names or ".png" not in drawn or ".html" in drawn
        assert "picture" in result.names or not drawn & {".svg", ".html"}


@pytest.mark.parametrize("section", with_code(), ids=lambda section: section.title)
def test_every_section_has_lines_in_two_languages_and_a_name(section: Section) -> None:
    assert section.blocks
    assert re.search(r"[\u4e00-\u9fff]", section.text) and "| English |" in section.text
    before = section.page.read_text("utf-8")[: section.start].rstrip().splitlines()[-1]
    assert re.fullmatch(r'<a id="[\w-]+"></a>', before), "an anchor stands above the heading"


def test_every_concept_has_its_row_and_every_row_a_section() -> None:
    rows = ROW.findall(INDEX.read_text("utf-8"))
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= CONCEPTS
    assert len({(row[1], row[2]) for row in rows}) == len(rows)
    headings = {row[1] for row in rows}
    assert [heading for heading in HEADINGS if heading not in headings] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_anchors(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        if not target.endswith(".html"):
            path = page.parent / target if target else page
            assert f'<a id="{anchor}"></a>' in path.read_text("utf-8"), f"{target}#{anchor}"


def test_every_section_is_reached_from_the_index() -> None:
    linked = set(LINK.findall(INDEX.read_text("utf-8")))
    for page in PAGES[1:]:
        for anchor in re.findall(r'<a id="([\w-]+)"></a>', page.read_text("utf-8")):
            assert (f"notes/{page.name}", anchor) in linked, anchor


def test_pictures_are_those_that_the_pages_show() -> None:
    shown = {(s.page.parent / name).resolve() for s in sections() for name in s.pictures}
    there = {path for path in (ROOT / "docs" / "notes" / "pictures").iterdir() if path.is_file()}
    assert shown == there


def test_the_courier_is_first_and_on_the_stepping_page() -> None:
    first = sections_of(INDEX)[1]
    assert first.title.startswith("快递配送站")
    result = run(first, preamble(INDEX))
    printed = [got.strip() for block in result.printed for _, got in block if got]
    assert printed[:3] == ["(0.7, -0.3)", "-0.075", "0.00375"]
    page = (INDEX.parent / "notes" / "pictures" / "courier.html").read_text("utf-8")
    assert "the courier" in page and "-0.075" in page


def test_the_stepping_page_shows_the_product_of_the_story() -> None:
    program = find_browser()
    if program is None:
        pytest.skip("NOT TESTED: no Chromium found (apt-get install chromium)")
    link = re.findall(r"\]\((notes/pictures/courier\.html)#(step=\d+)\)", INDEX.read_text("utf-8"))
    [(name, step)] = link
    with Browser(program) as browser:
        page = browser.page(INDEX.parent / name, fragment=f"#{step}")
        shown = page.run("document.body.innerText")
        assert page.errors == []
    assert "grad(z) += grad(hidden) * dhidden/dz = (-0.3) * 0.25 = -0.075" in " ".join(
        shown.split()
    )
