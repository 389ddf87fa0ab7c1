"""`compile`: what users meet.  Every test compares with the function itself."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd as ag
from autograd import Value, compile
from autograd.compilation.compiled import Compiled
from autograd.compilation.recording import CannotRecord
from tests.samples import floats

X = floats(3)


def check(f: Callable[..., Any], *calls: tuple[Any, ...], programs: int = 1, **options: Any) -> Any:
    """The same as eager at each call, bit for bit, by so many programs and no call of f itself."""
    compiled = compile(f, **options)
    for args in calls:
        wanted, got = f(*args), compiled(*args)
        same(got, wanted)
    assert (compiled.recorded, compiled.eager) == (programs, 0)
    return compiled


def same(a: Any, b: Any) -> None:
    """Two results of one class, shape, dtype and bits."""
    assert type(a) is type(b)
    if isinstance(a, tuple | list):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            same(x, y)
    elif isinstance(a, dict):
        assert list(a) == list(b)
        for key in a:
            same(a[key], b[key])
    elif isinstance(a, Value):
        same(a.data, b.data)
    elif hasattr(a, "dtype"):
        same_bits(a, b)
    else:
        assert a == b


def same_bits(a: Any, b: Any) -> None:
    """Two arrays of one dtype and the same bits, zeros of both signs apart; NaN is NaN."""
    assert a.dtype == b.dtype
    np.testing.assert_array_equal(a, b)
    if a.dtype.kind == "f":
        np.testing.assert_array_equal(np.signbit(a) & (a == 0), np.signbit(b) & (b == 0))


# --- compositions ---------------------------------------------------------------------------------
def cubes(x: Any) -> Any:
    return np.sum(x * x * x + np.tanh(x))


@pytest.mark.parametrize(
    "transform",
    [
        ag.grad,
        ag.value_and_grad,
        ag.elementwise_grad,
        lambda f: ag.grad(lambda x: np.sum(ag.grad(f)(x) ** 2)),
        lambda f: lambda x: ag.jvp(f, (x,), (x,)),
        lambda f: lambda x: ag.jvp(ag.grad(f), (x,), (x,)),
        lambda f: lambda x: ag.vjp(f, x)[1](2.0),
        lambda f: ag.grad(ag.checkpoint(f)),
        lambda f: ag.grad(compile(f)),
        lambda f: compile(ag.grad(f)),
    ],
)
def test_transforms(transform: Any) -> None:
    check(transform(cubes), (X,), (X + 1,))


def test_of_numbers() -> None:
    check(ag.grad(lambda a, b: a * b**2 + np.sin(a), argnum=(0, 1)), (2.0, 3.0), (0.5, -1.5))


def test_a_number_keeps_the_dtype_of_arrays() -> None:
    step = lambda x, rate: x - rate * np.cos(x)
    y = check(step, (X.astype(np.float32), 0.1), (X.astype(np.float32), 0.2))(
        X.astype(np.float32), 0.3
    )
    assert y.dtype == np.float32
    slope = ag.grad(lambda rate, x: np.sum(rate * x * rate))
    check(slope, (0.5, X.astype(np.float32)), (0.25, X.astype(np.float32)))


def test_numpy_computes_with_a_plain_number_in_double_precision() -> None:
    """np.sin of a float is a float64 of NumPy's, which beside float32 gives float64."""
    check(lambda x, a: x * np.sin(a), (X.astype(np.float32), 0.5), (X.astype(np.float32), 0.7))


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclass
class Config:
    w: Any
    name: str = "c"


def test_trees() -> None:
    def f(tree: Any, pair: Pair, config: Config) -> Any:
        total = tree["w"] @ tree["b"][0] + pair.a * config.w
        return {"y": total, "rest": [pair._replace(a=total), tree["b"]], "n": 3, "none": None}

    def calls(shift: float) -> Any:
        tree = {"w": floats(3, 3) + shift, "b": (X, [X * 2])}
        return tree, Pair(X + shift, 2.0), Config(X)

    compiled = compile(f)
    for shift in (0.0, 1.0):
        args = calls(shift)
        same(compiled(*args), f(*args))
    assert compiled.recorded == 1


