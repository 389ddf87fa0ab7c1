"""A recurrent network on a series: how many sunspots will there be next year?  A GRU reads the
years one after the other and carries a state; it is compared with "as this year" and with a linear
model of the nine years before, on years after those that it was trained on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, quick, save, sunspots

from nn import GRU, Adam, Linear, Module, mse

SPLIT, MEMORY = 1940, 9
F = np.float64


class Forecast(Module):
    """The years (1, steps, 1) to what comes after each (1, steps, 1): a change of the last one."""

    def __init__(self, width: int, seed: int) -> None:
        self.gru = GRU(1, width, batch_first=True, dtype=F, seed=seed)
        self.out = Linear(width, 1, dtype=F, seed=seed + 1)

    def __call__(self, x: Any) -> Any:
        """One forecast for each year, from it and all years before."""
        states, _ = self.gru(x)
        return x + self.out(states)


def linear_forecast(series: Any, train: int) -> Any:
    """The next year from the `MEMORY` years before, fitted by least squares on the first years."""
    columns = [series[i : len(series) - MEMORY + i] for i in range(MEMORY)]
    past = np.column_stack([*columns, np.ones(len(series) - MEMORY)])
    fitted = train - MEMORY
    w = np.linalg.lstsq(past[:fitted], series[MEMORY : MEMORY + fitted], rcond=None)[0]
    return np.concatenate([np.full(MEMORY, np.nan), past @ w])


def counts(roots: Any) -> Any:
    """Sunspots, from the roots that the models work with."""
    return np.maximum(roots, 0) ** 2 * 100


def main() -> None:
    """Train on the years up to 1940, forecast each later one from those before it; compare."""
    steps = 8 if quick(__doc__) else 300
    years, spots = sunspots()
    series = np.sqrt(spots) / 10  # roots of counts have about the same noise everywhere
    train = int(np.flatnonzero(years == SPLIT)[0])
    x, y = series[None, :-1, None], series[None, 1:, None]

    ensemble = []
    for seed in range(1 if steps < 100 else 2):
        model = Forecast(12, seed=seed)
        adam = Adam(model, lr=5e-3, weight_decay=1e-3, decoupled=True)
        for step in range(steps):
            adam.lr = 1e-2 * (1 - step / steps) + 1e-5
            loss = mse(model(x[:, : train - 1]), y[:, : train - 1])
            adam.zero_grad()
            loss.backward()
            adam.step()
        print(f"seed {seed}: loss {loss.data:.5f} on {train} years")
        ensemble.append(model(x).data[0, :, 0])
    forecast = {
        "as this year": series[:-1],
        f"linear, {MEMORY} years": linear_forecast(series, train)[1:],
        "GRU": np.mean(ensemble, axis=0),
    }
    later = years[1:] > SPLIT
    errors = {}
    for name, roots in forecast.items():
        errors[name] = np.sqrt(
            np.mean((np.maximum(roots[later], 0) ** 2 * 100 - spots[1:][later]) ** 2)
        )
        span = f"{SPLIT + 1} to {years[-1]}"
        print(f"{name}: root mean squared error {errors[name]:.1f} sunspots, {span}")

    picture, axes = figure()
    if picture is None:
        return
    axes.plot(years, spots, color="grey", label="observed")
    for name in list(forecast)[1:]:
        curve, label = counts(forecast[name])[later], f"{name}: {errors[name]:.1f}"
        axes.plot(years[1:][later], curve, linewidth=1, label=label)
    axes.set(xlim=(1900, 2010), xlabel="year", ylabel="sunspots", title="forecasts, a year ahead")
    axes.legend()
    save(picture, "recurrent.png")


if __name__ == "__main__":
    main()
