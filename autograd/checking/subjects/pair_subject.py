"""A pair of plain NumPy functions (f, vjp) as a subject of the checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import pytree
from autograd.checking.numeric.probe import Floats
from autograd.checking.subjects.flat_trees import (
    Place,
    count_leaves,
    leaf_names,
    leaves_by_key,
    to_floats,
)
from autograd.checking.subjects.subject import (
    Function,
    Guard,
    ShapeError,
    Subject,
    stopped_at,
)
from autograd.checking.subjects.user_code import source_of, state_of
from autograd.engine.cotangents import unwrap


class PairSubject(Subject):
    """A plain NumPy function `f(*inputs)` with `vjp(g, *inputs)`."""

    def __init__(
        self, f: Function, vjp: Function, inputs: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        super().__init__(f, inputs, kwargs)
        self.vjp = vjp
        counts = [count_leaves(structure) for structure in self.inputs.structures]
        self.first_leaves = [sum(counts[:k]) for k in range(len(counts))]
        self.adopt(self.output(self.inputs.trees(self.inputs.x, copy=True)))

    def stop_at(self, deadline: float) -> None:
        """Let both functions raise `ExhaustedError` from this time on."""
        super().stop_at(deadline)
        self.vjp = stopped_at(self.vjp, deadline)

    @property
    def rule_source(self) -> str:
        """`file:line` of the backward, where Python knows it."""
        return source_of(self.vjp)

    def shares_state(self) -> bool:
        """Whether the derivative can see what the function keeps from one call to the next."""
        return bool(state_of(self.f) & state_of(self.vjp))

    def output(self, inputs: tuple[Any, ...]) -> Any:
        """The output for arguments in their own form."""
        return self.f(*inputs, **self.kwargs)

    def forward(self, flat: Floats) -> Floats:
        """F(x), shape (m,); it may be a view."""
        return self.flat_output(self.f(*self.inputs.trees(flat), **self.kwargs))

    def remember(self, inputs: tuple[Any, ...]) -> None:
        """Run the function, for pairs that save in the forward what the backward needs."""
        if self.reseed is None:
            self.f(*inputs, **self.kwargs)

    def cotangent_tree(self, g: Floats) -> Any:
        """A flat cotangent in the form of the output."""
        return self.outputs.fill(self.cotangent(g))[0]

    def vjp_at(self, flat: Floats) -> Callable[[Floats], Floats]:
        """The pullback at a point."""
        inputs = self.inputs.trees(flat, copy=True)
        self.remember(inputs)

        def pull(g: Floats) -> Floats:
            tree = self.cotangent_tree(g)
            return self.collect(self.vjp(tree, *inputs, **self.kwargs))

        return pull

    def pull_and_detect_mutation(self, g: Floats) -> tuple[Floats, list[str]]:
        """One pullback at x, and what it changed in place."""
        inputs = self.inputs.trees(self.inputs.x, copy=True)
        self.remember(inputs)
        tree = self.cotangent_tree(g)
        names = [s for k, one in enumerate(inputs) for s in leaf_names(one, f"input {k}")]
        leaves = [leaf for one in inputs for leaf in pytree.flatten(one)[0]]
        guards = [Guard(name, leaf) for name, leaf in zip(names, leaves, strict=True)]
        guards += [Guard("the cotangent g", leaf) for leaf in pytree.flatten(tree)[0]]
        c = self.collect(self.vjp(tree, *inputs, **self.kwargs))
        return c, [guard.name for guard in guards if guard.changed()]

    def aliased_inputs(self, first: int, second: int, g: Floats) -> tuple[Floats, Floats]:
        """One object at two places: its gradient, and the sum of both partials."""
        a, b = self.inputs.places[first], self.inputs.places[second]
        flat = self.inputs.x.copy()
        flat[b.start : b.stop] = flat[a.start : a.stop]
        leaves = [place.take(flat, copy=True) for place in self.inputs.places]
        leaves[second] = leaves[first]
        tree = self.cotangent_tree(g)
        self.remember(self.inputs.fill(leaves))
        one = self.collect(self.vjp(tree, *self.inputs.fill(leaves), **self.kwargs))
        apart = self.vjp_at(flat)(g)
        both = slice(a.start, a.stop), slice(b.start, b.stop)
        return one[both[0]] + one[both[1]], apart[both[0]] + apart[both[1]]

    def vjp_from(self, leaves: list[Any], g: Floats) -> Floats:
        """One pullback at checked leaves of any dtype, computed in that dtype."""
        inputs = self.inputs.fill(leaves)
        outputs = pytree.flatten(self.output(inputs))[0]
        seeds, structure = pytree.flatten(self.cotangent_tree(g))
        cast = [
            np.asarray(seed).astype(np.asarray(unwrap(y)).dtype)[()]
            for seed, y in zip(seeds, outputs, strict=True)
        ]
        low = pytree.unflatten(structure, cast)
        return self.collect(self.vjp(low, *inputs, **self.kwargs))

    def collect(self, found: Any) -> Floats:
        """The flat gradient from what a backward returned, or `ShapeError`."""
        out = np.zeros(self.inputs.x.size)
        for argument, part in self.parts(found):
            structure, at = self.inputs.structures[argument], self.first_leaves[argument]
            leaves = leaves_by_key(structure, part)
            for place in self.inputs.places:
                if place.argument == argument:
                    k = place.leaf - at
                    self.write(out, place, unwrap(leaves[k]) if k < len(leaves) else None)
        return out

    def parts(self, found: Any) -> list[tuple[int, Any]]:
        """What a backward returned, argument by argument.

        Integers and bools need no gradient: a backward may return one for each argument, or
        leave those out.
        """
        count = len(self.inputs.structures)
        checked = sorted({place.argument for place in self.inputs.places})
        one = count == 1 and not (type(found) is tuple and len(found) == 1)
        if one or not isinstance(found, tuple | list):
            found = [found]
        if len(found) == count:
            return list(enumerate(found))
        if len(found) == len(checked):
            return list(zip(checked, found, strict=True))
        raise ShapeError(f"vjp returned {len(found)} gradients for {count} inputs", 0)

    def write(self, out: Floats, place: Place, leaf: Any) -> None:
        """Store the gradient of one leaf, in place; None is zero."""
        if leaf is None:
            return
        if isinstance(leaf, str | bytes | dict) or np.asarray(leaf).dtype.kind not in "biufc":
            text = (
                f"a {type(leaf).__name__} was returned where the gradient of {place.name} belongs"
            )
            raise ShapeError(text, self.inputs.places.index(place))
        if np.shape(leaf) != place.shape:
            text = f"gradient has shape {np.shape(leaf)}, the input has shape {place.shape}"
            raise ShapeError(text, self.inputs.places.index(place), leaf)
        data = np.asarray(leaf)
        if place.is_complex:
            data = np.conj(data.astype(np.complex128))
            out[place.start : place.stop] = to_floats(data)
        else:
            out[place.start : place.stop] = np.asarray(data.real, dtype=np.float64).ravel()
