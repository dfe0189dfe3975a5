"""The distinct values that a sweep gave to a parameter, in order. R runs, L levels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import NDArray

MAX_LEVELS = 12
RANGES = 8


@dataclass(frozen=True)
class Levels:
    """Equally wide places for the values of a parameter: place i reaches from i - 0.5 to i + 0.5."""

    of_runs: NDArray[np.intp]
    """(R,) the level of each run, from 0 to L - 1."""
    number: int
    """L."""
    ticks: dict[float, str]
    """What to write where: each value in the middle of its place, or the borders of ranges."""


def levels(values: Sequence[object]) -> Levels:
    """Return the levels of the values (R,) of a parameter, at least one.

    Numbers rise; anything else keeps the order of its first appearance, told apart by its text. More than 12
    numbers, as a random search draws them, are grouped into 8 ranges, equally wide on the scale of `is_wide`.
    """
    numbers = as_numbers(values)
    if numbers is None:
        texts = [str(value) for value in values]
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        of_runs = np.array([places[text] for text in texts], dtype=np.intp)
        return Levels(of_runs, len(places), {float(place): text for text, place in places.items()})
    distinct, of_runs = np.unique(numbers, return_inverse=True)
    if len(distinct) <= MAX_LEVELS:
        return Levels(of_runs, len(distinct), {float(i): spelled(x) for i, x in enumerate(distinct)})
    spaced = np.geomspace if is_wide(numbers) else np.linspace
    borders = spaced(distinct[0], distinct[-1], RANGES + 1)
    # The inner borders only: the ends belong to the first and the last range, however they were rounded.
    of_runs = np.searchsorted(borders[1:-1], numbers, side="right")
    return Levels(of_runs, RANGES, {i - 0.5: spelled(float(f"{x:.3g}")) for i, x in enumerate(borders)})


def as_numbers(values: Sequence[object]) -> NDArray[np.float64] | None:
    """Return the values as an array (R,), or nothing where one of them is not a finite number."""
    numbers = [
        float(x) for x in values if isinstance(x, Real) and not isinstance(x, bool) and math.isfinite(x)
    ]
    return np.array(numbers) if len(numbers) == len(values) else None


def is_wide(numbers: NDArray[np.float64]) -> bool:
    """Tell whether numbers ask for a logarithmic scale: positive, and over more than a factor of 10."""
    return bool(numbers.min() > 0 and numbers.max() > 10 * numbers.min())


def spelled(number: float) -> str:
    """Return the number to six digits as one types it: 0.001, 1e-5, 500."""
    return f"{number:g}".replace("e-0", "e-").replace("e+0", "e")
