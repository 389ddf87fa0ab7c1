"""A function of Values as a subject of the checks: the engine differentiates it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking.numeric.probe import Floats
from autograd.checking.subjects.flat_trees import Place, to_floats
from autograd.checking.subjects.subject import Function, Guard, Subject
from autograd.engine.cotangents import unwrap
from autograd.engine.value import Value, new_variable
from autograd.transforms.trace import Trace


class ValueSubject(Subject):
    """A function of Values, differentiated by the engine."""

    def __init__(self, f: Function, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        super().__init__(f, inputs, kwargs)
        self.plain = False
        self.adopt(self.output(self.inputs.trees(self.inputs.x, copy=True)))

    def output(self, inputs: tuple[Any, ...]) -> Any:
        """The output for arguments in their own form."""
        leaves = [leaf for tree in inputs for leaf in pytree.flatten(tree)[0]]
        places = {place.leaf for place in self.inputs.places}
        leaves = [new_variable(leaf) if k in places else leaf for k, leaf in enumerate(leaves)]
        checked = [leaves[place.leaf] for place in self.inputs.places]
        return self.f(*self.inputs.fill(checked), **self.kwargs)

    def forward(self, flat: Floats) -> Floats:
        """F(x), shape (m,); it may be a view."""
        places = self.inputs.places
        if self.plain and self.inputs.bare and len(places) == 1 and not places[0].is_complex:
            return self.flat_output(self.f(flat.reshape(places[0].shape), **self.kwargs))
        if self.plain:
            leaves = [place.take(flat) for place in places]
            return self.flat_output(self.f(*self.inputs.fill(leaves), **self.kwargs))
        leaves = [new_variable(place.take(flat)) for place in places]
        y = self.f(*self.inputs.fill(leaves), **self.kwargs)
        return self.flat_output(y.data if type(y) is Value else y)

    def try_plain(self, point: Floats) -> None:
        """Evaluate on plain arrays from now on if that gives the same bits at two points."""
        if any(place.number for place in self.inputs.places):
            return
        points = (self.inputs.x, point)
        on_values = [np.array(self.forward(x.copy())) for x in points]
        self.plain = True
        try:
            on_arrays = [np.array(self.forward(x.copy())) for x in points]
            self.plain = all(map(np.array_equal, on_values, on_arrays))
        except Exception:  # the function needs Values
            self.plain = False

    def trace(self, flat: Floats) -> Trace:
        """One run of the function on new variables, to be walked in either direction."""
        return self.trace_leaves([place.take(flat, copy=True) for place in self.inputs.places])

    def trace_leaves(self, leaves: list[Any]) -> Trace:
        """The same with the checked leaves as they are given: of any dtype, or Values."""
        return Trace(lambda v: self.f(*self.inputs.fill(v), **self.kwargs), leaves)

    def seeds(self, run: Trace, g: Floats) -> list[Any]:
        """A flat cotangent as one for every output of a trace, None for other leaves."""
        seeds = dict(zip(self.float_leaves, self.cotangent(g), strict=True))
        return [seeds.get(k) for k in range(len(run.outputs))]

    def vjp_at(self, flat: Floats) -> Callable[[Floats], Floats]:
        """The pullback at a point."""
        run = self.trace(flat)
        one = self.inputs.places[0] if len(self.inputs.places) == 1 else None
        plain = one is not None and not one.is_complex and not one.number
        out = self.outputs.places[0] if len(run.outputs) == 1 and self.outputs.bare else None
        simple = out is not None and not out.is_complex and not out.number

        def pull(g: Floats) -> Floats:
            seeds = [g.copy().reshape(out.shape)] if out and simple else self.seeds(run, g)
            found = run.pull(seeds)
            if plain:
                return np.array(unwrap(found[0]), dtype=np.float64).ravel()
            return self.gradient(found)

        return pull

    def pull_and_detect_mutation(self, g: Floats) -> tuple[Floats, list[str]]:
        """One pullback at x, and what it changed in place."""
        run = self.trace(self.inputs.x)
        seeds = self.seeds(run, g)
        names = [place.name for place in self.inputs.places]
        guards = [Guard(name, v.data) for name, v in zip(names, run.variables, strict=True)]
        guards += [Guard("a saved output", y.data) for y in run.outputs if type(y) is Value]
        guards += [Guard("the cotangent g", seed) for seed in seeds]
        guards += [Guard("a constant input", leaf) for leaf in self.inputs.leaves]
        c = self.gradient(run.pull(seeds))
        return c, [guard.name for guard in guards if guard.changed()]

    def aliased_inputs(self, first: int, second: int, g: Floats) -> tuple[Floats, Floats]:
        """One object at two places: its gradient, and the sum of both partials."""
        a, b = self.inputs.places[first], self.inputs.places[second]
        flat = self.inputs.x.copy()
        flat[b.start : b.stop] = flat[a.start : a.stop]
        leaves = [place.take(flat, copy=True) for place in self.inputs.places]

        def call(variables: list[Value]) -> Any:
            filled = list(variables)
            filled[second] = filled[first]
            return self.f(*self.inputs.fill(filled), **self.kwargs)

        run = Trace(call, leaves)
        joint = self.gradient(run.pull(self.seeds(run, g)))[a.start : a.stop]
        apart = self.vjp_at(flat)(g)
        return joint, apart[a.start : a.stop] + apart[b.start : b.stop]

    def vjp_from(self, leaves: list[Any], g: Floats) -> Floats:
        """One pullback at checked leaves of any dtype, computed in that dtype."""
        run = self.trace_leaves(leaves)
        seeds = [
            None if seed is None else np.asarray(seed).astype(np.asarray(unwrap(y)).dtype)
            for seed, y in zip(self.seeds(run, g), run.outputs, strict=True)
        ]
        return self.gradient(run.pull(seeds))

    def gradient(self, found: list[Any]) -> Floats:
        """The flat form of one cotangent for each checked leaf."""
        out = np.empty(self.inputs.x.size)
        for place, c in zip(self.inputs.places, found, strict=True):
            data = to_floats(np.conj(unwrap(c)) if place.is_complex else unwrap(c))
            if place.is_complex and not np.iscomplexobj(unwrap(c)):
                data = to_floats(np.asarray(unwrap(c), dtype=np.complex128))
            out[place.start : place.stop] = data
        return out

    def push(self, flat: Floats, t: Floats) -> Floats:
        """Forward mode: the tangent of the outputs for one of the inputs."""
        run = self.trace(flat)
        tangents = [place.take(t, copy=True) for place in self.inputs.places]
        moved = run.push(tangents)
        return np.concatenate(
            [
                to_complex_pairs(unwrap(moved[k]), p)
                for k, p in zip(self.float_leaves, self.outputs.places, strict=True)
            ]
        )


def to_complex_pairs(t: Any, place: Place) -> Floats:
    """A tangent as flat floats, with zero imaginary parts where a complex one is due."""
    if place.is_complex:
        t = np.broadcast_to(np.asarray(t, dtype=np.complex128), place.shape)
    return to_floats(np.broadcast_to(t, place.shape))
