"""Checks of arguments: numbers out of range, and keywords as other libraries call them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


def check_keywords(**synonyms: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator: a keyword that the function does not have raises a TypeError that names the
    right one, from the synonyms, or lists those that there are.

    >>> @check_keywords(colour="color")
    ... def paint(color="red"):
    ...     return color
    >>> paint(colour="blue")
    Traceback (most recent call last):
    TypeError: paint has no keyword 'colour': here it is called 'color'
    """

    def decorate(f: Callable[P, R]) -> Callable[P, R]:
        known = [name for name in inspect.signature(f).parameters if name != "self"]
        name = f.__qualname__.removesuffix(".__init__")

        @wraps(f)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            for given in kwargs:
                if given not in known:
                    ours = synonyms.get(given)
                    advice = f"here it is called {ours!r}" if ours else f"it takes {known}"
                    raise TypeError(f"{name} has no keyword {given!r}: {advice}")
            return f(*args, **kwargs)

        return checked

    return decorate


def take_synonyms(**synonyms: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator: a keyword of another library is taken for ours, from the synonyms; any other
    that the function does not have raises a TypeError that lists those that there are.

    >>> @take_synonyms(colour="color")
    ... def paint(color="red"):
    ...     return color
    >>> paint(colour="blue")
    'blue'
    """

    def decorate(f: Callable[P, R]) -> Callable[P, R]:
        known = [name for name in inspect.signature(f).parameters if name != "self"]
        name = f.__qualname__.removesuffix(".__init__")

        @wraps(f)
        def renamed(*args: P.args, **kwargs: P.kwargs) -> R:
            for given in [key for key in kwargs if key not in known]:
                ours = synonyms.get(given)
                if ours is None:
                    raise TypeError(f"{name} has no keyword {given!r}: it takes {known}")
                if ours in kwargs:
                    raise TypeError(f"{name}: {given!r} is another word for {ours!r}, give one")
                kwargs[ours] = kwargs.pop(given)
            return f(*args, **kwargs)

        return renamed

    return decorate


def positive(name: str, x: float) -> float:
    """x, refused unless it is above 0."""
    if not x > 0:
        raise ValueError(f"{name} must be positive, got {x}")
    return x


def not_negative(name: str, x: float) -> float:
    """x, refused where it is below 0."""
    if not x >= 0:
        raise ValueError(f"{name} must not be negative, got {x}")
    return x


def fraction(name: str, x: float) -> float:
    """x, refused outside 0 <= x < 1."""
    if not 0 <= x < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, got {x}")
    return x


def array_of(x: Any) -> Any:
    """A number or a list as a NumPy array; an array of any library, or a Value, as it is."""
    return x if hasattr(x, "shape") else np.asarray(x)


def computed(x: Any) -> Any:
    """The entries of a lazy array; anything else as it is."""
    return x.compute() if hasattr(x, "compute") else x
