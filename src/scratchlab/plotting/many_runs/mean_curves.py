"""Curves of several contestants, each the mean over its runs. R runs of a contestant, E epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import count
from scratchlab.plotting.shapes import Reals, shaped
from scratchlab.plotting.style import (
    BLUE,
    VERMILION,
    dress,
    legend,
    new_figure,
    plain_log_ticks,
    whole_numbers,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = (BLUE, VERMILION, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Of Okabe and Ito's palette, as those of `style` are."""


def mean_curves(
    curves: Mapping[str, tuple[Reals, Reals]],
    *,
    title: str,
    x: str,
    y: str,
    is_log: bool = False,
    explanation: str = "",
) -> Figure:
    """Draw a line per contestant, the mean of its runs, inside a band from their lowest to their highest.

    Args:
        curves: by the names of the contestants, where on the x axis (E,) and the values there (R, E).
        title: of the figure.
        x: what the x axis counts: steps or epochs.
        y: what was measured.
        is_log: a logarithmic y axis, for values above 0.
        explanation: a line below the figure.

    Raises:
        ArgumentError: for arrays of other shapes, or no contestant.
    """
    count(curves=len(curves))
    for name, (places, values) in curves.items():
        shaped(("epochs",), **{f"curves[{name!r}][0]": places})
        shaped(("runs", len(places)), **{f"curves[{name!r}][1]": values})
        count(**{f"curves[{name!r}].size": values.size})
    figure = new_figure(8, 4.8, title=title, explanation=explanation)
    axes = figure.subplots()
    dress(axes, x=x, y=y)
    whole_numbers(axes.xaxis)
    for number, (name, (places, values)) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        axes.plot(places, values.mean(axis=0), color=colour, linewidth=1.6, label=name)
        axes.fill_between(
            places, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.2, linewidth=0
        )
    if is_log:
        axes.set_yscale("log")
        everything = np.concatenate([values.ravel() for _, values in curves.values()])
        axes.set_ylim(everything.min() / 1.2, everything.max() * 1.2)
        plain_log_ticks(axes.yaxis)
    axes.set_xlim(left=0)
    legend(axes, loc="best")
    return figure
