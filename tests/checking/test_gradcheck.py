"""What `gradcheck` takes, what it leaves alone, and what its report says."""

from __future__ import annotations

import json
import random
import re
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.checking import Report, Verdict, assert_gradients, gradcheck

X = np.array([0.3, -0.7, 1.1, 0.9])
Pair = namedtuple("Pair", ["w", "b"])


@dataclass
class Layer:
    w: Any
    b: Any
    name: str = "layer"


def my_tanh(x: Any) -> Any:
    return np.tanh(x)


def wrong_report() -> Report:
    return gradcheck(my_tanh, X, vjp=lambda g, x: g)


def test_the_report_of_a_failure_reads_like_the_example() -> None:
    lines = str(wrong_report()).splitlines()
    assert lines[0] == (
        "FAIL  my_tanh: gradient of input 0 (x, shape (4,)) is wrong: "
        "0 digits of the worst entry agree"
    )
    assert len(lines) <= 12
    text = str(wrong_report())
    assert "worst    d out[2] / d x[2]    backward 1    numeric 0.4449" not in text
    for part in (
        "is the factor (1 - y**2) missing?",
        "Taylor rate 1.0 (2.0 expected)",
        "x = [1.0]",
    ):
        assert part in text
    assert "linear in g: yes" in text
    assert "reproduce    gradcheck(my_tanh, np.array([0.3, -0.7, 1.1, 0.9])" in text


def test_the_numbers_of_the_worst_entry_are_right() -> None:
    worst = wrong_report().inputs[0].worst
    assert worst is not None
    i = int(worst.entry[2:-1])
    assert worst.output == f"out[{i}]"
    assert abs(worst.numeric - (1 - np.tanh(X[i]) ** 2)) <= worst.bar < 1e-9


def test_a_pass_says_to_how_many_digits() -> None:
    report = gradcheck(my_tanh, X)
    assert report.verdict is Verdict.PASS
    assert report.resolution < 1e-9
    assert re.match(r"PASS  my_tanh: gradient verified to \de-1\d: 1\d digits agree", str(report))


@pytest.mark.parametrize("digits", [1, 3, 5, 8])
def test_a_failure_says_how_many_digits_agree(digits: int) -> None:
    off = 1 + 3 * 10.0 ** -(digits + 1)
    report = gradcheck(my_tanh, X, vjp=lambda g, x: g * (1 - np.tanh(x) ** 2) * off)
    assert report.verdict == "FAIL"
    word = "digit of the worst entry agrees" if digits == 1 else "digits of the worst entry agree"
    assert report.headline().endswith(f"is wrong: {digits} {word}")


def test_a_broken_contract_says_how_far_the_entries_agree() -> None:
    report = gradcheck(my_tanh, X, vjp=lambda g, x: np.abs(g) * (1 - np.tanh(x) ** 2))
    assert re.search(r"not linear in g.*one output at a time, 1\d digits agree", report.headline())


def test_no_input_is_left_out_of_the_first_line() -> None:
    def total(a: Any, b: Any, c: Any, d: Any, e: Any) -> Any:
        return a + b + c + d + e

    report = gradcheck(total, *[X[:2]] * 5, vjp=lambda g, *inputs: (-g,) * 5, shrink=False)
    named = ", ".join(f"input {k} ({name}, shape (2,))" for k, name in enumerate("abc"))
    assert f"gradients of {named} and 2 more are wrong" in report.headline()


def test_what_is_undecided_says_so_in_digits() -> None:
    report = gradcheck(np.log, -np.abs(X), vjp=lambda g, x: g / x)
    assert report.verdict == "INCONCLUSIVE"
    assert report.headline().endswith("could not be decided: no digit is certain")


def test_to_dict_is_plain_data() -> None:
    data = json.loads(json.dumps(wrong_report().to_dict()))
    assert data["verdict"] == "FAIL"
    assert data["inputs"][0]["kinds"] == ["missing factor"]
    assert data["ok"] is False


def test_html_and_files(tmp_path: Path) -> None:
    report = wrong_report()
    assert "<svg" in report._repr_html_()
    assert "FAIL" in report._repr_html_()
    for suffix in (".svg", ".html", ".json", ".txt"):
        path = report.save(tmp_path / f"report{suffix}")
        assert "my_tanh" in path.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="saved as one of"):
        report.save(tmp_path / "report.doc")


def test_show_prints_outside_a_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    wrong_report().show()
    assert "FAIL  my_tanh" in capsys.readouterr().out


def test_assert_gradients_raises_with_the_text() -> None:
    assert assert_gradients(np.exp, X)
    with pytest.raises(AssertionError, match="is the factor") as caught:
        assert_gradients(my_tanh, X, vjp=lambda g, x: g)
    assert str(caught.value).startswith("FAIL  my_tanh: ")  # the line that a summary shows


