"""Maximum likelihood: the parameters under which the data that were seen are most likely.

For a Gaussian the answer is known, the mean and the standard deviation.  For the probability that a
tumour of some size is malignant it is not: there Newton's method climbs, with gradient and second
derivatives from the log-likelihood alone.  The second derivatives at the top also say how exact the
estimates are: the covariance is about the inverse of -hessian (the observed information).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from _common import figure, needed, quick, save

from autograd import grad, hessian, log_softmax, sigmoid


def gaussian(parameters: Any, x: Any) -> Any:
    """The log-likelihood of independent normal samples; parameters are mean and log(deviation)."""
    mean, log_deviation = parameters
    z = (x - mean) * np.exp(-log_deviation)
    return -np.sum(z * z) / 2 - len(x) * (log_deviation + np.log(2 * np.pi) / 2)


def logistic(parameters: Any, x: Any, y: Any) -> Any:
    """The log-likelihood of y, 0 or 1, where P(y = 1) = sigmoid(slope * x + offset).

    It is minus the cross-entropy, times the number of samples.
    """
    slope, offset = parameters
    score = slope * x + offset
    both = log_softmax(np.stack([0 * score, score], axis=-1), axis=-1)  # log P(0), log P(1)
    return np.sum(both[..., 1] * y + both[..., 0] * (1 - y))


def climb(likelihood: Callable[[Any], Any], start: Any, steps: int) -> tuple[Any, Any]:
    """Newton's method: the parameters at the top, and the standard errors of the estimates.

    A step that would go down is halved until it goes up.
    """
    parameters = np.array(start)
    for _ in range(steps):
        step = -np.linalg.solve(hessian(likelihood)(parameters), grad(likelihood)(parameters))
        while likelihood(parameters + step) < likelihood(parameters) and np.abs(step).max() > 1e-9:
            step = step / 2
        parameters = parameters + step
    return parameters, np.sqrt(np.diag(np.linalg.inv(-hessian(likelihood)(parameters))))


def main() -> None:
    """Fit both models, compare with the known answers, draw."""
    steps = 12 if quick(__doc__) else 30
    datasets, linear = needed("sklearn.datasets"), needed("sklearn.linear_model")
    widths = datasets.load_iris().data[:, 1]
    (mean, log_deviation), errors = climb(lambda p: gaussian(p, widths), [3.0, 0.0], steps)
    print(f"widths of {len(widths)} iris sepals, in cm, as samples of a Gaussian:")
    print(f"  mean      {mean:.6f} +- {errors[0]:.3f}   np.mean {widths.mean():.6f}")
    deviation = np.exp(log_deviation)
    print(
        f"  deviation {deviation:.6f} +- {deviation * errors[1]:.3f}   np.std  {widths.std():.6f}"
    )

    x, benign = datasets.load_breast_cancer(return_X_y=True)
    size, malignant = x[:, 0], 1 - benign
    (slope, offset), errors = climb(lambda p: logistic(p, size - 14, malignant), [0.0, 0.0], steps)
    reference = linear.LogisticRegression(C=np.inf, tol=1e-10).fit(size[:, None] - 14, malignant)
    print(f"{len(size)} tumours of mean radius r: P(malignant) = sigmoid(slope (r - 14) + offset):")
    print(f"  slope  {slope:.5f} +- {errors[0]:.3f}   scikit-learn {reference.coef_[0, 0]:.5f}")
    print(f"  offset {offset:.5f} +- {errors[1]:.3f}   scikit-learn {reference.intercept_[0]:.5f}")

    picture, axes = figure(2)
    if picture is None:
        return
    t = np.linspace(1.8, 4.6, 200)
    density = np.exp([gaussian((mean, log_deviation), np.array([w])) for w in t])
    axes[0].hist(widths, bins=np.arange(1.95, 4.6, 0.2), density=True, alpha=0.4, label="sepals")
    axes[0].plot(t, density, label="most likely Gaussian")
    axes[0].set(title="width of iris sepals", xlabel="cm")
    r = np.linspace(5, 30, 200)
    axes[1].plot(size, malignant, "|", color="grey", label="tumours: 1 malignant, 0 benign")
    axes[1].plot(r, sigmoid(slope * (r - 14) + offset), label="most likely P(malignant)")
    axes[1].set(title="size of breast tumours", xlabel="mean radius")
    for part in axes:
        part.legend()
    save(picture, "maximum_likelihood.png")


if __name__ == "__main__":
    main()
