"""A recurrent network on a series: how many sunspots will there be next year?  A GRU reads the
years one after the other and carries a state; it is compared with "as this year" and with a linear
model of the nine years before, on years after those that all of them were fitted to.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, quick, save, sunspots

import autograd
from nn import GRU, AdamW, CosineDecay, Linear, Module, mse

SPLIT, MEMORY, WIDTH = 1930, 9, 12


class Forecast(Module):
    """Years (1, steps, 1) to a forecast of the year after each (1, steps, 1): how it changes."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.gru = GRU(1, WIDTH, batch_first=True, seed=rng)
        self.out = Linear(WIDTH, 1, seed=rng)

    def __call__(self, x: Any) -> Any:
        """One forecast for each year, from it and from all years before."""
        states, _ = self.gru(x)
        return x + self.out(states)


def trained(seed: int, x: Any, y: Any, steps: int) -> Forecast:
    """The network, with arrays for parameters, after so many steps over the whole series."""
    adam = AdamW(lr=CosineDecay(5e-3, steps=steps), weight_decay=1e-3)

    @autograd.compile  # two hundred years, one after the other: recorded once, three times faster
    def step(model: Forecast, state: Any) -> Any:
        loss, gradients = autograd.value_and_grad(lambda m: mse(m(x), y))(model)
        return *adam.update(gradients, state, model), loss

    model = autograd.stop_gradient(Forecast(seed))
    state = adam.init(model)
    for _ in range(steps):
        model, state, loss = step(model, state)
    print(f"seed {seed}: training loss {loss:.5f}")
    return model


def linear_forecast(series: Any, train: int) -> Any:
    """The year after each year, from `MEMORY` years, by least squares on the first `train`."""
    windows = np.lib.stride_tricks.sliding_window_view(series[:-1], MEMORY)
    past = np.column_stack([windows, np.ones(len(windows))])
    fitted = train - MEMORY
    w = np.linalg.lstsq(past[:fitted], series[MEMORY:train])[0]
    return np.concatenate([np.full(MEMORY - 1, np.nan), past @ w])


def main() -> None:
    """Train on the years up to 1930, forecast each later one from those before it; compare."""
    short = quick(__doc__)
    years, spots = sunspots()
    series = np.sqrt(spots) / 10  # roots of counts have about the same noise everywhere
    train = int(np.searchsorted(years, SPLIT, side="right"))
    x, y = series[None, :-1, None], series[None, 1:, None]
    seeds, steps = (1, 25) if short else (3, 600)
    known = slice(train - 40 if short else 0, train - 1)
    models = [trained(seed, x[:, known], y[:, known], steps) for seed in range(seeds)]
    forecasts = {
        "as this year": series[:-1],
        f"linear, {MEMORY} years": linear_forecast(series, train),
        f"GRU, mean of {seeds}": np.mean([model(x)[0, :, 0] for model in models], axis=0),
    }

    picture, axes = figure()
    later = years[1:] > SPLIT
    if picture is not None:
        axes.plot(years, spots, color="grey", linewidth=3, alpha=0.5, label="observed")
    for name, roots in forecasts.items():
        counts = (10 * np.maximum(roots, 0)) ** 2
        error = np.sqrt(np.mean((counts - spots[1:])[later] ** 2))
        print(f"{name:15} off by {error:.1f} sunspots, root mean square of {later.sum()} years")
        if picture is not None:
            axes.plot(years[1:][later], counts[later], linewidth=1, label=f"{name}: {error:.1f}")
    if picture is not None:
        axes.set(xlim=(SPLIT + 1, 2009), ylim=(0, 270), xlabel="year", ylabel="sunspots")
        axes.set(title="forecasts a year ahead, and their errors")
        axes.legend(fontsize="small", ncols=2)
        save(picture, "recurrent.png")


if __name__ == "__main__":
    main()
