"""The gradient checkers of PyTorch, JAX and HIPS autograd on the corpus; prints JSON.

Run by `checker_verdicts.py` in each peer's environment; what is not there is left out.  The
repository is put at the end of the path, so that `import autograd` means the older package here.
"""

from __future__ import annotations

import importlib.util
import json
import signal
import sys
import time
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[2]))
warnings.simplefilter("ignore")
np.seterr(all="ignore")

SECONDS = 20


def cases() -> list[Any]:
    """The pairs of the corpus that a foreign checker can be given: plain arrays in and out."""
    from tests.checking.corpus import CASES

    def plain(x: Any) -> bool:
        return isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.size > 0

    found = []
    for case in CASES:
        special = "reseed" in case.options or case.name == "two outputs"
        if case.vjp is None or special or not all(plain(x) for x in case.inputs):
            continue
        found.append(case)
    return found


def pair_of(case: Any) -> tuple[Any, Any]:
    """The functions with their keywords filled in."""
    kwargs = case.options.get("kwargs", {})
    return partial(case.f, **kwargs), partial(case.vjp, **kwargs)


def as_tuple(c: Any) -> tuple[Any, ...]:
    return c if isinstance(c, tuple) else (c,)


def torch_check(case: Any) -> None:
    import torch

    f, vjp = pair_of(case)

    class Pair(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *inputs: Any) -> Any:
            ctx.save_for_backward(*inputs)
            return torch.as_tensor(np.array(f(*[x.numpy().copy() for x in inputs])))

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            arrays = [x.numpy().copy() for x in ctx.saved_tensors]
            found = as_tuple(vjp(g.numpy(), *arrays))
            return tuple(None if c is None else torch.as_tensor(np.array(c)) for c in found)

    inputs = tuple(torch.tensor(x, requires_grad=True) for x in case.inputs)
    torch.autograd.gradcheck(Pair.apply, inputs)


def jax_check(case: Any) -> None:
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)
    f, vjp = pair_of(case)
    y = np.asarray(f(*[x.copy() for x in case.inputs]))
    shape = jax.ShapeDtypeStruct(y.shape, y.dtype)
    shapes = tuple(jax.ShapeDtypeStruct(x.shape, x.dtype) for x in case.inputs)

    def host(*inputs: Any) -> Any:
        return np.asarray(f(*[np.array(x) for x in inputs]), dtype=y.dtype)

    def host_vjp(g: Any, *inputs: Any) -> Any:
        found = as_tuple(vjp(np.array(g), *[np.array(x) for x in inputs]))
        return tuple(
            np.asarray(c, s.dtype).reshape(s.shape) for c, s in zip(found, shapes, strict=True)
        )

    @jax.custom_vjp
    def wrapped(*inputs: Any) -> Any:
        return jax.pure_callback(host, shape, *inputs)

    wrapped.defvjp(
        lambda *inputs: (wrapped(*inputs), inputs),
        lambda inputs, g: jax.pure_callback(host_vjp, shapes, g, *inputs),
    )
    check_grads(wrapped, case.inputs, order=1, modes=["rev"])


def hips_check(case: Any) -> None:
    from autograd.test_util import check_grads

    from autograd.extend import defvjp, primitive

    np.random.seed(0)
    f, vjp = pair_of(case)
    op = primitive(lambda *inputs: f(*inputs))
    makers = []
    for k in range(len(case.inputs)):
        makers.append(lambda ans, *inputs, k=k: lambda g: as_tuple(vjp(g, *inputs))[k])
    defvjp(op, *makers)
    every = tuple(range(len(case.inputs)))
    check_grads(op, every, modes=["rev"], order=1)(*[x.copy() for x in case.inputs])


MODULES = {"torch": "torch", "jax": "jax", "HIPS": "autograd.test_util"}


def installed(module: str) -> bool:
    """Whether a package is there; the repository's own `autograd` has no `test_util`."""
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:
        return False


EVERY = {"torch": torch_check, "jax": jax_check, "HIPS": hips_check}
CHECKERS = {name: check for name, check in EVERY.items() if installed(MODULES[name])}


def alarm(*_: Any) -> None:
    raise TimeoutError


def verdict(check: Any, case: Any) -> str:
    """ "pass" or "fail"; an exception of any kind is a refusal to pass."""
    signal.signal(signal.SIGALRM, alarm)
    signal.alarm(SECONDS)
    try:
        check(case)
        return "pass"
    except TimeoutError:
        return "hangs"
    except Exception:
        return "fail"
    finally:
        signal.alarm(0)


def best(run: Any, repeats: int = 7) -> float:
    """The shortest time of a call, in seconds, after one to warm up."""
    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def speeds() -> dict[str, float]:
    """Seconds for the check of tanh(a @ a), 10 x 10."""
    a = np.random.default_rng(0).normal(size=(10, 10))
    found = {}
    if "torch" in CHECKERS:
        import torch

        t = torch.tensor(a, requires_grad=True)
        check = partial(torch.autograd.gradcheck, lambda a: torch.tanh(a @ a), (t,))
        found["torch"] = best(check)
    if "jax" in CHECKERS:
        import jax
        import jax.numpy as jnp
        from jax.test_util import check_grads as jax_grads

        jax.config.update("jax_enable_x64", True)
        found["jax"] = best(lambda: jax_grads(lambda a: jnp.tanh(a @ a), (a,), 1, ["rev"]))
    if "HIPS" in CHECKERS:
        from autograd.test_util import check_grads as hips_grads

        import autograd.numpy as anp

        found["HIPS"] = best(
            lambda: hips_grads(lambda a: anp.tanh(anp.dot(a, a)), modes=["rev"], order=1)(a)
        )
    return found


def main() -> None:
    """Print the verdicts of every checker on every case, and the speeds."""
    table = {
        case.name: {name: verdict(check, case) for name, check in CHECKERS.items()}
        for case in cases()
    }
    print(json.dumps({"verdicts": table, "speeds": speeds()}))


if __name__ == "__main__":
    main()
