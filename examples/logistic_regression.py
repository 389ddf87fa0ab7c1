"""Logistic regression: is a breast tumour benign?  One linear layer and a sigmoid are trained until
the gradient is smaller than a tolerance, and compared with scikit-learn's solution.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, needed, quick, save

from nn import SGD, Linear, binary_cross_entropy_with_logits, fit
from nn.plots import loss_curves


def main() -> None:
    """Train, compare weights and accuracy with scikit-learn, draw."""
    short = quick(__doc__)
    datasets, linear = needed("sklearn.datasets"), needed("sklearn.linear_model")
    x, y = datasets.load_breast_cancer(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(x))
    train, test = order[:400], order[400:]
    x = (x - x[train].mean(axis=0)) / x[train].std(axis=0)

    model = Linear(30, 1, seed=0)
    penalty = 1 / len(
        train
    )  # scikit-learn's C = 1: half the squared norm of w, once for all samples

    def loss(scores: Any, labels: Any) -> Any:
        squared_norm = (model.w * model.w).sum()
        data_term = binary_cross_entropy_with_logits(scores, labels[:, None])
        return data_term + penalty / 2 * squared_norm

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

    correct = (model(x[test]).data[:, 0] > 0) == y[test]
    reference = linear.LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(x[train], y[train])
    difference = np.abs(model.w.data[:, 0] - reference.coef_[0]).max()
    print(f"accuracy: {correct.mean():.1%} on {len(test)} held-out tumours")
    print(
        f"scikit-learn: {reference.score(x[test], y[test]):.1%}; "
        f"weights differ by at most {difference:.1e}"
    )

    picture, axes = figure(2)
    if picture is None:
        return
    loss_curves(history, axes=axes[0], log=True)
    axes[1].plot(history.gradient)
    axes[1].set(title="norm of the gradient", xlabel="epoch", yscale="log")
    save(picture, "logistic_regression.png")


if __name__ == "__main__":
    main()
