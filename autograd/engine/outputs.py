"""Operations with several outputs: one node holds them all, and one node more for each output."""

from __future__ import annotations

from typing import Any, final


@final
class OutputTuple(tuple[Any, ...]):
    """The outputs of an operation with several, or their cotangents (or tangents), of which None
    means zero.

    >>> OutputTuple((1.0, None)) + OutputTuple((2.0, 3.0))
    (3.0, 3.0)
    """

    __slots__ = ()

    def __add__(self, other: object) -> OutputTuple:
        assert isinstance(other, OutputTuple)
        return OutputTuple(
            b if a is None else a if b is None else a + b for a, b in zip(self, other, strict=True)
        )


def get_output(outputs: Any, index: int, count: int) -> Any:
    """One output of an operation that has `count`."""
    return outputs[index]


def only_output(g: Any, index: int, count: int) -> OutputTuple:
    """The cotangents of all outputs of an operation where one of them has g."""
    return OutputTuple([g if i == index else None for i in range(count)])
