"""PyTorch: Functions, functions of tensors and modules, right and wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import gradcheck
from autograd.checking.adapters import of_torch
from tests.checking.adapters.libraries import reason

torch: Any = pytest.importorskip("torch", reason=reason("torch"))

T = torch.tensor([0.3, -0.5, 1.0, 2.0])


def function(forward: Any, backward: Any, name: str = "Custom") -> Any:
    """A `torch.autograd.Function` that saves its inputs."""

    def saved(ctx: Any, *inputs: Any) -> Any:
        ctx.save_for_backward(*inputs)
        return forward(*inputs)

    def pulled(ctx: Any, *g: Any) -> Any:
        return backward(*g, *ctx.saved_tensors)

    parts = {"forward": staticmethod(saved), "backward": staticmethod(pulled)}
    return type(name, (torch.autograd.Function,), parts)


class Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        y = torch.tanh(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (y,) = ctx.saved_tensors
        return g * (1 - y**2)


class HalfTanh(Tanh):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return 0.5 * Tanh.backward(ctx, g)


MATMUL = function(lambda x, w: x @ w, lambda g, x, w: (g @ w.T, x.T @ g))
SWAPPED = function(lambda x, w: x * w, lambda g, x, w: (g * x, g * w))
SQUARE = function(lambda z: z * z, lambda g, z: g * 2 * z.conj())
UNCONJUGATED = function(lambda z: z * z, lambda g, z: g * 2 * z)
TWO = function(lambda x: (torch.sin(x), torch.cos(x)), lambda g, h, x: g * x.cos() - h * x.sin())
TWO_WRONG = function(
    lambda x: (torch.sin(x), torch.cos(x)), lambda g, h, x: g * x.cos() + h * x.sin()
)
PICK = function(lambda x, i: x[i], lambda g, x, i: (torch.zeros_like(x).index_add(0, i, g), None))
PICK_LAST = function(
    lambda x, i: x[i], lambda g, x, i: (torch.zeros_like(x).index_copy(0, i, g), None)
)
MUTATING = function(torch.exp, lambda g, x: g.mul_(torch.exp(x)))
Z = torch.tensor([0.3 + 1j, -1.2 + 0.4j], dtype=torch.complex128)
INDEX = torch.tensor([0, 2, 2])

RIGHT = {
    "a Function's apply": (Tanh.apply, (T,)),
    "a Function": (Tanh, (T,)),
    "NumPy inputs": (Tanh.apply, (np.array([0.3, 0.5]),)),
    "a number": (Tanh.apply, (0.5,)),
    "float64": (Tanh.apply, (T.double(),)),
    "bfloat16": (torch.tanh, (T.bfloat16(),)),
    "float16": (lambda x: x * x, (T.half(),)),
    "two inputs": (MATMUL.apply, (torch.randn(3, 4), torch.randn(4, 2))),
    "two outputs": (TWO.apply, (T,)),
    "integer input": (PICK.apply, (T, INDEX)),
    "complex": (SQUARE.apply, (Z,)),
    "complex, built in": (lambda z: z**2 * torch.conj(z), (Z,)),
    "complex to real": (lambda z: (z.abs() ** 2).sum(), (Z,)),
    "real to complex": (lambda x: torch.fft.fft(x), (T.double(),)),
    "a composite": (lambda x: Tanh.apply(x * x).sum(), (T,)),
    "trees": (lambda p: {"y": p["w"] @ p["x"], "n": (p["x"],)}, ({"w": torch.eye(4), "x": T},)),
    "keyword": (torch.nn.functional.layer_norm, (torch.randn(2, 4),)),
    "gradient inside": (
        lambda x: torch.autograd.grad((x**3).sum(), x, create_graph=True)[0],
        (T,),
    ),
    "linear layer": (torch.nn.Linear(3, 2), (torch.randn(4, 3),)),
    "linear layer, NumPy": (torch.nn.Linear(3, 2), (np.ones((4, 3)),)),
    "layer norm": (torch.nn.LayerNorm(5), (torch.randn(2, 5),)),
    "embedding": (torch.nn.Embedding(5, 3), (torch.tensor([1, 2, 2]),)),
    "batch norm, eval": (torch.nn.BatchNorm1d(3).eval(), (torch.randn(4, 3),)),
    "network": (
        torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)),
        (torch.randn(5, 3),),
    ),
    "marked": (of_torch(lambda x: torch.tanh(x)), (np.array([0.3, 0.5]),)),
}
WRONG = {
    "a factor": (HalfTanh.apply, (T,), "factor"),
    "swapped": (SWAPPED.apply, (T, T + 1), "swapped"),
    "two outputs": (TWO_WRONG.apply, (T,), ""),
    "repeated index": (PICK_LAST.apply, (T, INDEX), "copies"),
    "no conjugate": (UNCONJUGATED.apply, (Z,), "convention"),
    "detached": (lambda x: x.detach() * 2, (T,), "not propagated"),
    "half detached": (lambda x: x.detach() * x, (T,), "factor"),
    "inside a composite": (lambda x: HalfTanh.apply(x) + x * 0, (T,), "factor"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_right(case: str) -> None:
    f, inputs = RIGHT[case]
    options = {"kwargs": {"normalized_shape": (4,)}} if case == "keyword" else {}
    report = gradcheck(f, *inputs, **options)
    assert report.verdict == "PASS", str(report)
    assert report.resolution < 1e-6


@pytest.mark.parametrize("case", WRONG)
def test_wrong(case: str) -> None:
    f, inputs, kind = WRONG[case]
    report = gradcheck(f, *inputs)
    assert report.verdict == "FAIL", str(report)
    if kind:
        assert report.inputs[0].kinds == [kind], str(report)


def test_a_constant_has_the_gradient_zero() -> None:
    assert gradcheck(lambda x: torch.ones(2), T).verdict == "PASS"


def test_source_and_rule_are_the_users_lines() -> None:
    report = gradcheck(lambda x: HalfTanh.apply(x), T)
    assert "test_torch.py" in report.source
    assert report.rule.endswith(f"test_torch.py:{HalfTanh.backward.__code__.co_firstlineno}")
    assert "test_torch.py" in gradcheck(HalfTanh.apply, T).source
    assert gradcheck(torch.nn.Linear(3, 2), torch.randn(1, 3)).source == ""


def test_names_are_those_of_the_users_code() -> None:
    report = gradcheck(HalfTanh.apply, T)
    assert report.name == "HalfTanh"
    assert report.reproduce == f"gradcheck(HalfTanh.apply, torch.tensor({T.tolist()}), seed=0)"
    layer = torch.nn.Linear(3, 2)
    names = [r.name for r in gradcheck(layer, torch.randn(4, 3)).inputs]
    assert names == ["input", "parameters['weight']", "parameters['bias']"]


def test_a_module_with_a_wrong_gradient_for_its_parameter() -> None:
    class Scale(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = torch.nn.Parameter(torch.tensor([2.0, 3.0]))
            self.frozen = torch.nn.Parameter(torch.ones(2), requires_grad=False)

        def forward(self, x: Any) -> Any:
            return x * self.scale.detach() * self.frozen + 0 * self.scale

    module = Scale()
    report = gradcheck(module, torch.ones(3, 2))
    assert [r.verdict for r in report.inputs] == ["PASS", "FAIL"]
    assert report.inputs[1].kinds == ["not propagated"]
    assert module.scale.grad is None
    assert module.scale.dtype == torch.float32


def test_only_what_requires_a_gradient_is_checked() -> None:
    report = gradcheck(lambda x, w: x * w, T, T.clone().requires_grad_())
    assert [r.name for r in report.inputs] == ["w"]
    assert [r.name for r in gradcheck(lambda x, n: x**n, T + 1, 3.0).inputs] == ["x"]


def test_the_state_of_a_module_and_of_the_random_numbers_is_kept() -> None:
    norm = torch.nn.BatchNorm1d(3)
    before, state = norm.running_mean.clone(), torch.get_rng_state()
    gradcheck(norm, torch.randn(4, 3, generator=torch.Generator().manual_seed(1)))
    gradcheck(lambda x: x * torch.rand(4), T)
    assert torch.equal(norm.running_mean, before)
    assert torch.equal(torch.get_rng_state(), state)


def test_dropout_needs_a_reseed() -> None:
    layer = torch.nn.Dropout(0.5)
    assert gradcheck(layer, T).verdict == "NONDETERMINISTIC"
    report = gradcheck(layer, T, reseed=lambda: torch.manual_seed(0))
    assert report.verdict == "PASS", str(report)


def test_a_backward_that_changes_its_cotangent() -> None:
    report = gradcheck(MUTATING.apply, T.double())
    assert report.verdict == "FAIL"
    assert "the cotangent g" in str(report)


def test_a_function_that_insists_on_float32() -> None:
    matrix = torch.ones(4, 2)
    right = gradcheck(lambda x: torch.tanh(x @ matrix), T[None])
    assert right.verdict == "PASS", str(right)
    assert "computed in the precision given" in str(right)
    wrong = gradcheck(lambda x: HalfTanh.apply(x @ matrix), T[None])
    assert wrong.verdict == "FAIL", str(wrong)


def test_a_backward_that_is_passed_along() -> None:
    right = gradcheck(torch.tanh, T, vjp=lambda g, x: g * (1 - torch.tanh(x) ** 2))
    assert right.verdict == "PASS", str(right)
    wrong = gradcheck(lambda x: torch.tanh(x), T, vjp=lambda g, x: 2 * g / torch.cosh(x) ** 2)
    assert wrong.inputs[0].kinds == ["factor"]
    conj = gradcheck(lambda z: z * z, Z, vjp=lambda g, z: g * 2 * z.conj())
    assert conj.verdict == "PASS", str(conj)


def test_a_function_of_tensors_at_arrays_names_the_adapter() -> None:
    report = gradcheck(lambda x: torch.tanh(x), np.ones(2))
    assert report.verdict == "ERROR"
    assert "pass it PyTorch tensors, or gradcheck(of_torch(f), x)" in str(report)


def test_an_error_names_the_users_line() -> None:
    report = gradcheck(lambda x: x @ torch.ones(7, 7), T)
    assert report.verdict == "ERROR"
    assert "x @ torch.ones(7, 7)" in report.source