def test_a_dataclass_in_the_result() -> None:
    compiled = compile(lambda c: Config(c.w * 2, c.name + "!"))
    for _ in range(2):
        found = compiled(Config(X))
        assert type(found) is Config
        assert found.name == "c!"
        np.testing.assert_array_equal(found.w, X * 2)


def test_keywords_and_static_arguments() -> None:
    def power(x: Any, n: int, *, scale: float = 1.0) -> Any:
        return scale * x**n if n > 1 else x

    compiled = compile(power, static="n")
    for n, scale in ((1, 2.0), (2, 3.0), (2, 4.0), (3, 1.0), (2, 5.0)):
        np.testing.assert_array_equal(compiled(X, n, scale=scale), power(X, n, scale=scale))
    assert compiled.recorded == 3
    assert compile(power, static=1)(X, 2).shape == (3,)
    np.testing.assert_array_equal(
        compile(power, static=("n", "scale"))(X, n=3, scale=2.0), 2 * X**3
    )
    with pytest.raises(ValueError, match="static names 'k', which is no argument of power"):
        compile(power, static="k")


def test_a_static_float_may_decide() -> None:
    f = lambda x, a: x if a > 0 else -x
    with pytest.raises(CannotRecord, match="static="):
        compile(f)(X, 1.0)
    check(f, (X, 1.0), (X, -1.0), (X, 1.0), programs=2, static="a")


def test_as_a_decorator_and_as_a_method() -> None:
    @compile
    def double(x: Any) -> Any:
        """Twice x."""
        return 2 * x

    @compile(static="n")
    def times(x: Any, n: int) -> Any:
        return sum(x for _ in range(n))

    class Layer:
        def __init__(self) -> None:
            self.w = X

        @compile
        def apply(self, x: Any) -> Any:
            return self.w * x

    assert (double.__name__, double.__doc__) == ("double", "Twice x.")
    np.testing.assert_array_equal(double(X), 2 * X)
    np.testing.assert_array_equal(times(X, 3), 3 * X)
    layer = Layer()
    np.testing.assert_array_equal(layer.apply(X), X * X)
    layer.w = X + 1
    np.testing.assert_array_equal(layer.apply(X), (X + 1) * X)


def test_a_signature_is_shape_dtype_and_structure() -> None:
    f = lambda x: np.sum(x)
    calls = [X, X.astype(np.float32), floats(4), floats(2, 3), floats(3, 2).T, np.arange(3)]
    check(f, *[(x,) for x in calls], *[(x + 1,) for x in (X, floats(4))], programs=len(calls))


def test_integers_traced_in_arrays() -> None:
    check(lambda x, i: x[i], (X, np.array([0, 2])), (X, np.array([1, 1])))


def test_an_int_that_varies_is_traced() -> None:
    f = lambda x, n: (x * n + 2.0**n, n + 1)
    check(f, *[(X, n) for n in range(5)], programs=2)
    state = {"count": 0, "m": X}
    g = lambda s: {"count": s["count"] + 1, "m": s["m"] * (1 - 0.9 ** (s["count"] + 1))}
    compiled = compile(g)
    for _ in range(4):
        same(compiled(state), g(state))
        state = compiled(state)
    assert compiled.recorded == 2


def test_an_int_that_decides_stays_static() -> None:
    f = lambda x, n: sum(x for _ in range(n)) if n else x
    check(f, *[(X, n) for n in range(4)], (X, 2), programs=4)
    check(lambda x, n: x.reshape(n, -1), (floats(6), 2), (floats(6), 3), programs=2)
    check(lambda x, n: np.zeros(n) + x[0], (X, 2), (X, 3), programs=2)
    check(lambda x, n: [10, 20, 30][n] * x, (X, 0), (X, 1), (X, 2), programs=3)
    check(lambda x, n: x[n], (X, 0), (X, 1), (X, 2), programs=2)


def test_recording_again_and_again_warns() -> None:
    compiled = compile(lambda x, n: x * n if n % 2 else x)
    with pytest.warns(UserWarning, match="recorded for the 8th time: n differs"):
        for n in range(8):
            compiled(X, n)


