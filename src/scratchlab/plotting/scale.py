"""Where the values of a parameter lie along an axis of length 1. R runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scratchlab.plotting.levels import MAX_LEVELS, as_numbers, is_wide, levels, spelled


@dataclass(frozen=True)
class Scale:
    """Positions on an axis of length 1."""

    of_runs: NDArray[np.float64]
    """(R,) in [0, 1]."""
    ticks: dict[float, str]
    """What to write where, rising."""


def scale_of(values: Sequence[object], *, min_gap: float) -> Scale:
    """Return the scale for the values (R,) of a parameter, at least one.

    Logarithmic for positive numbers over more than a factor of 10. Otherwise the distinct values stand at equal
    distances (0, 1e-5, 1e-4 have no logarithm, and 100, 200, 500 need none), unless they are more than
    12 numbers, which stand on a linear scale. Ticks nearer than `min_gap` to the one before are left out.
    """
    numbers = as_numbers(values)
    if numbers is None or not (is_wide(numbers) or len(np.unique(numbers)) > MAX_LEVELS):
        found = levels(values)
        places = np.linspace(0, 1, found.number) if found.number > 1 else np.array([0.5])
        return Scale(places[found.of_runs], _thinned(zip(places, found.ticks.values(), strict=True), min_gap))
    marks = _marks(numbers)
    if is_wide(numbers):
        numbers, places = np.log(numbers), np.log(marks)
    else:
        places = marks
    low, high = numbers.min(), numbers.max()
    texts = map(spelled, marks)
    ticks = _thinned(zip((places - low) / (high - low), texts, strict=True), min_gap)
    return Scale((numbers - low) / (high - low), ticks)


def _marks(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distinct numbers if they are few, or round numbers between the least and the greatest."""
    from matplotlib.ticker import Locator, LogLocator, MaxNLocator

    distinct = np.unique(numbers)
    if len(distinct) <= MAX_LEVELS:
        return distinct
    low, high = float(distinct[0]), float(distinct[-1])
    if is_wide(numbers):
        locator: Locator = LogLocator(subs=(1, 2, 5) if high < 10_000 * low else (1,))
    else:
        locator = MaxNLocator(nbins=6, steps=[1, 2, 5, 10])
    marks = np.asarray(locator.tick_values(low, high))
    return marks[(low <= marks) & (marks <= high)]


def _thinned(ticks: Iterable[tuple[float, str]], min_gap: float) -> dict[float, str]:
    kept: dict[float, str] = {}
    for place, text in ticks:
        if not kept or place - max(kept) >= min_gap:
            kept[float(place)] = text
    return kept
