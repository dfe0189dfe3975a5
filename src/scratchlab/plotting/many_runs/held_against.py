"""Our results beside published ones. R runs of a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import ArgumentError, count
from scratchlab.plotting.shapes import Reals, shaped
from scratchlab.plotting.style import BLUE, INK, VERMILION, dress, new_figure, plain_log_ticks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW_INCHES = 0.28
CHARACTER_INCHES = 0.075


def held_against(
    names: Sequence[str], published: Reals, errors: Sequence[Reals], standard_errors: Reals
) -> Figure:
    """Draw a line per row on a logarithmic scale: the published error, our runs, and our mean.

    The bar through the mean reaches two standard errors to either side: where the published error is right of it
    we are better, where it is left of it we are worse.

    Args:
        names: (N) of the rows.
        published: (N,) errors in per cent, above 0.
        errors: N times (R,) errors in per cent of the runs.
        standard_errors: (N,) of their means.

    Raises:
        ArgumentError: for other lengths, or no row.
    """
    count(names=len(names))
    shaped((len(names),), published=published, standard_errors=standard_errors)
    if len(errors) != len(names):
        raise ArgumentError("errors", f"{len(errors)} rows", f"{len(names)}, one for each name")
    means = np.array([np.mean(each) for each in errors])
    places = np.arange(len(names))
    width = 6.5 + CHARACTER_INCHES * max(map(len, names))
    figure = new_figure(
        width,
        1.8 + ROW_INCHES * len(names),
        title="Test error, published and ours",
        explanation="Bars: our mean and two standard errors to either side of it. Dots: single runs.",
    )
    axes = figure.subplots()
    dress(axes, x="test error (%, log scale)", y="")
    axes.set_xscale("log")
    bottoms = np.maximum(means - 2 * standard_errors, means / 100)  # none reaches 0 on this scale
    axes.hlines(places, bottoms, means + 2 * standard_errors, color=BLUE, linewidth=5, alpha=0.3)
    runs = np.concatenate([np.asarray(each, np.float64) for each in errors])
    axes.plot(
        runs,
        np.repeat(places, list(map(len, errors))),
        linestyle="none",
        marker=".",
        color=BLUE,
        label="our runs",
    )
    axes.plot(means, places, linestyle="none", marker="|", markersize=11, color=INK, label="our mean")
    axes.plot(
        published, places, linestyle="none", marker="D", markersize=5, color=VERMILION, label="published"
    )
    axes.set_yticks(places, list(names))
    axes.set_ylim(len(names) - 0.5, -0.5)
    low, high = (
        min(float(bottoms.min()), float(published.min())),
        max(float(runs.max()), float(published.max())),
    )
    axes.set_xlim(low / 1.15, high * 1.15)
    plain_log_ticks(axes.xaxis)
    axes.grid(visible=False, axis="y")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=9, labelcolor=INK)
    return figure
