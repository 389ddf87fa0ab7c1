"""Make the pictures in docs/gallery:  python docs/make_gallery.py [folder]

Graph pictures need Graphviz (`pip install pygraphviz matplotlib`); the screenshot of the page is
made where a Chromium is installed, and left as it is elsewhere.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

import nn  # noqa: E402
from autograd import Value, custom_vjp, graph, relu, softmax  # noqa: E402
from autograd.views import Graph  # noqa: E402

Row = tuple[str, str, str]


def neuron() -> Graph:
    """micrograd's neuron."""
    x1, x2 = Value(2.0), Value(0.0)
    w1, w2, b = Value(-3.0), Value(1.0), Value(6.881373587)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.backward()
    return graph(o)


def shared() -> Graph:
    """x is used twice, so its gradient is a sum: what the page shows in motion."""
    x, w, b = Value(0.5), Value(-2.0), Value(1.25)
    y = (x * w + b).tanh()
    loss = y * x
    loss.backward()
    return graph(loss)


def network() -> Graph:
    """Two layers of arrays after backward."""
    rng = np.random.default_rng(0)
    mlp = nn.Sequential(nn.Linear(4, 8, seed=0), nn.tanh, nn.Linear(8, 3, seed=1)).named("mlp")
    x, y = rng.normal(size=(32, 4)), rng.normal(size=(32, 3))
    loss = ((mlp(x) - y) ** 2).mean()
    loss.backward()
    return graph(loss)


def folded() -> Graph:
    """A network of scalars with 1,200 nodes."""
    mlp = nn.MLP(6, [16, 16, 1], seed=random.Random(0))
    loss = (mlp([0.5, -1.0, 2.0, 0.1, -0.3, 1.0]) - 1.0) ** 2
    loss.backward()
    return graph(loss)


def broken() -> Graph:
    """Where NaN begins."""
    p, q = Value(0.2), Value(-0.5)
    with np.errstate(all="ignore"):
        odds = p / (p + q)
        logit = odds.log()
        loss = logit * p + 1.0
        loss.backward()
    return graph(loss)


def dead() -> Graph:
    """A ReLU that lets nothing through, whatever the sample."""
    w1, w2 = Value(-0.8), Value(0.6)
    y = [relu(w1 * x) + relu(w2 * x) for x in (0.5, 1.5)]
    loss = (y[0] - 1.0) ** 2 + (y[1] - 2.0) ** 2
    loss.backward()
    return graph(loss)


