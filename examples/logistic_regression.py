"""Logistic regression: is a breast tumour benign?  One linear layer, a sigmoid, descent until the
gradient is smaller than a tolerance.  scikit-learn solves the same problem, to compare with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, needed, quick, save

from nn import SGD, Linear, binary_cross_entropy_with_logits, fit
from nn.plots import loss_curves


def main() -> None:
    """Train to the tolerance, compare weights and accuracy, draw."""
    short = quick(__doc__)
    datasets, linear = needed("sklearn.datasets"), needed("sklearn.linear_model")
    x, y = datasets.load_breast_cancer(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    train, test = order[:400], order[400:]
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)

    model = Linear(30, 1, rng=0)
    pull = 1 / len(train)  # scikit-learn's C = 1: half the squared length of the weights, once

    def loss(scores: Any, labels: Any) -> Any:
        length = (model.w * model.w).sum()
        return binary_cross_entropy_with_logits(scores, labels[:, None]) + pull / 2 * length

    history = fit(
        model,
        x[train],
        y[train],
        loss,
        SGD(model, lr=1.0, momentum=0.9),
        epochs=300 if short else 3000,
        tolerance=1e-3 if short else 1e-7,
        test=(x[test], y[test]),
    )
    reason = "the tolerance on the gradient" if history.stopped == "tolerance" else "the last epoch"
    print(f"stopped by {reason} after {history.epochs} epochs, at {history.gradient[-1]:.1e}")

    right = (model(x[test]).data[:, 0] > 0) == y[test]
    other = linear.LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(x[train], y[train])
    apart = np.abs(model.w.data[:, 0] - other.coef_[0]).max()
    print(f"accuracy: {right.mean():.1%} on {len(test)} held-out tumours")
    print(
        f"scikit-learn: {other.score(x[test], y[test]):.1%}; weights differ by at most {apart:.1e}"
    )

    picture, axes = figure(2)
    if picture is None:
        return
    loss_curves(history, axes=axes[0], log=True)
    axes[1].plot(history.gradient)
    axes[1].set(title="length of the gradient", xlabel="epoch", yscale="log")
    save(picture, "logistic_regression.png")


if __name__ == "__main__":
    main()
