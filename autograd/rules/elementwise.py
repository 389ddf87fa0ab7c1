"""Elementwise functions of one or two arguments, one line of mathematics each."""

from __future__ import annotations

import math

import numpy as np

from autograd.engine import kernels
from autograd.engine.primitive import elementwise, linear
from autograd.rules.selection import where_row

INF, PI = math.inf, math.pi
POSITIVE = (1e-3, INF)
UNIT = (-1.0, 1.0)

# --- exponentials and logarithms ------------------------------------------------------------------
exp = elementwise(np.exp, lambda g, y, x: g * y, scalar=math.exp, role="activation")
exp2 = elementwise(np.exp2, lambda g, y, x: g * y * math.log(2))
expm1 = elementwise(np.expm1, lambda g, y, x: g * (y + 1), scalar=math.expm1)
log = elementwise(np.log, lambda g, y, x: g / x, domain=POSITIVE, scalar=math.log)
log2 = elementwise(
    np.log2, lambda g, y, x: g / (x * math.log(2)), domain=POSITIVE, scalar=math.log2
)
log10 = elementwise(
    np.log10, lambda g, y, x: g / (x * math.log(10)), domain=POSITIVE, scalar=math.log10
)
log1p = elementwise(np.log1p, lambda g, y, x: g / (1 + x), domain=(-0.999, INF), scalar=math.log1p)
logaddexp = elementwise(
    np.logaddexp,
    lambda g, y, a, b: g * exp(a - where_row(y == -INF, 0, y)),
    lambda g, y, a, b: g * exp(b - where_row(y == -INF, 0, y)),
)
logaddexp2 = elementwise(
    np.logaddexp2,
    lambda g, y, a, b: g * exp2(a - where_row(y == -INF, 0, y)),
    lambda g, y, a, b: g * exp2(b - where_row(y == -INF, 0, y)),
)
sigmoid = elementwise(
    kernels.sigmoid,
    lambda g, y, x: g * (y * (1 - y)),
    scalar=kernels.sigmoid_scalar,
    role="activation",
)
softplus = elementwise(
    kernels.softplus,
    lambda g, y, x: g * sigmoid(x),
    scalar=kernels.softplus_scalar,
    role="activation",
)

# --- roots ----------------------------------------------------------------------------------------
sqrt = elementwise(np.sqrt, lambda g, y, x: g / (2 * y), domain=POSITIVE, scalar=math.sqrt)
cbrt = elementwise(np.cbrt, lambda g, y, x: g / (3 * y * y), domain=POSITIVE)
hypot = elementwise(
    np.hypot,
    lambda g, y, a, b: g * where_row(y == 0, 0, a / where_row(y == 0, 1, y)),
    lambda g, y, a, b: g * where_row(y == 0, 0, b / where_row(y == 0, 1, y)),
)

# --- circular functions ---------------------------------------------------------------------------
sin = elementwise(np.sin, lambda g, y, x: g * cos(x), scalar=math.sin)
cos = elementwise(np.cos, lambda g, y, x: -g * sin(x), scalar=math.cos)
tan = elementwise(np.tan, lambda g, y, x: g * (1 + y * y), domain=(-1.5, 1.5), scalar=math.tan)
arcsin = elementwise(
    np.arcsin, lambda g, y, x: g / sqrt((1 - x) * (1 + x)), domain=UNIT, scalar=math.asin
)
arccos = elementwise(
    np.arccos, lambda g, y, x: -g / sqrt((1 - x) * (1 + x)), domain=UNIT, scalar=math.acos
)
arctan = elementwise(np.arctan, lambda g, y, x: g / (1 + x * x), scalar=math.atan)
arctan2 = elementwise(
    np.arctan2,
    lambda g, y, a, b: g * (b / hypot(a, b) / hypot(a, b)),
    lambda g, y, a, b: -g * (a / hypot(a, b) / hypot(a, b)),
    domain=((-INF, INF), POSITIVE),
)
sinc = elementwise(np.sinc, lambda g, y, x: g * (PI * sinc_derivative(PI * x, order=1)))
sinc_derivative = elementwise(
    kernels.sinc_derivative, lambda g, y, x, order=1: g * sinc_derivative(x, order=order + 1)
)

# --- hyperbolic functions -------------------------------------------------------------------------
sinh = elementwise(np.sinh, lambda g, y, x: g * cosh(x), scalar=math.sinh)
cosh = elementwise(np.cosh, lambda g, y, x: g * sinh(x), scalar=math.cosh)
tanh = elementwise(np.tanh, lambda g, y, x: g * (1 - y * y), scalar=math.tanh, role="activation")
arcsinh = elementwise(np.arcsinh, lambda g, y, x: g / cosh(y), scalar=math.asinh)
arccosh = elementwise(
    np.arccosh, lambda g, y, x: g / (sqrt(x - 1) * sqrt(x + 1)), domain=(1.001, INF)
)
arctanh = elementwise(np.arctanh, lambda g, y, x: g / ((1 - x) * (1 + x)), domain=UNIT)

# --- units, Bessel --------------------------------------------------------------------------------
degrees = linear(np.degrees, lambda g, y, x: g * (180 / PI))
rad2deg = linear(np.rad2deg, lambda g, y, x: g * (180 / PI))
radians = linear(np.radians, lambda g, y, x: g * (PI / 180))
deg2rad = linear(np.deg2rad, lambda g, y, x: g * (PI / 180))
i0 = elementwise(np.i0, lambda g, y, x: g * bessel_i(x, order=1))
bessel_i = elementwise(
    kernels.bessel_i,
    lambda g, y, x, order=1: (
        g * (0.5 * (bessel_i(x, order=order - 1) + bessel_i(x, order=order + 1)))
    ),
)