def norm(x: Any, gain: Any) -> Any:
    """Each row with mean 0 and variance 1, times a gain."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5) * gain


def attention(x: Any, p: Any) -> Any:
    """Every row looks at all rows."""
    scores = (x @ p["q"]) @ (x @ p["k"]).T / np.sqrt(8.0)
    return softmax(scores) @ (x @ p["v"])


def mlp(x: Any, p: Any) -> Any:
    """Two layers with a ReLU between them."""
    return relu(x @ p["w1"]) @ p["w2"]


def block(x: Any, p: Any) -> Any:
    """One layer of a transformer."""
    x = x + attention(norm(x, p["gain1"]), p)
    return x + mlp(norm(x, p["gain2"]), p)


def transformer() -> Graph:
    """A transformer written by hand, without any module."""
    rng = np.random.default_rng(0)
    sizes = {**dict.fromkeys("qkv", (8, 8)), "w1": (8, 16), "w2": (16, 8)}
    layers = [
        {name: rng.normal(size=size) / 3 for name, size in sizes.items()}
        | {"gain1": np.ones(8), "gain2": np.ones(8)}
        for _ in range(2)
    ]

    def model(x: Any, layers: Any) -> Any:
        for p in layers:
            x = block(x, p)
        return (x**2).mean()

    return graph(model, rng.normal(size=(5, 8)), layers)


def recurrent() -> Graph:
    """Fifty steps of a loop."""
    rng = np.random.default_rng(0)
    w, u, b = Value(rng.normal(size=(4, 4)) / 2), Value(rng.normal(size=(3, 4))), Value(np.zeros(4))
    h = h0 = Value(np.zeros((2, 4)))
    for x in rng.normal(size=(50, 2, 3)):
        h = np.tanh(x @ u + h @ w + b)
    loss = (h * h).mean()
    loss.backward()
    return graph(loss, names={"h0": h0})


def compared() -> Graph:
    """One step of gradient descent, before and after."""
    w, b = Value(2.0), Value(-1.0)

    def loss() -> Value:
        return (w * 1.5 + b - 1.0) ** 2

    before = loss()
    before.backward()
    picture = graph(before)
    for p in (w, b):
        p.data -= 0.1 * p.grad
        p.zero_grad()
    after = loss()
    after.backward()
    return picture.diff(graph(after))


@custom_vjp
def wrong_tanh(x: Any) -> Any:
    """tanh with a rule that forgets the factor 1 - y**2."""
    return np.tanh(x)


wrong_tanh.defvjp(lambda x: (np.tanh(x), None), lambda _, g: (g,))


def marked() -> Graph:
    """A failed gradient check: the guilty operation, and both numbers on its edge."""
    x = Value(0.5)
    h = wrong_tanh(x)
    loss = h * 3.0
    loss.backward()
    step = 1e-5
    numeric = (np.tanh(0.5 + step) - np.tanh(0.5 - step)) / (2 * step)
    both = f"backward {x.grad / h.grad:.4f}, numeric {numeric:.4f}"
    return graph(loss, mark={(h, 0): both, h: "this rule is wrong"})


GRAPHS: dict[str, tuple[Callable[[], Graph], str]] = {
    "neuron": (neuron, "A neuron with values, gradients and the local derivative on every edge"),
    "network": (network, "A network of arrays: modules as boxes, summaries of arrays"),
    "folded": (folded, "1,200 nodes folded: equal neurons as one box"),
    "nan": (broken, "NaN in red, and the sentence that says where it begins"),
    "dead-relu": (dead, "A ReLU dead for all samples: zero gradients are grey, edges dashed"),
    "transformer": (transformer, "A hand-written transformer: boxes are the user's functions"),
    "recurrent": (recurrent, "Fifty steps of a loop, rolled into one with what it carries"),
    "difference": (compared, "Before and after a step of descent: every change says what was"),
    "gradcheck": (marked, "A failed gradient check marks the operation and both numbers"),
}


def curves() -> dict[str, tuple[Callable[[], Any], str]]:
    """The training pictures; matplotlib is needed from here on."""
    from nn import plots

    rng = np.random.default_rng(3)
    turn = rng.uniform(0, np.pi, (2, 60))
    moon1 = np.c_[np.cos(turn[0]), np.sin(turn[0])]
    moon2 = np.c_[1 - np.cos(turn[1]), 0.5 - np.sin(turn[1])]
    points = np.r_[moon1, moon2] + rng.normal(scale=0.15, size=(120, 2))
    labels = np.repeat([0, 1], 60)
    model = nn.Sequential(nn.Linear(2, 16, seed=0), nn.tanh, nn.Linear(16, 1, seed=1))

    def train_moons() -> Any:
        optimiser = nn.Adam(model.parameters(), 0.03)
        for _ in range(400):
            logits = model(points).reshape(-1)
            loss = nn.binary_cross_entropy_with_logits(logits, labels.astype(float))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        return plots.decision_boundary(model, points, labels)

    def overfit() -> Any:
        x = np.linspace(-1, 1, 12)[:, None]
        y = np.sin(3 * x) + rng.normal(scale=0.35, size=x.shape)
        fresh = rng.uniform(-1, 1, (60, 1))
        wide = nn.Sequential(
            nn.Linear(1, 40, seed=0),
            nn.tanh,
            nn.Linear(40, 40, seed=1),
            nn.tanh,
            nn.Linear(40, 1, seed=2),
        )
        optimiser = nn.Adam(wide.parameters(), 0.01)
        train, test = [], []
        for _ in range(300):
            loss = ((wide(x) - y) ** 2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            train.append(float(loss.data))
            test.append(float(np.mean((wide(fresh).data - np.sin(3 * fresh)) ** 2)) + 0.35**2)
        return plots.loss_curves(train, test)

    return {
        "loss-curves": (overfit, "Training and test loss: after the marked epoch it overfits"),
        "activations": (plots.activation_curves, "Activation functions and their derivatives"),
        "softmax": (
            lambda: plots.softmax_temperatures([2.0, 1.0, 0.1], names=["A", "B", "C"]),
            "Softmax at several temperatures",
        ),
        "boundary": (train_moons, "The decision boundary of a small network"),
        "learning-rates": (
            lambda: plots.descent_paths(lambda w: w * w, 1.8, (0.03, 0.3, 0.95, 1.05), 12),
            "The loss along a line and the paths of four learning rates",
        ),
        "optimisers": (
            lambda: plots.descent_contour(
                lambda w: (w[0] - 1.0) ** 2 + 5.0 * (w[1] - 0.5 * w[0]) ** 2, [-1.5, 1.5]
            ),
            "The contours of a loss and the paths of three optimisers",
        ),
    }


def screenshot(folder: Path) -> bool:
    """A picture of the page in the middle of backward; False where there is no Chromium."""
    from tests.views.browser import Browser, find_browser

    program = find_browser()
    if program is None:
        return False
    with Browser(program) as browser:
        page = browser.page(folder / "page.html", fragment="#step=7", width=1420, height=600)
        page.click("[data-k=n0]")
        page.picture(folder / "page.png")
    return True


def forget_root(path: Path) -> None:
    """Rules are named by file and line: without the folder in which this copy happens to be."""
    path.write_text(path.read_text("utf-8").replace(f"{ROOT}{os.sep}", ""), "utf-8")


def main(folder: Path) -> None:
    """Write every picture, and the page that lists them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    for name, (make, text) in GRAPHS.items():
        made = make()
        made.save(folder / f"{name}.svg")
        forget_root(folder / f"{name}.svg")
        rows.append((f"{name}.svg", text, ""))
        if name == "folded":
            made.save(folder / f"{name}.html")
    shared().save(folder / "page.html")
    (folder / "neuron.txt").write_text(neuron().text(ascii=False) + "\n", "utf-8")
    shot = screenshot(folder)
    print("page.png:", "made" if shot else "left as it is, because no Chromium was found")
    rows.append(
        (
            "page.png",
            "The page, stepping through backward (open page.html): the += of a shared input",
            "",
        )
    )
    for name, (draw, text) in curves().items():
        axes = draw()
        first = axes[0] if isinstance(axes, list) else axes
        first.figure.savefig(folder / f"{name}.png", dpi=110, metadata={"Software": None})
        rows.append((f"{name}.png", text, ""))
    lines = ["# Gallery", "", "Made by `python docs/make_gallery.py`.", ""]
    for file, text, _ in rows:
        lines += [f"## {text}", "", f"![{text}]({file})", ""]
    lines += ["## The same neuron as text", "", "```"]
    lines += [*(folder / "neuron.txt").read_text("utf-8").splitlines(), "```", ""]
    (folder / "README.md").write_text("\n".join(lines), "utf-8")
    print(f"{len(rows)} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "docs" / "gallery")