def test_it_leaves_inputs_random_states_and_error_state_alone() -> None:
    def f(x: Any) -> Any:
        np.random.rand()
        random.random()
        np.seterr(all="raise")
        return np.exp(x)

    before = np.random.get_state()[1].copy(), random.getstate(), np.geterr()
    x = X.copy()
    gradcheck(f, x)
    assert np.array_equal(np.random.get_state()[1], before[0])
    assert random.getstate() == before[1]
    assert np.geterr() == before[2]
    assert np.array_equal(x, X)


def test_the_same_seed_gives_the_same_report() -> None:
    first, second = wrong_report().to_dict(), wrong_report().to_dict()
    first.pop("seconds"), second.pop("seconds")
    assert first == second


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (({"w": X, "b": 2.0},), ["p['w']", "p['b']"]),
        (((X, 2.0),), ["p[0]", "p[1]"]),
        ((Pair(X, 2.0),), ["p.w", "p.b"]),
        ((Layer(X, 2.0),), ["p.w", "p.b"]),
    ],
    ids=["dict", "tuple", "namedtuple", "dataclass"],
)
def test_trees(inputs: tuple[Any, ...], names: list[str]) -> None:
    def f(p: Any) -> Any:
        w, b = (
            (p["w"], p["b"])
            if isinstance(p, dict)
            else (p[0], p[1])
            if type(p) is tuple
            else (p.w, p.b)
        )
        return {"out": np.tanh(w) * b, "sum": np.sum(w)}

    report = gradcheck(f, *inputs)
    assert report.verdict == "PASS", str(report)
    assert [result.name for result in report.inputs] == names


def test_keywords_reach_the_function_and_the_backward() -> None:
    def power(x: Any, p: int = 1, scale: float = 1.0) -> Any:
        return scale * x**p

    def backward(g: Any, x: Any, p: int = 1, scale: float = 1.0) -> Any:
        return g * scale * p * x ** (p - 1)

    assert gradcheck(power, X, vjp=backward, kwargs={"p": 3}, scale=0.5)
    assert gradcheck(power, X, p=2)


def test_integers_are_constants() -> None:
    report = gradcheck(lambda x, i: x[i] * 2, X, np.array([0, 2, 2]))
    assert report.verdict == "PASS"
    assert [result.name for result in report.inputs] == ["x"]


def test_complex_values_and_a_forgotten_conjugate() -> None:
    z = np.array([0.3 + 1j, -1.2 + 0.4j])
    assert gradcheck(lambda z: np.sum(z * np.exp(z)), z).verdict == "PASS"
    assert gradcheck(lambda z: np.abs(z) ** 2, z).verdict == "PASS"
    bad = gradcheck(lambda z: np.conj(z) * 2, z, vjp=lambda g, z: 2 * g)
    assert bad.verdict == "FAIL"


def test_primitives_of_the_user() -> None:
    cube = ag.primitive(lambda x: x**3)
    ag.defvjp(cube, lambda y, x: lambda g: g * 3 * x**2)
    assert gradcheck(cube, X).verdict == "PASS"
    half = ag.primitive(lambda x: x**3)
    ag.defvjp(half, lambda y, x: lambda g: g * 1.5 * x**2)
    report = gradcheck(lambda x: np.exp(half(np.sin(x))), X)
    assert report.verdict == "FAIL"
    assert "0.5 times the true gradient" in report.culprit
    assert "test_gradcheck.py" in report.culprit
    serial, edge = report.marks
    assert edge == (serial, 0)
    assert report.marks[edge].startswith("backward ")
    assert ", numeric " in report.graph.graph(mark=report.marks).text()
    assert "graph" in report._repr_html_() or "svg" in report._repr_html_()


def test_a_second_derivative_that_is_wrong() -> None:
    sine = ag.primitive(np.sin)
    ag.defvjp(sine, lambda y, x: lambda g: g * np.cos(ag.stop_gradient(x)))
    report = gradcheck(sine, X)
    assert report.verdict == "FAIL"
    assert report.facts["second order"] == "no"
    assert gradcheck(sine, X, order=1).verdict == "PASS"


def test_an_error_names_the_line_of_the_user() -> None:
    def broken(x: Any) -> Any:
        return x.not_there

    report = gradcheck(broken, X)
    assert report.verdict == "ERROR"
    assert not report
    assert "test_gradcheck.py" in report.source
    assert "return x.not_there" in report.source
    assert "AttributeError" in report.message


def test_a_gradient_that_is_right_only_for_positive_numbers() -> None:
    def backward(g: Any, x: Any) -> Any:
        return g * 2 * np.abs(x)

    report = gradcheck(np.square, np.abs(X), vjp=backward)
    assert report.verdict == "FAIL"
    assert "signs flipped" in str(report) or "random point" in str(report)
    assert gradcheck(np.square, np.abs(X), vjp=backward, points=False).verdict == "PASS"


def test_a_known_gradient_at_the_input_is_no_formula() -> None:
    x = np.abs(X)
    slope = 1 - np.tanh(x) ** 2
    assert gradcheck(np.tanh, x, vjp=lambda g, _: g * slope).verdict == "PASS"


