"""Maximum likelihood: the parameters that make the data most likely, with their standard errors,
from the gradient and the Hessian of the log-likelihood.  A Gaussian for the radius of tumours,
whose answer is known in closed form, and a logistic model for whether they are benign.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from _common import figure, needed, quick, save

from autograd import grad, hessian
from nn import binary_cross_entropy_with_logits

Loss = Callable[[Any], Any]


def newton(loss: Loss, p: Any, steps: int) -> Any:
    """Newton's method: curvatures count by their size, so that every step goes down, and a step is
    halved until it makes the loss smaller."""
    for _ in range(steps):
        curvature, axes = np.linalg.eigh(hessian(loss)(p))
        step = axes @ (axes.T @ grad(loss)(p) / np.maximum(np.abs(curvature), 1e-9))
        while loss(p - step) > loss(p) and np.abs(step).max() > 1e-12:
            step = step / 2
        p = p - step
    return p


def standard_errors(loss: Loss, p: Any, count: int) -> Any:
    """The roots of the diagonal of the inverse information, count times the Hessian of the mean."""
    return np.sqrt(np.diag(np.linalg.inv(count * hessian(loss)(p))))


def main() -> None:
    """Fit both, compare with what is known, draw."""
    steps = 8 if quick(__doc__) else 40
    data = needed("sklearn.datasets").load_breast_cancer()
    radius, y = np.log(data.data[:, 0]), data.target.astype(float)

    def gaussian(p: Any) -> Any:  # p = (mean, log of the standard deviation)
        z = (radius - p[0]) * np.exp(-p[1])
        return np.mean(0.5 * z * z) + p[1] + 0.5 * np.log(2 * np.pi)

    p = newton(gaussian, np.array([2.0, 0.0]), steps)
    error = standard_errors(gaussian, p, len(radius))
    print(f"log radius: mean {p[0]:.4f} +- {error[0]:.4f}, deviation {np.exp(p[1]):.4f}")
    print(f"closed form:    {radius.mean():.4f} +- {radius.std() / len(radius) ** 0.5:.4f}", end="")
    print(f", deviation {radius.std():.4f}")
    print(f"slope left: {np.abs(grad(gaussian)(p)).max():.0e}")

    x = np.column_stack([radius - radius.mean(), np.ones(len(y))])

    def logistic(p: Any) -> Any:  # the mean negative log-likelihood, which is the cross-entropy
        return binary_cross_entropy_with_logits(x @ p, y)

    q = newton(logistic, np.zeros(2), steps)
    error = standard_errors(logistic, q, len(y))
    print(f"benign: score {q[1]:.2f} {q[0]:+.2f} * (log radius - mean), slope +- {error[0]:.2f}")
    reference = needed("sklearn.linear_model").LogisticRegression(C=1e12, tol=1e-12, max_iter=1000)
    slope = reference.fit(x[:, :1], y).coef_[0, 0]
    print(f"scikit-learn without a penalty: {slope:+.2f}")

    picture, axes = figure(2)
    if picture is None:
        return
    t = np.linspace(radius.min(), radius.max(), 200)
    z = (t - p[0]) / np.exp(p[1])
    axes[0].hist(radius, 30, density=True, alpha=0.4, label="tumours")
    axes[0].plot(t, np.exp(-z * z / 2 - p[1]) / np.sqrt(2 * np.pi), label="most likely Gaussian")
    axes[1].plot(radius, y, "|", alpha=0.5, label="tumours (1: benign)")
    score = q[1] + q[0] * (t - radius.mean())
    axes[1].plot(t, 1 / (1 + np.exp(-score)), label="most likely logistic model")
    for one in axes:
        one.set_xlabel("log of the mean radius")
        one.legend()
    save(picture, "maximum_likelihood.png")


if __name__ == "__main__":
    main()
