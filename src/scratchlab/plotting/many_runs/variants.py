"""What the variants of a recipe came to. R runs of a variant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import ArgumentError, count
from scratchlab.plotting.shapes import Reals, shaped
from scratchlab.plotting.style import BLUE, INK, VERMILION, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW_INCHES = 0.3


def variants(names: Sequence[str], outcomes: Sequence[Reals], *, title: str, x: str) -> Figure:
    """Draw a row per variant: a dot for each of its runs and a line at their mean.

    The first is what the others are variants of: a line through all rows continues its mean.

    Args:
        names: of the variants.
        outcomes: of each variant, those of its runs (R,), at least one.
        title: of the figure.
        x: what was measured, and its unit.

    Raises:
        ArgumentError: for other lengths, or no variant or run.
    """
    count(names=len(names))
    if len(outcomes) != len(names):
        raise ArgumentError("outcomes", f"{len(outcomes)} rows", f"{len(names)}, one for each name")
    for name, runs in zip(names, outcomes, strict=True):
        shaped(("runs",), **{f"outcomes of {name}": runs})
        count(**{f"outcomes of {name}": len(runs)})
    figure = new_figure(
        8,
        1.6 + ROW_INCHES * len(names),
        title=title,
        explanation="Dots: single runs. Bars: their means. The line: the mean of the first row.",
    )
    axes = figure.subplots()
    dress(axes, x=x, y="")
    places = np.arange(len(names))
    means = [np.mean(runs) for runs in outcomes]
    axes.axvline(float(means[0]), color=VERMILION, linewidth=1)
    axes.plot(
        np.concatenate(outcomes),
        np.repeat(places, list(map(len, outcomes))),
        linestyle="none",
        marker=".",
        color=BLUE,
    )
    axes.plot(means, places, linestyle="none", marker="|", markersize=14, color=INK)
    axes.set_yticks(places, list(names))
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    return figure