def test_traced_indices_that_repeat() -> None:
    slope = ag.grad(lambda x, i: np.sum(x[i] ** 2))
    check(slope, (X, np.array([0, 2])), (X, np.array([1, 1])))
    rows = np.array([0, 0, 2])
    pick = ag.grad(lambda x, i: np.sum(x[rows, i] ** 2))
    check(pick, (floats(3, 4), np.array([0, 1, 2])), (floats(3, 4), np.array([1, 1, 1])))


@pytest.mark.parametrize("rows", [[0, 1, 2], [2, 0, 1], [0, 2, 2]])
@pytest.mark.parametrize("g", [-0.0, 1.5])
def test_picked_entries_and_their_sums(rows: list[int], g: float) -> None:
    places, seed = np.array(rows), np.array([g, -g, g])

    def f(x: Any, columns: Any) -> Any:
        back = ag.vjp(lambda x: x[places, columns], x)[1](seed)[0]
        return back, np.sum(back, axis=-1), np.sum(back, axis=1, keepdims=True), np.sum(back, 0)

    check(f, (floats(3, 4), np.array([0, 1, 2])), (floats(3, 4), np.array([1, 1, -1])))


def test_zero_keeps_its_sign() -> None:
    x = np.array([0.0, -0.0, 1.0])
    for f in (
        lambda x: x + 0.0,
        lambda x: x - 0.0,
        lambda x: x - (-0.0),
        lambda x: x - np.float64(-0.0),
        lambda x: x - np.full(3, -0.0),
        lambda x: x * 1.0 - np.zeros(3),
        lambda x: 0.0 - x,
        lambda x: x * -1.0,
    ):
        check(f, (x,), (-x,))


# --- results belong to the caller -----------------------------------------------------------------
def test_results_are_never_written_again() -> None:
    f = ag.value_and_grad(lambda x: np.sum(np.tanh(x) * x))
    compiled = compile(f)
    kept = [compiled(X + i) for i in range(4)]
    for i, found in enumerate(kept):
        same(found, f(X + i))


def test_arguments_are_never_written() -> None:
    x = X.copy()
    compile(lambda x: np.tanh(x * x) * x)(x)
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * 1.0,
        lambda x: x.copy(),
        lambda x: (x * 1.0).T,
        lambda x: ag.grad(lambda x: np.sum(x * x * 0.5))(x) * 1.0,
        lambda x: np.broadcast_to(x, x.shape).copy(),
    ],
)
def test_a_result_shares_no_memory_where_eager_does_not(f: Any) -> None:
    compiled = compile(f)
    for _ in range(2):
        y = compiled(X)
        assert not np.shares_memory(y, X)
        assert y.flags.writeable


def test_a_result_shares_memory_where_eager_does() -> None:
    x = floats(2, 3)
    compiled = compile(lambda x: (x, x.T, x[1:]))
    for _ in range(2):
        whole, turned, part = compiled(x)
        assert whole is x
        assert np.shares_memory(turned, x)
        assert np.shares_memory(part, x)


def test_two_results_share_no_memory_unless_they_are_one() -> None:
    compiled = compile(lambda x: (x + 1, x + 1, (lambda y: (y, y))(x * 2)))
    for _ in range(2):
        a, b, (c, d) = compiled(X)
        assert not np.shares_memory(a, b)
        assert c is d


def test_a_constant_made_inside_is_new_at_each_call() -> None:
    compiled = compile(lambda x: (x, np.zeros(3), np.zeros_like(x)))
    for _ in range(2):
        _, made, like = compiled(X)
        np.testing.assert_array_equal([made, like], np.zeros((2, 3)))
        made += 1
        like += 1


# --- Values ---------------------------------------------------------------------------------------
def test_gradients_flow_through_a_compiled_function() -> None:
    f = lambda v, x: np.sum(np.tanh(v * x))
    compiled = compile(f)
    for x in (X, X + 1):
        v, w = Value(X), Value(X)
        compiled(v, x).backward()
        f(w, x).backward()
        np.testing.assert_array_equal(v.grad, w.grad)
    assert compiled.recorded == 1
    second = ag.hessian(compiled)(X, X)
    np.testing.assert_allclose(second, ag.hessian(f)(X, X), atol=1e-14)


