"""PyTorch: functions of tensors, `torch.autograd.Function` and `nn.Module`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking.adapters.adapter import (
    Adapter,
    Called,
    Pair,
    in_double,
    is_floating,
    names_for,
    plain_name,
)


class TorchAdapter(Adapter):
    """Tensors, differentiated by `torch.autograd.grad`.

    A PyTorch cotangent of a complex tensor is the conjugate of ours: it pairs as Re(conj(g) dy).
    """

    library, title = "torch", "PyTorch"

    def __init__(self, reseed: Callable[[], Any] | None = None) -> None:
        super().__init__(reseed)
        self.torch: Any = sys.modules["torch"]

    def is_array(self, x: Any) -> bool:
        """Whether an object is a tensor."""
        return isinstance(x, self.torch.Tensor)

    def recognizes(self, f: Any) -> bool:
        """Modules, Functions with or without `.apply`, and PyTorch's own functions."""
        return isinstance(f, self.torch.nn.Module) or self.custom_function(f) is not None

    def custom_function(self, f: Any) -> Any:
        """The `torch.autograd.Function` of a class or of its `apply`; None for anything else."""
        owner = getattr(f, "__self__", None) if getattr(f, "__name__", "") == "apply" else f
        base = self.torch.autograd.Function
        return owner if isinstance(owner, type) and issubclass(owner, base) else None

    def to_numpy(self, x: Any) -> Any:
        """The numbers of a tensor; bfloat16 becomes float32, which holds it exactly."""
        x = x.detach()
        if x.dtype is self.torch.bfloat16:
            x = x.to(self.torch.float32)
        return x.resolve_conj().resolve_neg().cpu().numpy()

    def from_numpy(self, x: Any, like: Any) -> Any:
        """A tensor that shares its memory with the array, where that is possible."""
        if not self.is_array(like):
            keep = self.native and isinstance(like, np.ndarray)
            return self.torch.from_numpy(np.require(x, like.dtype if keep else None, "W"))
        made = self.torch.from_numpy(np.require(x, requirements="W"))
        dtype = like.dtype if self.native or not is_floating(x) else made.dtype
        return made.to(device=like.device, dtype=dtype)

    def is_checked(self, x: Any, leaves: Sequence[Any]) -> bool:
        """Tensors: those that require a gradient, or all of them if none does. Where no tensor is
        given, arrays; where no array is given either, numbers."""
        if is_parameter(self.torch, x):
            return True
        given = [leaf for leaf in leaves if not is_parameter(self.torch, leaf)]
        tensors = [leaf for leaf in given if self.is_array(leaf)]
        if self.is_array(x):
            chosen = any(t.requires_grad for t in tensors)
            return x.requires_grad or not chosen or not is_continuous(x)
        if tensors:
            return False
        if any(isinstance(leaf, np.ndarray) for leaf in given):
            return isinstance(x, np.ndarray)
        return isinstance(x, float)

    def prepare(self, f: Any, inputs: tuple[Any, ...]) -> tuple[Called, tuple[Any, ...]]:
        """How to call f; the parameters of a module become its last argument, a dict by name."""
        function = self.custom_function(f)
        if function is not None:
            names = names_for(function.forward, len(inputs) + 1)
            context_first = function.setup_context is self.torch.autograd.Function.setup_context
            names = names[1:] if context_first else names_for(function.forward, len(inputs))
            written = function.backward
            if written is self.torch.autograd.Function.backward:
                written = function.vjp
            called = Called(function.apply, function.__name__, names, function.forward, written)
            return called, inputs
        if isinstance(f, self.torch.nn.Module):
            return self.prepare_module(f, inputs)
        return Called(f, plain_name(f), names_for(f, len(inputs)), f), inputs

    def prepare_module(self, module: Any, inputs: tuple[Any, ...]) -> tuple[Called, Any]:
        """A module with its parameters as an argument; its own stay as they are."""
        parameters = {name: p for name, p in module.named_parameters() if p.requires_grad}
        fixed = {name: p for name, p in module.named_parameters() if not p.requires_grad}
        fixed |= dict(module.named_buffers())
        names = names_for(type(module).forward.__get__(module), len(inputs))
        written = type(module).forward
        title = type(module).__name__

        def call(*args: Any, **kwargs: Any) -> Any:
            given = args[-1] if parameters else {}
            double = any(is_double(self.torch, t) for t in tensors_in(self.torch, args))
            held = {
                name: self.doubled(t).clone() if double else t.clone() for name, t in fixed.items()
            }
            rest = args[:-1] if parameters else args
            return self.torch.func.functional_call(module, {**given, **held}, rest, kwargs)

        held = [p.dtype for p in module.parameters() if is_continuous(p)]
        if held:  # arrays take the precision of the module
            inputs = tuple(pytree.tree_map(lambda x: self.in_dtype(x, held[0]), x) for x in inputs)
        if not parameters:
            return Called(call, title, names, written), inputs
        return Called(call, title, [*names, "parameters"], written), (*inputs, parameters)

    def in_dtype(self, x: Any, dtype: Any) -> Any:
        """A NumPy array of floats as a tensor of this dtype, anything else as it is."""
        return self.torch.tensor(x, dtype=dtype) if is_float_array(x) else x

    def pull(self, leaves: list[Any], checked: list[int], kwargs: Any, g: list[Any]) -> list[Any]:
        """One backward pass of PyTorch; None where an input gets no gradient."""
        inputs = self.with_gradients(leaves)
        y = pytree.flatten(self.opened(self.call_as_is(inputs, kwargs)))[0]
        outputs = [t for t in y if self.is_array(t) and is_continuous(t)]
        pairs = [
            (t, self.from_numpy(seed, None).to(device=t.device, dtype=t.dtype))
            for t, seed in zip(outputs, g, strict=True)
            if t.requires_grad
        ]
        if not pairs:
            return [None] * len(checked)
        found = self.torch.autograd.grad(
            [t for t, _ in pairs],
            [inputs[k] for k in checked],
            [seed for _, seed in pairs],
            allow_unused=True,
        )
        return list(found)

    def call(self, leaves: list[Any], kwargs: dict[str, Any]) -> Any:
        """The function at tensors that require gradients, for those that look at it."""
        return self.call_as_is(self.with_gradients(leaves), kwargs)

    def call_as_is(self, leaves: list[Any], kwargs: dict[str, Any]) -> Any:
        """The function at these tensors."""
        with self.torch.enable_grad():
            return super().call(leaves, kwargs)

    def with_gradients(self, leaves: list[Any]) -> list[Any]:
        """The leaves, tensors of floats with requires_grad set."""
        return [
            x.detach().requires_grad_() if self.is_array(x) and is_continuous(x) else x
            for x in leaves
        ]

    def found_backward(self, pair: Pair, kwargs: dict[str, Any]) -> Any:
        """The backward of the only custom Function in the recorded graph."""
        try:
            leaves, _ = self.arrays(pair.inputs)
            y = pytree.flatten(self.opened(self.call(leaves, kwargs)))[0]
        except Exception:  # the check itself will report it
            return None
        todo = [t.grad_fn for t in y if self.is_array(t) and t.grad_fn is not None]
        seen, found = set(todo), set()
        while todo:
            node = todo.pop()
            function = getattr(node, "_forward_cls", None)
            if function is not None:
                found.add(function)
            new = {n for n, _ in node.next_functions if n is not None} - seen
            seen |= new
            todo += new
        return found.pop().backward if len(found) == 1 else None

    def in_precision_of(self, leaves: Sequence[Any], x: Any) -> Any:
        """A tensor among the keyword arguments in float64 where the checked leaves are."""
        double = any(self.is_array(t) and is_double(self.torch, t) for t in leaves)
        return self.doubled(x) if double and self.is_array(x) else x

    def doubled(self, t: Any) -> Any:
        """A tensor of floats in float64, any other as it is."""
        return (
            self.torch.from_numpy(in_double(self.to_numpy(t))).to(t.device)
            if (is_continuous(t))
            else t
        )

    def in_convention(self, g: Any) -> Any:
        """The conjugate: PyTorch's gradient of a real function points uphill. Real cotangents share
        their memory, so that a backward which changes them is noticed."""
        return np.conj(g) if np.iscomplexobj(g) else np.asarray(g)

    def context(self) -> AbstractContextManager[Any]:
        """PyTorch's random numbers are afterwards what they were."""
        fork: AbstractContextManager[Any] = self.torch.random.fork_rng(devices=[])
        return fork


def is_continuous(t: Any) -> bool:
    """Whether a tensor holds floats or complex numbers."""
    return bool(t.is_floating_point() or t.is_complex())


def is_float_array(x: Any) -> bool:
    """Whether an object is a NumPy array of floats."""
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def is_double(torch: Any, t: Any) -> bool:
    """Whether a tensor holds float64 or complex128 numbers."""
    return t.dtype in (torch.float64, torch.complex128)


def is_parameter(torch: Any, t: Any) -> bool:
    """Whether a tensor is the parameter of a module, which requires a gradient by itself."""
    return isinstance(t, torch.nn.Parameter)


def tensors_in(torch: Any, tree: Any) -> list[Any]:
    """The tensors among the leaves of a tree."""
    return [leaf for leaf in pytree.flatten(tree)[0] if isinstance(leaf, torch.Tensor)]
