"""Arithmetic, and the parts of complex numbers.

Complex numbers follow the convention of HIPS autograd and JAX: a rule multiplies by the complex
derivative without conjugating, so the gradient of a real f at z = a + bi is df/da - i df/db.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import (
    declare,
    elementwise,
    identity_vjp,
    linear,
    multilinear,
    zero_vjp,
)
from autograd.engine.refusals import refuse_out
from autograd.rules.operands import operand
from autograd.rules.selection import where_row

INF = math.inf
POSITIVE = (1e-3, INF)


def absolute_rule(g: Any, y: Any, x: Any) -> Any:
    """d|x| = sign(x), for complex x conj(x) / |x|; 0 at 0."""
    if np.iscomplexobj(x):
        return g * where_row(y == 0, 0, conjugate(x) / where_row(y == 0, 1, y))
    return g * sign_row(x)


log = declare(np.log)

add = elementwise(np.add, identity_vjp, identity_vjp, scalar=operator.add, symbol="+")
subtract = elementwise(
    np.subtract, identity_vjp, lambda g, y, a, b: -g, scalar=operator.sub, symbol="-"
)
multiply = elementwise(
    np.multiply, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a, scalar=operator.mul, symbol="*"
)
divide = elementwise(
    np.divide,
    lambda g, y, a, b: g / b,
    lambda g, y, a, b: -g * y / b,
    domain=((-INF, INF), POSITIVE),
    scalar=operator.truediv,
    symbol="/",
)


def lowered(a: Any, b: Any) -> Any:
    """b - 1; where b is 0 and a is 0, infinite or NaN another exponent, with which the slope
    b * a ** exponent of the constant a ** 0 is 0."""
    zero = b == 0
    if zero is False or (hasattr(zero, "__number__") and usually(b != 0)):
        return b - 1.0
    return where_row(zero & ((a == 0) | ~np.isfinite(unwrap(a))), (a == 0) * 1.0, b - 1.0)


# 0 ** 0 has slope 0 in its base, and 0 ** b with b > 0 has slope 0 in b: neither may meet 0 * inf
power = elementwise(
    np.power,
    lambda g, y, a, b: g * (b * power(a, lowered(a, b))),
    lambda g, y, a, b: g * (y * log(where_row(a == 0, 1, a))),
    domain=(POSITIVE, (-INF, INF)),
    scalar=math.pow,
    symbol="**",
)
remainder = elementwise(
    np.remainder,
    lambda g, y, a, b: g,
    lambda g, y, a, b: -g * floor_divide(a, b),
    domain=((-INF, INF), POSITIVE),
    scalar=operator.mod,
    symbol="%",
)
fmod = elementwise(
    np.fmod,
    lambda g, y, a, b: g,
    lambda g, y, a, b: -g * rint((a - y) / b),
    domain=((-INF, INF), POSITIVE),
)
floor_divide = elementwise(
    np.floor_divide,
    zero_vjp,
    zero_vjp,
    domain=((-INF, INF), POSITIVE),
    scalar=operator.floordiv,
    symbol="//",
)
negative = linear(np.negative, lambda g, y, x: -g, symbol="-")
positive = linear(np.positive, identity_vjp, symbol="+")
absolute = elementwise(np.absolute, absolute_rule, scalar=abs, name="abs")
fabs = elementwise(np.fabs, lambda g, y, x: g * sign_row(x))
reciprocal = elementwise(np.reciprocal, lambda g, y, x: -g * y * y, domain=POSITIVE)
square = elementwise(np.square, lambda g, y, x: g * (2 * x))
sign_row = elementwise(np.sign, zero_vjp)
copysign = elementwise(
    np.copysign, lambda g, y, a, b: g * copysign(1.0, a) * copysign(1.0, b), zero_vjp
)
heaviside = elementwise(np.heaviside, zero_vjp, lambda g, y, x, h: g * (x == 0))
nextafter = elementwise(np.nextafter, lambda g, y, a, b: g, zero_vjp)
spacing = elementwise(np.spacing, zero_vjp)
ldexp = multilinear(
    np.ldexp, lambda g, y, x, n: g * ldexp(1.0, n), None, products=False, broadcasts=True
)

# --- rounding: step functions ---------------------------------------------------------------------
floor = elementwise(np.floor, zero_vjp)
ceil = elementwise(np.ceil, zero_vjp)
trunc = elementwise(np.trunc, zero_vjp)
rint = elementwise(np.rint, zero_vjp)
fix = elementwise(np.fix, zero_vjp)
round_row = elementwise(np.round, zero_vjp, name="round")

# --- complex --------------------------------------------------------------------------------------
conjugate = linear(np.conjugate, lambda g, y, x: conjugate(g), name="conj")
real = linear(np.real, lambda g, y, x: g, name="real")
imag = linear(np.imag, lambda g, y, x: -1j * g, name="imag")
angle_row = elementwise(
    np.angle,
    lambda g, y, x, deg=False: (
        g * (180 / np.pi if deg else 1.0) * conjugate(1j * x) / absolute(x) / absolute(x)
    ),
    domain=POSITIVE,
)


@implements(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    """`np.angle`."""
    return angle_row(z, deg=bool(deg))


@implements(np.real_if_close)
def real_if_close(a: Any, tol: float = 100) -> Any:
    """`np.real_if_close`: the real part where all imaginary parts are small, else a itself."""
    a = operand(a)
    return a if np.iscomplexobj(np.real_if_close(unwrap(a), tol)) else real(a)


@implements(np.sign)
def sign(x: Any) -> Any:
    """The sign of a real x; x / |x| of a complex one."""
    if not np.iscomplexobj(x):
        return sign_row(x)
    size = absolute(x)
    return x / where_row(size == 0, 1, size)


@implements(np.around, np.round)
def round(a: Any, decimals: int = 0, out: None = None) -> Any:
    """`np.round`."""
    refuse_out("round", out)
    return round_row(a, decimals=operator.index(decimals))


@implements(np.divmod)
def divmod(a: Any, b: Any) -> Any:
    """`np.divmod`: the floor of the quotient and the remainder."""
    return floor_divide(a, b), remainder(a, b)


@implements(np.modf)
def modf(x: Any) -> Any:
    """`np.modf`: the fractional part, 0 at an infinity, and the whole part."""
    whole = trunc(x)
    fraction = x - whole
    endless = np.isinf(x)
    if usually(~np.any(endless), unknown=False):
        return fraction, whole
    return where_row(endless, 0, fraction), whole


@implements(np.frexp)
def frexp(x: Any) -> Any:
    """`np.frexp`: the mantissa, and the exponent as plain integers."""
    exponent = np.frexp(x.data)[1]
    return ldexp(x, -exponent), exponent


@implements(np.float_power)
def float_power(a: Any, b: Any) -> Any:
    """`np.float_power`: a ** b in float64 at least."""
    return power(np.multiply(a, np.float64(1)), b)