def test_gradients_flow_to_a_captured_value() -> None:
    v = Value(X)
    compiled = compile(lambda x: np.sum(v * v * x))
    for _ in range(2):
        v.zero_grad()
        compiled(X).backward()
        np.testing.assert_array_equal(v.grad, 2 * X * X)
    v.data = X + 1
    v.zero_grad()
    compiled(X).backward()
    np.testing.assert_array_equal(v.grad, 2 * (X + 1) * X)
    np.testing.assert_array_equal(ag.grad(lambda y: compiled(y) * 1.0)(X).data, (X + 1) ** 2)


def test_several_outputs_connect() -> None:
    compiled = compile(lambda v: {"a": v * 2, "b": [np.sum(v * v), 3]})
    for _ in range(2):
        v = Value(X)
        found = compiled(v)
        (np.sum(found["a"]) + found["b"][0]).backward()
        np.testing.assert_array_equal(v.grad, 2 + 2 * X)


def test_an_argument_is_returned_as_it_is() -> None:
    v = Value(X)
    compiled = compile(lambda v, x: (v, x, v))
    a, b, c = compiled(v, X)
    assert (a is v, b is X, c is v) == (True, True, True)


def test_a_value_of_its_own_may_walk_backward() -> None:
    def slope(x: Any) -> Any:
        v = Value(x)
        np.sum(v * v).backward()
        return v.grad

    check(slope, (X,), (X + 1,))


def test_backward_and_writing_into_values_of_others_raise() -> None:
    captured = Value(X, label="w")

    def walk(x: Any) -> Any:
        loss = np.sum(captured * x)
        loss.backward()
        return loss

    def walk_argument(v: Any, x: Any) -> Any:
        loss = np.sum(v * x)
        loss.backward()
        return loss

    def write(v: Any, x: Any) -> Any:
        v.data = v.data - x
        return v

    def write_captured(x: Any) -> Any:
        captured.data = captured.data - x
        return x

    with pytest.raises(CannotRecord, match="gradient in w that the function captures"):
        compile(walk)(X)
    with pytest.raises(CannotRecord, match="gradient in v, which belongs to the caller"):
        compile(walk_argument)(Value(X), X)
    with pytest.raises(CannotRecord, match=r"writes v\.data"):
        compile(write)(Value(X), X)
    with pytest.raises(CannotRecord, match="writes the data of w"):
        compile(write_captured)(X)
    assert not captured.has_grad
    np.testing.assert_array_equal(captured.data, X)


# --- what is captured -----------------------------------------------------------------------------
SCALE = 2.0
TABLE = np.ones(3)
SETTINGS = {"deep": [1.0, {"deeper": 2.0}]}


def test_a_global_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile(lambda x: x * SCALE)
    np.testing.assert_array_equal(compiled(X), X * 2)
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    np.testing.assert_array_equal(compiled(X), X * 3)
    assert compiled.recorded == 2


def test_a_global_of_a_function_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def inner(x: Any) -> Any:
        return x * SCALE

    compiled = compile(lambda x: inner(x) + 1)
    np.testing.assert_array_equal(compiled(X), X * 2 + 1)
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    np.testing.assert_array_equal(compiled(X), X * 3 + 1)


def test_a_captured_array_that_is_written() -> None:
    w = np.ones(3)
    large = np.ones(5000)
    for f in (lambda x: x * w, lambda x: x * (w * 2), lambda x: x * w[0], lambda x: x * large[3]):
        compiled = compile(f)
        for i in range(3):
            w[0], large[3] = i, i
            np.testing.assert_array_equal(compiled(X), f(X))


def test_a_captured_array_that_is_written_into_a_view() -> None:
    base = np.ones((2, 3))
    row = base[0]
    row.flags.writeable = False
    compiled = compile(lambda x: x * (row * 2))
    for i in range(3):
        base[0] = i
        np.testing.assert_array_equal(compiled(X), X * i * 2)


def test_a_read_only_array_is_not_compared() -> None:
    w = np.ones(3)
    w.flags.writeable = False
    compiled = compile(lambda x: x * w)
    compiled(X)
    assert not compiled.report().compared


