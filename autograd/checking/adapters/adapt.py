"""Which adapter a check needs, and what to say where one was needed and not seen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograd import pytree
from autograd.checking.adapters.adapter import Adapter, Pair
from autograd.checking.adapters.jax_adapter import JaxAdapter
from autograd.checking.adapters.torch_adapter import TorchAdapter

Function = Callable[..., Any]

ADAPTERS: dict[str, type[Adapter]] = {"torch": TorchAdapter, "jax": JaxAdapter}
"""By the name of the module that has to be imported already."""

COMPILED = (
    "a compiled function has no derivative that could be read off: pass its backward as vjp=, a "
    "function vjp(g, *inputs)"
)
FOREIGN = (
    "this is a function of {arrays}: pass it {arrays}, or gradcheck(of_{library}(f), x) with "
    "of_{library} from autograd.checking.adapters; {title} then differentiates it"
)


@dataclass(frozen=True)
class Foreign:
    """A function with the name of the library whose arrays it takes."""

    f: Function
    library: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function itself."""
        return self.f(*args, **kwargs)

    @property
    def __wrapped__(self) -> Function:
        return self.f

    @property
    def __name__(self) -> str:
        return str(getattr(self.f, "__name__", type(self.f).__name__))


def of_torch(f: Function) -> Foreign:
    """Mark a function of PyTorch tensors, so that it can be checked at NumPy arrays.

    `gradcheck` sees by itself what is given tensors, and what is a module or a `Function`.
    """
    return Foreign(f, "torch")


def of_jax(f: Function) -> Foreign:
    """Mark a function of JAX arrays, so that it can be checked at NumPy arrays.

    `gradcheck` sees by itself what is given JAX arrays, and what JAX has compiled or wrapped.
    """
    return Foreign(f, "jax")


def adapted(
    f: Any,
    inputs: tuple[Any, ...],
    vjp: Function | None,
    kwargs: dict[str, Any],
    reseed: Callable[[], Any] | None = None,
) -> Pair | None:
    """The pair of NumPy functions of a function of another library; None for one of ours."""
    marked = f.library if isinstance(f, Foreign) else ""
    if isinstance(f, Foreign):
        f = f.f
    for library, kind in ADAPTERS.items():
        if library not in sys.modules:
            if library == marked:
                raise ImportError(f"of_{library} needs {library}: import it first")
            continue
        adapter = kind(reseed)
        leaves = [leaf for tree in inputs for leaf in pytree.flatten(tree)[0]]
        known = any(adapter.is_array(leaf) for leaf in leaves)
        if library == marked or (not marked and (known or adapter.recognizes(f))):
            return adapter.pair(f, inputs, vjp, kwargs)
    return None


def advice(f: Any, error: BaseException) -> str:
    """What to do about a function that refuses Values; "" where nothing is known."""
    kind = type(f).__module__.split(".")[0]
    if kind in ("numba", "ctypes", "_ctypes") or "numba" in str(type(error).__module__):
        return COMPILED
    modules = []
    trace = error.__traceback__
    while trace is not None:
        modules.append(str(trace.tb_frame.f_globals.get("__name__", "")).split(".")[0])
        trace = trace.tb_next
    text = str(error)
    if "torch" in sys.modules and ("torch" in modules or "Tensor" in text):
        return FOREIGN.format(arrays="PyTorch tensors", title="PyTorch", library="torch")
    if "jax" in sys.modules and ("jax" in modules or "JAX" in text or "jax" in text):
        return FOREIGN.format(arrays="JAX arrays", title="JAX", library="jax")
    return ""


@dataclass(frozen=True)
class Written:
    """An array of another library as Python writes it: `module.function(numbers, options)`."""

    module: Any
    name: str
    function: str
    numbers: Any
    options: str


def written(x: Any) -> Written | None:
    """How Python writes an array of another library; None for anything else."""
    torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
    if torch is not None and isinstance(x, torch.Tensor):
        numbers = TorchAdapter().to_numpy(x)
        plain = x.dtype in (torch.float32, torch.int64, torch.bool, torch.complex64)
        options = "" if plain else f", dtype={x.dtype}"
        options += ", requires_grad=True" if x.requires_grad else ""
        return Written(torch, "torch", "tensor", numbers, options)
    if jax is not None and isinstance(x, jax.Array) and JaxAdapter().is_array(x):
        numbers = JaxAdapter().to_numpy(x)
        plain = str(x.dtype) in ("float32", "int32", "bool", "complex64")
        options = "" if plain else f", dtype={str(x.dtype)!r}"
        return Written(sys.modules["jax.numpy"], "jax.numpy", "array", numbers, options)
    return None
