"""Rules of numbers in JavaScript give what they give in Python, for every row that has them."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, graph
from autograd.engine.primitive import TABLE, Primitive
from autograd.views.scalar_program import PRELUDE, Script, operation_script, scalar_program
from tests.samples import within
from tests.views.browser import Browser, find_browser
from tests.views.cases import ScalarNet, network_loss

WITHOUT = {
    *("nan_to_num", "nextafter", "spacing", "round", "angle", "sinc", "sinc_derivative"),
    *("i0", "bessel_i"),
}
"""Elementwise rows of real numbers that have no JavaScript: their graphs have no sliders."""

SPECIAL = (0.0, -0.0, 1.0, -1.5, 2.5, math.inf, -math.inf, math.nan)


def javascript(expressions: list[str], tmp_path: Path) -> list[Any]:
    """What expressions give in Node or in Chromium; NaN and infinities as strings."""
    shown = "x=>Number.isFinite(x)?Object.is(x,-0)?0:x:typeof x==='boolean'?+x:String(x)"
    program = f"{PRELUDE}\n;JSON.stringify([{','.join(expressions)}].map({shown}))"
    node = shutil.which("node")
    if node is not None:
        source = tmp_path / "program.js"
        source.write_text(program.replace(";JSON.", ";console.log(JSON.", 1) + ")", "utf-8")
        done = subprocess.run([node, str(source)], capture_output=True, text=True, check=True)
        return list(json.loads(done.stdout))
    chromium = find_browser()
    if chromium is None:
        reason = "NOT TESTED: neither Node nor Chromium is there to run JavaScript"
        warnings.warn(reason, stacklevel=1)
        pytest.skip(reason)
    (tmp_path / "empty.html").write_text("<!doctype html><title>x</title>")
    with Browser(chromium) as browser:
        return list(json.loads(browser.page(tmp_path / "empty.html").run(program)))


def number(x: Any) -> float:
    """A number that came as JSON."""
    return float(str(x).replace("Infinity", "inf"))


def rows() -> list[tuple[Primitive, tuple[str, list[str]]]]:
    """The rows of real numbers that have a program."""
    found = []
    for op in TABLE.values():
        if op.kind == "elementwise" and len(op.vjps) <= 3 and op.vjps:
            texts = operation_script(op, len(op.vjps), {})
            if texts is not None:
                found.append((op, texts))
    return found


def test_which_rows_have_a_program() -> None:
    have = {op.name for op, _ in rows()}
    elementwise = {op.name for op in TABLE.values() if op.kind == "elementwise"}
    assert elementwise - have <= WITHOUT
    assert len(have) > 50


def sampled(op: Primitive) -> list[tuple[float, ...]]:
    """Arguments inside the domain, and special ones."""
    count = len(op.vjps)
    draws = [
        np.asarray(within(op.domain[i], 6, slot=i, seed=op.name)).tolist() for i in range(count)
    ]
    found = list(zip(*draws, strict=True))
    if count <= 2:
        found += [(x,) * count for x in SPECIAL]
    return found + [(x, y) for x in SPECIAL[:5] for y in SPECIAL[:5]] * (count == 2)


def test_every_row(tmp_path: Path) -> None:
    expressions: list[str] = []
    expected: list[tuple[str, float]] = []
    for op, (value, vjps) in rows():
        for args in sampled(op):
            numbers = [np.float64(x) for x in args]
            with np.errstate(all="ignore"):
                y = op.fn(*numbers)
                parts = op.vjp_all([True] * len(args), np.float64(0.7), y, *numbers)
            letters = ";".join(
                f"const {name}={text(x)}"
                for name, x in zip("abcy", [*args, *[0.0] * (3 - len(args)), float(y)], strict=True)
            )
            for source, result in zip([value, *vjps], [y, *parts], strict=True):
                expressions.append(f"(()=>{{const g=0.7;{letters};return {source}}})()")
                expected.append((f"{op.name}{args} {source}", float(result or 0.0)))
    got = javascript(expressions, tmp_path)
    assert len(got) == len(expected) > 1000
    wrong = [
        (name, found, result)
        for (name, result), found in zip(expected, got, strict=True)
        if not math.isclose(number(found), result, rel_tol=1e-9, abs_tol=1e-12)
        and not (math.isnan(result) and math.isnan(number(found)))
    ]
    assert wrong == []


def text(x: float) -> str:
    """A number in JavaScript."""
    return "NaN" if x != x else str(x).replace("inf", "Infinity")


def run(g: Any, changed: dict[int, float], tmp_path: Path) -> tuple[list[float], list[float]]:
    """Forward and backward of a graph in JavaScript, as a page does it, with other leaves."""
    program, snapshot = scalar_program(g.snapshot), g.snapshot
    assert program is not None
    lines = [f"const v=[],d=Array({len(snapshot.nodes)}).fill(0);"]
    backward = []
    for node in snapshot.nodes:
        if not node.op:
            lines.append(f"v[{node.id}]={changed.get(node.id, node.value)!r};")
            continue
        value, vjps = program["operations"][program["of"][node.id]]
        operands: dict[int, str] = {slot: f"({x!r})" for slot, x in node.numbers.items()}
        edges = [snapshot.edges[e] for e in snapshot.inputs_of[node.id]]
        operands.update({e.slot: f"v[{e.source}]" for e in edges})
        names = ",".join("abc"[: len(operands)])
        given = ",".join(operands[slot] for slot in sorted(operands))
        lines.append(f"v[{node.id}]=(({names})=>{value})({given});")
        for e in edges:
            call = f"((g,y,{names})=>{vjps[e.slot]})(d[{node.id}],v[{node.id}],{given})"
            backward.append(f"if(d[{node.id}]!==0)d[{e.source}]+={call};")
    by_target = sorted(backward, key=lambda line: -int(line[5 : line.index("]")]))
    lines += [f"d[{snapshot.roots[0]}]=1;", *by_target]
    body = f"(()=>{{{''.join(lines)}return [...v,...d]}})()"
    count = len(snapshot.nodes)
    got = [number(x) for x in javascript([f"...{body}"], tmp_path)]
    return got[:count], got[count:]


def test_a_network_is_computed_again(tmp_path: Path) -> None:
    net = ScalarNet(2, 3, 1)

    def loss() -> Value:
        return (net([0.5, -1.0])[0] - 0.3) ** 2 + autograd.relu(net.layers[0][0].w[0] * -2.0)

    y = loss()
    w = net.layers[0][0].w[0]
    place = graph(y).snapshot.values.index(w)
    before = graph(y)
    w.data = -0.7
    again = loss()
    again.backward()
    expected = graph(again).snapshot
    values, grads = run(before, {place: -0.7}, tmp_path)
    for node in expected.nodes:
        assert math.isclose(values[node.id], node.value, rel_tol=1e-12, abs_tol=1e-15)
        assert math.isclose(grads[node.id], node.grad, rel_tol=1e-12, abs_tol=1e-15)


def test_a_relu_dies_and_comes_back(tmp_path: Path) -> None:
    w = Value(0.5)
    y = autograd.relu(w * 2.0) * 3.0
    for number_, grad in ((0.5, 6.0), (-0.5, 0.0), (1.5, 6.0)):
        values, grads = run(graph(y), {0: number_}, tmp_path)
        assert grads[0] == grad and values[0] == number_


@pytest.mark.parametrize(
    "make",
    [
        lambda: network_loss()[0],
        lambda: Value(1.0 + 2.0j) * 2.0,
        lambda: Value(np.float32(2.0)) * Value(np.float32(3.0)),
        lambda: np.sinc(Value(0.5)),
        lambda: autograd.custom_vjp(lambda x: (2 * x, None), lambda _, g: 2 * g)(Value(1.0)),
        lambda: (Value(1.0) * np.ones(3)).sum(),
        lambda: np.round(Value(1.25), 1) * 2.0,
    ],
    ids=["arrays", "complex", "single", "sinc", "custom", "constant array", "round"],
)
def test_other_graphs_have_no_program(make: Any) -> None:
    assert scalar_program(graph(make()).snapshot) is None


def test_an_operation_is_there_once() -> None:
    x = y = Value(0.5)
    for _ in range(10):
        y = (y * 2.0).tanh()
    program = scalar_program(graph(y).snapshot)
    assert program is not None
    assert program["operations"] == [
        ("(a*b)", ["(g*b)", "(g*a)"]),
        ("Math.tanh(a)", ["(g*(1-(y*y)))"]),
    ]
    assert program["of"] == [-1, *[0, 1] * 10]
    del x


def test_a_branch_on_a_number_is_refused() -> None:
    with pytest.raises(TypeError):
        bool(Script("a") > 0)
