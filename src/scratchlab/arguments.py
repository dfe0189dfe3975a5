"""Checks of the arguments that a person types, on the command line or in Python.

Every constructor checks its own arguments with these functions, so that one sentence in one form
(`lr=-1: expected a number above 0`) serves the library and the command line alike. The command line puts the
group in front (`optimizer.lr=-1: ...`).
"""

import difflib
import math
from collections.abc import Collection
from numbers import Integral, Real
from typing import Any


class ArgumentError(ValueError):
    """An argument that cannot be used: what came, what was expected, and what to type instead."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(name, value, expected)
        self.name = name
        self.value = value
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.name}={self.value}: expected {self.expected}"


def nearest(word: object, words: Collection[str]) -> str:
    """Return `, did you mean X?` for the most similar of `words`, or nothing where none is similar."""
    match = difflib.get_close_matches(str(word), list(words), n=1, cutoff=0.5)
    return f", did you mean {match[0]}?" if match else ""


def positive(**named: Any) -> None:
    """Demand finite numbers above 0."""
    for name, value in named.items():
        if not (_is_number(value) and value > 0):
            raise ArgumentError(name, value, "a number above 0")


def non_negative(**named: Any) -> None:
    """Demand finite numbers of at least 0."""
    for name, value in named.items():
        if not (_is_number(value) and value >= 0):
            raise ArgumentError(name, value, "a number of at least 0")


def fraction(**named: Any) -> None:
    """Demand numbers in [0, 1)."""
    for name, value in named.items():
        if not (_is_number(value) and 0 <= value < 1):
            raise ArgumentError(name, value, "a number from 0 to below 1")


def count(*, minimum: int = 1, **named: Any) -> None:
    """Demand whole numbers of at least `minimum`."""
    for name, value in named.items():
        if isinstance(value, bool) or not isinstance(value, Integral) or value < minimum:
            raise ArgumentError(name, value, f"a whole number of at least {minimum}")


def flag(**named: object) -> None:
    """Demand true or false."""
    for name, value in named.items():
        if not isinstance(value, bool):
            raise ArgumentError(name, value, "true or false")


def one_of(options: Collection[str], **named: object) -> None:
    """Demand one of `options`, and name the nearest of them otherwise."""
    for name, value in named.items():
        if value not in list(options):
            raise ArgumentError(name, value, f"one of {', '.join(options)}{nearest(value, options)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