def test_captured_containers_and_attributes() -> None:
    numbers, state = [1.0, 2.0], type("State", (), {})()
    state.scale = 3.0
    f = lambda x: x * numbers[0] * SETTINGS["deep"][1]["deeper"] * state.scale
    compiled = compile(f)
    for change in (
        lambda: None,
        lambda: numbers.__setitem__(0, 5.0),
        lambda: setattr(state, "scale", 7.0),
        lambda: SETTINGS["deep"][1].__setitem__("deeper", 11.0),
        lambda: numbers.append(1.0),
    ):
        change()
        np.testing.assert_array_equal(compiled(X), f(X))
    SETTINGS["deep"][1]["deeper"] = 2.0


def test_a_default_and_a_closure_that_change() -> None:
    scale = 2.0

    settings = [1.0]

    def f(x: Any, k: Any = settings) -> Any:
        return x * scale * k[0]

    def g(x: Any, *, k: Any = settings) -> Any:
        return x * k[0]

    compiled, named = compile(f), compile(g)
    for change in (0, 1, 2):
        scale += change == 1
        settings[0] += change == 2
        np.testing.assert_array_equal(compiled(X), f(X))
        np.testing.assert_array_equal(named(X), g(X))


def test_a_global_of_a_function_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x: Any) -> Any:
        inner = lambda y: y * SCALE
        return inner(x)

    compiled = compile(f)
    np.testing.assert_array_equal(compiled(X), X * 2)
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    np.testing.assert_array_equal(compiled(X), X * 3)


def test_a_capture_that_the_function_changes_is_refused() -> None:
    losses: list[Any] = []
    count = 0

    def f(x: Any) -> Any:
        losses.append(1)
        return x

    def g(x: Any) -> Any:
        nonlocal count
        count += 1
        return x

    with pytest.raises(CannotRecord, match="changes losses"):
        compile(f)(X)
    with pytest.raises(CannotRecord, match="changes count"):
        compile(g)(X)


def test_an_argument_that_the_function_changes_is_refused() -> None:
    def f(state: Any, x: Any) -> Any:
        state["sum"] = state["sum"] + x
        return state

    with pytest.raises(CannotRecord, match="return a new tree"):
        compile(f)({"sum": X}, X)


# --- what cannot be recorded ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "f",
    [
        lambda x: x if np.sum(x) > 0 else -x,
        lambda x: float(x[0]) * x,
        lambda x: x[0].item() * x,
        lambda x: x.tolist(),
        lambda x: x[x > 0],
        lambda x: np.nonzero(x),
        lambda x: np.asarray(x) * 2,
        lambda x: [1, 2, 3][x.argmax()],
        lambda x: range(x.astype(int)[0]),
        lambda x: {x[0]: 1},
        lambda x: np.linspace(0, 1, x.astype(int)[0]),
        lambda x: setattr(x, "shape", (3, 1)),
        lambda x: x.sort(),
        lambda x: x.fill(0),
        lambda x: np.add.at(x, [0], 1),
        lambda x: np.copyto(x, 0),
        lambda x: np.add(x, 1, out=x),
        lambda x: x.__setitem__(0, 1.0),
        lambda x: x.__iadd__(1.0),
        lambda x: lambda: x,
        lambda x: iter([x]),
        lambda x: ag.vjp(np.sin, x),
    ],
)
def test_refused(f: Any) -> None:
    with pytest.raises((TypeError, AttributeError)):
        compile(f)(X)


def test_the_advice_names_what_to_do() -> None:
    with pytest.raises(CannotRecord, match=r"choose by np\.where.*static="):
        compile(lambda x: x if x[0] > 0 else -x)(X)
    with pytest.raises(ValueError) as error:
        compile(lambda x: np.zeros(3).__setitem__(0, x[0]))(X)
    assert "entries cannot be written" in error.value.__notes__[0]


def test_in_place_on_an_array_of_its_own() -> None:
    def f(x: Any) -> Any:
        y = x * 2
        z = y
        y += x
        y *= y
        return y, z

    check(f, (X,), (X + 1,))

    def viewed(x: Any) -> Any:
        y = x * 2
        row = y[1:]
        y += x
        return row

    with pytest.raises(CannotRecord, match="with views"):
        compile(viewed)(X)


def test_in_place_keeps_the_dtype() -> None:
    def f(x: Any) -> Any:
        y = x * 2
        y += np.float64(0.1)
        y -= np.full(3, 0.1)
        return y

    check(f, (X.astype(np.float32),), (X.astype(np.float32) + 1,))


