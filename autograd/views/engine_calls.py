"""What the views ask of the engine and its rows, each question in one function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from autograd.engine.node import Observer
from autograd.engine.primitive import Primitive
from autograd.engine.reverse import accumulate, at_a_pole
from autograd.engine.strong_zero import strong_zero_on
from autograd.engine.value import Value
from autograd.extend import custom_vjp
from autograd.user_frame import LIBRARIES


def contributions(
    op: Primitive, wanted: Sequence[bool], g: Any, y: Any, args: Sequence[Any], params: Any
) -> Sequence[Any]:
    """What a node with cotangent g gives each wanted argument, in one call; None is zero."""

    def vjp_all(g: Any, y: Any, *args: Any, **params: Any) -> Sequence[Any]:
        if op.joint is not None:
            return op.joint(g, y, *args, **params)
        pairs = zip(op.vjps or op.rules(len(args)), wanted, strict=True)
        return [rule(g, y, *args, **params) if rule and want else None for rule, want in pairs]

    try:
        return vjp_all(g, y, *args, **params)
    except ArithmeticError:  # Python floats raise at a pole, where NumPy says infinity
        return at_a_pole(vjp_all, g, y, args, params)


def is_constant_slot(op: Primitive, slot: int) -> bool:
    """True where y is known not to depend on an argument, or only in steps."""
    return slot < len(op.vjps) and op.vjps[slot] is None


def stored_gradient(v: Value) -> Any:
    """The gradient that `backward` left, None where there was none."""
    return v._grad


def observed_backward(
    order: Sequence[Value], seeds: dict[Any, Any], active: Iterable[Value], observer: Observer
) -> None:
    """The reverse walk; `observer` sees every contribution, in order."""
    safe = strong_zero_on()
    tell = observer.on_contribution
    accumulate(order, dict(seeds), set(active), False, False, tell, safe, safe)


def rule_place(op: Primitive, slot: int) -> str:
    """`file:line` of the user's function that gives the contribution to an argument; "" where the
    rule is the library's own."""
    rules = op.vjps[slot : slot + 1] or (op.joint, op.variadic and op.variadic(slot))
    return user_function_place(rules, slot)


def user_function_place(rules: Iterable[Any], slot: int) -> str:
    """`file:line` of the first function that is the user's, looking into what calls it: bound
    objects, arguments of a `partial`, what a closure holds."""
    pending = list(rules)
    for part in pending:  # grows while it is walked
        if isinstance(part, partial):
            pending += [*part.args, *part.keywords.values(), part.func]
        elif isinstance(part, MethodType):
            pending += [part.__self__, part.__func__]
        elif isinstance(part, custom_vjp):
            pending.append(part.backward)
        elif isinstance(part, tuple | list) and slot < len(part):
            pending.append(part[slot])
        elif isinstance(part, dict):
            pending.append(part.get(slot))
        elif isinstance(part, FunctionType):
            code = part.__code__
            if not code.co_filename.startswith(LIBRARIES):
                return f"{code.co_filename}:{code.co_firstlineno}"
            for cell in part.__closure__ or ():
                with suppress(ValueError):  # a cell may be empty
                    pending.append(cell.cell_contents)
        if len(pending) > LOOKED_AT:
            break
    return ""


LOOKED_AT = 100  # objects looked at for the user's rule: closures may refer to each other
