"""A float32 network classifies handwritten digits of 8 by 8 pixels: softmax cross-entropy, Adam."""

from __future__ import annotations

import numpy as np
from _common import figure, needed, quick, save

from nn import Adam, Linear, Sequential, accuracy, cross_entropy_with_logits, fit, tanh
from nn.plots import loss_curves


def main() -> None:
    """Train, print the accuracy, draw the losses and some misclassified digits."""
    epochs = 8 if quick(__doc__) else 40
    x, y = needed("sklearn.datasets").load_digits(return_X_y=True)
    split = needed("sklearn.model_selection").train_test_split
    x = (x / 16).astype(np.float32)
    x_train, x_test, y_train, y_test = split(x, y, test_size=0.25, random_state=0, stratify=y)

    model = Sequential(
        Linear(64, 32, dtype=np.float32, seed=0), tanh, Linear(32, 10, dtype=np.float32, seed=1)
    )
    print(model)
    optimiser = Adam(model, lr=0.01)
    history = fit(
        model,
        x_train,
        y_train,
        cross_entropy_with_logits,
        optimiser,
        epochs,
        batch_size=32,
        seed=0,
        test=(x_test, y_test),
    )
    scores = model(x_test).data
    print(
        f"loss: {history.train[-1]:.4f} on training digits, "
        f"{history.test[-1]:.4f} on held-out digits"
    )
    print(f"accuracy: {accuracy(model(x_train), y_train):.1%} on {len(x_train)} training digits")
    print(f"accuracy: {accuracy(scores, y_test):.1%} on {len(x_test)} held-out digits")

    picture, axes = figure(2)
    if picture is None:
        return
    loss_curves(history, axes=axes[0], log=True)
    wrong = np.flatnonzero(scores.argmax(axis=1) != y_test)[:8]
    if len(wrong):
        axes[1].imshow(np.hstack([1 - x_test[i].reshape(8, 8) for i in wrong]), cmap="gray")
    pairs = ", ".join(f"{y_test[i]} as {scores[i].argmax()}" for i in wrong)
    axes[1].set(title=f"mistakes: {pairs}", xticks=[], yticks=[])
    axes[1].title.set_fontsize(8)
    save(picture, "digits.png")


if __name__ == "__main__":
    main()