# --- random numbers -------------------------------------------------------------------------------
def test_a_generator_as_argument_draws_anew() -> None:
    def f(x: Any, rng: np.random.Generator) -> Any:
        noise = rng.normal(size=x.shape) + rng.uniform(x, x + 1)
        rng.random()
        return x + noise * rng.integers(3), rng.permutation(x)

    compiled = compile(f)
    ours, theirs = np.random.default_rng(1), np.random.default_rng(1)
    for _ in range(3):
        same(compiled(X, ours), f(X, theirs))
        assert ours.bit_generator.state == theirs.bit_generator.state
    assert (compiled.recorded, compiled.eager) == (1, 0)


def test_a_failing_guard_draws_once() -> None:
    def f(x: Any, rng: np.random.Generator) -> Any:
        noise = rng.random()
        return ag.grad(lambda x: np.sum(np.where(x > 0, np.log(x), 0.0) * noise))(x)

    compiled = compile(f)
    ours, theirs = np.random.default_rng(1), np.random.default_rng(1)
    with np.errstate(all="ignore"):
        for x in (np.ones(2), np.zeros(2), np.ones(2)):
            same(compiled(x, ours), f(x, theirs))
    assert ours.bit_generator.state == theirs.bit_generator.state
    assert compiled.eager == 1


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x + np.random.rand(3),
        lambda x: x + np.random.default_rng().random(3),
        lambda x: x + RNG.random(3),
        lambda x, rng: rng.shuffle(x),
    ],
)
def test_other_random_numbers_are_refused(f: Any) -> None:
    args = (X,) if f.__code__.co_argcount == 1 else (X, np.random.default_rng(0))
    with pytest.raises(CannotRecord, match=r"generator|Generator|rng"):
        compile(f)(*args)


def test_a_refused_recording_leaves_the_sources_as_they_were() -> None:
    rng, state = np.random.default_rng(0), np.random.RandomState(0)
    f = lambda x: x * rng.random() * state.rand()
    with pytest.raises(CannotRecord):
        compile(f)(X)
    assert rng.random() == np.random.default_rng(0).random()
    assert state.rand() == np.random.RandomState(0).rand()


def test_random_numbers_are_those_of_the_call_where_a_gradient_is_asked_for() -> None:
    f = lambda v, rng: np.sum(v * rng.random(3))
    compiled = compile(f)
    ours, theirs = np.random.default_rng(1), np.random.default_rng(1)
    for _ in range(2):
        v, w = Value(X), Value(X)
        compiled(v, ours).backward()
        f(w, theirs).backward()
        np.testing.assert_array_equal(v.grad, w.grad)


def test_numbers_of_a_seed_are_constants() -> None:
    check(lambda x: x + np.random.default_rng(3).random(3), (X,), (X + 1,))


# --- decisions of the engine ----------------------------------------------------------------------
def test_a_guard_that_fails_runs_the_function() -> None:
    f = ag.grad(lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)))
    compiled = compile(f)
    with np.errstate(all="ignore"):
        for x in (np.ones(2), np.zeros(2), np.array([1.0, 0.0]), np.full(2, 2.0)):
            np.testing.assert_array_equal(compiled(x), f(x))
    assert (compiled.recorded, compiled.eager) == (1, 2)


def test_a_first_call_that_is_unusual_is_not_recorded() -> None:
    f = ag.grad(lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)))
    compiled = compile(f)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(compiled(np.zeros(2)), [0.0, 0.0])
        assert compiled.recorded == 0
        np.testing.assert_array_equal(compiled(np.ones(2)), [1.0, 1.0])
    assert compiled.recorded == 1


def test_prod_with_and_without_zeros() -> None:
    f = ag.grad(np.prod)
    compiled = compile(f)
    for x in (np.array([2.0, 3.0]), np.array([0.0, 3.0]), np.array([5.0, 3.0])):
        np.testing.assert_array_equal(compiled(x), f(x))
    assert compiled.eager == 1