def test_a_layer_that_saves_its_input_in_the_forward() -> None:
    class Tanh:
        def forward(self, x: Any) -> Any:
            self.y = np.tanh(x)
            return self.y

        def backward(self, g: Any) -> Any:
            return g * (1 - self.y**2)

    layer = Tanh()
    report = gradcheck(layer.forward, X, vjp=lambda g, x: layer.backward(g))
    assert report.verdict == "PASS", str(report)
    assert report.taylor.startswith("2")


def test_kinks_of_several_inputs() -> None:
    report = gradcheck(np.maximum, np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    assert report.verdict == "KINK"
    assert report
    assert "valid subgradient" in str(report)
    bad = gradcheck(np.abs, np.array([0.0]), vjp=lambda g, x: 3 * g)
    assert not bad
    assert bad.verdict == "FAIL"
    assert "has a kink here" in str(bad)


def test_kinks_that_meet_in_a_composite() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.normal(size=(6, 5)), rng.normal(size=(5, 3))
    report = gradcheck(lambda x: np.maximum(x @ first, 0.0) @ second, np.zeros((2, 6)))
    assert report.verdict == "KINK"
    assert report, str(report)


def test_budgets_end_without_an_answer_but_end() -> None:
    calls = 0

    def f(x: Any) -> Any:
        nonlocal calls
        calls += 1
        return np.sin(x)

    report = gradcheck(f, np.ones(50), vjp=lambda g, x: g, evaluations=30)
    assert report.verdict in ("INCONCLUSIVE", "FAIL")
    assert calls < 400


def test_numbers_and_lists() -> None:
    assert gradcheck(lambda x: x**2 + 1 / x, 1.5).verdict == "PASS"
    assert gradcheck(np.tanh, [1.0, 2.0]).verdict == "PASS"
    assert gradcheck(lambda v: v[0] * v[1], [np.array([1.0]), 2.0]).verdict == "PASS"


def test_a_kink_is_no_right_entry() -> None:
    x = np.array([0.0, 1.0, 2.0])
    report = gradcheck(np.abs, x, vjp=lambda g, x: 3 * g * np.where(x >= 0, 1, -1))
    assert report.verdict == "FAIL"
    assert report.inputs[0].kinds == ["factor"], str(report)
    assert "are 3 times the true gradient" in str(report)


def test_a_mistake_that_shows_at_another_point_is_named_there() -> None:
    report = gradcheck(lambda x: x * x, np.ones(3), vjp=lambda g, x: 2 * g)
    assert report.verdict == "FAIL"
    assert "right at the input, wrong nearby" in report.headline()
    assert report.headline().endswith("of the worst entry agrees")
    assert "there: 3 of 3 nonzero entries equal the true gradient / x" in str(report)
    assert report.inputs[0].kinds == ["missing factor"]


def test_an_infinite_slope_is_reported_as_such() -> None:
    report = gradcheck(np.sqrt, np.array([0.0, 1.0]))
    assert report, str(report)
    assert str(report).count("the slope is infinite at 1 entr") == 1
    assert "1 entry lies at the edge of the domain: one-sided there" in str(report)


def test_the_other_inputs_are_looked_at_beside_a_wrong_one() -> None:
    rng = np.random.default_rng(0)
    report = gradcheck(
        lambda x, y: x * y,
        rng.normal(size=(3, 4, 2)),
        rng.normal(size=(3, 4, 2)),
        vjp=lambda g, x, y: (2 * g * y, g * x * np.where(y < 0, 1.001, 1)),
        shrink=False,
    )
    assert [result.verdict for result in report.inputs] == ["FAIL", "FAIL"], str(report)
    assert "all those with y < 0" in str(report)
    assert "budget" not in str(report)


def test_a_gradient_that_is_no_array() -> None:
    report = gradcheck(my_tanh, X, vjp=lambda g, x: "oops")
    assert report.headline().endswith("a str was returned where the gradient of x belongs")
    assert report.verdict == "FAIL"


def test_a_smallest_input_is_whole_or_not_there() -> None:
    def fails_only_when_long(g: Any, x: Any) -> Any:
        return g * (2 if x.size > 20 else 1)

    x = np.linspace(0.123456, 1.0, 30)
    text = str(gradcheck(lambda x: x * 1.0, x, vjp=fails_only_when_long))
    line = [row for row in text.splitlines() if "smallest" in row]
    assert not line or line[0].endswith("]")


def test_a_key_that_the_input_has_not_is_an_error() -> None:
    """A misspelt key is said, and not taken for a gradient of zero."""
    point = {"w": np.array([1.0, 2.0]), "b": np.array([0.5, 1.5])}

    def f(p: Any) -> Any:
        return np.sum(p["w"] ** 2 + p["b"])

    report = gradcheck(f, point, vjp=lambda g, p: {"W": 2 * g * p["w"], "b": g * np.ones(2)})
    assert report.verdict == "ERROR"
    assert "the gradient has the key 'W', which the input has not" in str(report)
