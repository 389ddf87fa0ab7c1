"""The public functions of convolution and pooling: arguments, errors, derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag

RNG = np.random.default_rng(12)
X, W = RNG.normal(size=(2, 4, 6, 7)), RNG.normal(size=(6, 2, 3, 2))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": 2, "padding": 1},
        {"stride": (1, 2), "padding": (2, 0), "dilation": (2, 1)},
        {"padding": ((0, 2), (1, 0))},
    ],
)
def test_gradients(options: Any) -> None:
    f = lambda x, w: ag.conv(x, w, groups=2, **options)
    assert ag.gradcheck(f, X, W)
    if "padding" not in options or isinstance(options["padding"], int):
        back = lambda x, w: ag.conv_transpose(x, w, **options)
        assert ag.gradcheck(back, X, np.moveaxis(W, 1, 0)[:, :4].repeat(2, 0))
    assert ag.gradcheck(lambda x: ag.max_pool(x, 2, stride=1), X)
    assert ag.gradcheck(lambda x: ag.sum_pool(x, (2, 3)), X)


def test_a_transposed_convolution_undoes_the_shape() -> None:
    for stride, padding, dilation, size in ((1, 0, 1, 3), (2, 1, 1, 3), (3, 2, 2, 2), (2, 0, 3, 2)):
        w = RNG.normal(size=(5, 4, size))
        for n in (9, 10, 11):
            x = RNG.normal(size=(1, 4, n))
            y = ag.conv(x, w, stride, padding, dilation)
            left = (n + 2 * padding - dilation * (size - 1) - 1) % stride
            z = ag.conv_transpose(y, w, stride, padding, left, dilation)
            assert z.shape == x.shape
            other = RNG.normal(size=x.shape)  # <conv(other), y> = <other, conv_transpose(y)>
            assert np.vdot(ag.conv(other, w, stride, padding, dilation), y) == pytest.approx(
                np.vdot(other, z)
            )


@pytest.mark.parametrize(("padding", "more", "dilation"), [(0, 2, 3), (2, 1, 3), (1, 4, 5)])
def test_more_places_than_a_stride(padding: int, more: int, dilation: int) -> None:
    """With output_padding up to the dilation, whole windows more would fit into the output."""
    x, w = X[:, :, 0], RNG.normal(size=(4, 2, 3))
    whole = ag.conv_transpose(x, w, dilation=dilation)
    wanted = np.pad(whole, ((0, 0), (0, 0), (0, more)))
    wanted = wanted[:, :, padding : wanted.shape[2] - padding]
    f = lambda x, w: ag.conv_transpose(x, w, 1, padding, more, dilation)
    np.testing.assert_allclose(f(x, w), wanted, atol=1e-14)
    assert ag.gradcheck(f, x, w)


def test_lists_and_lists_of_values() -> None:
    v = ag.Value(2.0)
    y = ag.conv([[[v, 3.0]]], [[[1.0, 1.0]]])
    y.sum().backward()
    assert v.grad == 1.0 and y.data[0, 0, 0] == 5.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ag.conv(X, W), r"weights of shape \(6, 2, 3, 2\) in 1 groups take 2 channels"),
        (lambda: ag.conv(X, W, groups=0), "in 0 groups"),
        (lambda: ag.conv(X[0], W, groups=2), "takes an array of 4 axes"),
        (lambda: ag.conv(X[:, :, :2], W, groups=2), r"reach over \(3, 2\) places do not fit"),
        (lambda: ag.conv(X, W, stride=(1, 1, 1), groups=2), "stride needs a number, or one for"),
        (lambda: ag.conv(X, W, padding=(1,), groups=2), "padding needs a number or 2"),
        (lambda: ag.conv(X, W, stride=0, groups=2), "at least 1"),
        (lambda: ag.conv_transpose(X, W), r"take 6 channels, x has shape \(2, 4, 6, 7\)"),
        (lambda: ag.conv_transpose(X, W[:4], output_padding=1), "not below stride or dilation"),
        (lambda: ag.conv_transpose(X[:, :, :1, :1], W[:4], padding=2), "leaves no output"),
        (lambda: ag.max_pool(X, 8), "do not fit"),
        (lambda: ag.sum_pool(X, (2, 2, 2)), "size needs a number"),
    ],
)
def test_what_does_not_fit(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_ties_go_to_the_first() -> None:
    x = np.ones((1, 1, 4))
    np.testing.assert_array_equal(ag.grad(lambda x: ag.max_pool(x, 2).sum())(x), [[[1, 0, 1, 0]]])
    second = ag.grad(lambda x: (ag.grad(lambda x: (ag.max_pool(x, 2) ** 3).sum())(x) ** 2).sum())
    np.testing.assert_array_equal(second(x), [[[36, 0, 36, 0]]])