def test_an_error_is_that_of_the_function() -> None:
    compiled = compile(lambda x, i: x[i])
    compiled(X, np.array([0]))
    with pytest.raises(IndexError):
        compiled(X, np.array([7]))
    divide = compile(lambda a: 1.0 / a)
    assert divide(2.0) == 0.5
    with pytest.raises(ZeroDivisionError):
        divide(0.0)
    logarithm = compile(ag.grad(np.log))
    assert logarithm(2.0) == 0.5
    with np.errstate(all="ignore"):
        assert logarithm(0.0) == np.inf


def test_error_settings_are_those_of_the_caller() -> None:
    compiled = compile(lambda x: np.log(x))
    compiled(X + 10)
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        compiled(np.zeros(3))
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        compiled(np.zeros(3))

    def quiet(x: Any) -> Any:
        with np.errstate(divide="ignore"):
            return np.log(x)

    silent = compile(quiet)
    silent(X + 10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        silent(np.zeros(3))


# --- threads and recursion ------------------------------------------------------------------------
def test_threads() -> None:
    f = ag.value_and_grad(lambda x: np.sum(np.tanh(x @ x.T) @ x))
    compiled = compile(f)
    inputs = [floats(20, 20) + i for i in range(8)]
    wanted = [f(x) for x in inputs]
    errors: list[BaseException] = []

    def work(i: int) -> None:
        try:
            for k in range(30):
                same(compiled(inputs[(i + k) % 8]), wanted[(i + k) % 8])
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert compiled.eager == 0


def test_recursion() -> None:
    @compile
    def power(x: Any, n: int) -> Any:
        return x if n == 1 else x * power(x, n - 1)

    np.testing.assert_array_equal(power(X, 4), X * (X * (X * X)))
    assert power.recorded == 1


def test_a_compiled_function_inside_is_part_of_the_program() -> None:
    inner = compile(lambda x: np.sin(x) * 2)
    outer = compile(lambda x: inner(x) + 1)
    np.testing.assert_array_equal(outer(X), np.sin(X) * 2 + 1)
    assert inner.recorded == 0
    assert "np.sin" in outer.source
    inner(X)
    np.testing.assert_array_equal(outer(X), np.sin(X) * 2 + 1)


def test_arrays_of_other_libraries_run_eagerly() -> None:
    from autograd.arrays.refusing import RefusingArray

    compiled = compile(lambda x: np.sum(x * x))
    assert compiled(RefusingArray.of(X)).compute() == np.sum(X * X)
    assert compiled.recorded == 0


# --- looking --------------------------------------------------------------------------------------
def test_the_source_runs_by_itself() -> None:
    w = np.arange(3.0)
    f = ag.value_and_grad(lambda x, a: np.sum(np.tanh(x * w) * a))
    compiled = compile(f)
    compiled(X, 2.0)
    namespace: dict[str, Any] = {}
    exec(compiled.source, namespace)
    functions = [v for k, v in namespace.items() if k not in ("np", "math") and callable(v)]
    value, slope = functions[-1](X + 1, 3.0)
    same([value, slope], list(f(X + 1, 3.0)))
    assert compiled.source.startswith("import")
    assert "autograd" not in compiled.source


def test_no_import_of_the_source_has_the_name_of_the_function() -> None:
    def erf(x: Any) -> Any:
        return ag.erf(x) * 2

    compiled = compile(erf)
    compiled(X)
    namespace: dict[str, Any] = {}
    exec(compiled.source, namespace)
    np.testing.assert_array_equal(namespace["erf"](X)[0], erf(X))


def test_the_memory_of_an_array_is_refused_with_advice() -> None:
    for f in (lambda x: x.flags, lambda x: x.strides, lambda x: x.flat):
        with pytest.raises(CannotRecord, match="memory of an array"):
            compile(f)(X)
    with pytest.raises(CannotRecord, match=r"joined by np\.stack"):
        compile(lambda x: np.array([x[0], x[1]]))(X)
    check(lambda x: x * x.nbytes * x.itemsize, (X,), (X + 1,))


def test_the_report() -> None:
    w = np.ones(3)

    def f(x: Any) -> Any:
        print("seen")
        return np.sum(np.tanh(x * w) * 1.0) + np.sum(np.tanh(x * w))

    compiled = compile(ag.grad(f))
    with pytest.raises(RuntimeError, match="call f first"):
        compiled.report()
    compiled(X)
    report = compiled.report()
    assert report.saved["computed twice"] >= 2
    assert report.saved["that change nothing"] >= 1
    assert report.compared == ["w"]
    assert report.effects == ["print"]
    assert report.run < report.recorded
    text = str(report)
    for words in ("computed twice", "print", "compared at each call", "used again"):
        assert words in text


def test_the_graph() -> None:
    compiled = compile(ag.grad(lambda x: np.sum(np.tanh(x) * 1.0)))
    compiled(X)
    pictures = compiled.graph()
    assert "tanh" in pictures.before.text()
    assert "tanh" in pictures.after.text()
    assert str(pictures).startswith("recorded")
    assert len(pictures.before.text()) > len(pictures.after.text())


def test_what_is_no_function() -> None:
    with pytest.raises(TypeError, match="compile takes a function, got 3"):
        compile(3)  # type: ignore[call-overload]
    assert isinstance(compile(np.sin), Compiled)


class Named:
    """Equal where the names are; the scale counts all the same."""

    def __init__(self, name: str, scale: float) -> None:
        self.name, self.scale = name, scale

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


def test_equality_of_users_classes_is_not_believed() -> None:
    settings = Named("a", 2.0)
    f = lambda x, settings: x * settings.scale
    compiled = compile(f)
    for scale in (2.0, 3.0):
        settings.scale = scale
        np.testing.assert_array_equal(compiled(X, settings), X * scale)
        np.testing.assert_array_equal(compiled(X, Named("a", scale + 1)), X * (scale + 1))


def test_a_frozen_dataclass_is_static_by_its_fields() -> None:
    @dataclass(frozen=True)
    class Options:
        power: int
        label: str = "x"

    compiled = compile(lambda x, options: x**options.power, static="options")
    for power in (2, 2, 3, 2):
        np.testing.assert_array_equal(compiled(X, Options(power)), X**power)
    assert compiled.recorded == 2


def test_zeros_of_both_signs_are_two_captures() -> None:
    zero, zeros, large = 0.0, np.zeros(2), np.zeros(5000)
    f = lambda x: np.copysign(x, zero) + np.copysign(x, zeros[0]) + np.copysign(x, large[0])
    compiled = compile(f)
    np.testing.assert_array_equal(compiled(X), f(X))
    zero = -0.0
    np.testing.assert_array_equal(compiled(X), f(X))
    zeros[0] = -0.0
    np.testing.assert_array_equal(compiled(X), f(X))
    large[0] = -0.0
    np.testing.assert_array_equal(compiled(X), f(X))
    check(lambda x, a: np.copysign(x, a), (X, 0.0), (X, -0.0), programs=2, static="a")


STATE = np.random.RandomState(0)


def test_older_sources_of_random_numbers_are_refused() -> None:
    import random

    source, default = random.Random(0), random.random
    for f in (lambda x: x * STATE.rand(), lambda x: x * source.random(), lambda x: x * default()):
        with pytest.raises(CannotRecord, match=r"Generator|as an argument"):
            compile(f)(X)


def test_a_compiled_function_is_copied_and_pickled() -> None:
    import copy
    import pickle

    compiled = compile(cubes, static=())
    compiled(X)
    assert copy.deepcopy(compiled)(X) == cubes(X)
    assert pickle.loads(pickle.dumps(compiled))(X) == cubes(X)
    assert pickle.loads(pickle.dumps(AT_HOME)) is AT_HOME
    assert copy.deepcopy([AT_HOME])[0] is AT_HOME


@compile
def AT_HOME(x: Any) -> Any:  # noqa: N802
    """A compiled function under its own name."""
    return x + 1


def test_the_arguments_of_the_first_call_are_let_go() -> None:
    import gc
    import weakref

    large, small = np.zeros(100_000), np.zeros(3)
    references = [weakref.ref(large), weakref.ref(small)]
    compiled = compile(lambda x, y: np.sum(x * 2) + y)
    compiled(large, small)
    assert "np.add.reduce" in compiled.source
    del large
    gc.collect()
    assert references[0]() is None


def test_a_hessian_of_entries_is_one_walk_over_a_batch() -> None:
    def f(x: Any) -> Any:
        return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    compiled = check(ag.hessian(f), (floats(20),), (floats(20),))
    assert compiled.report().run < 100
