"""Heat maps of a sweep: the accuracy of every pair of varied parameters.

R runs; the parameter to the right has X levels, the one upwards Y levels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.plotting.levels import MAX_LEVELS, Levels, levels
from scratchlab.plotting.many_runs.scored import score_limits, scored_runs
from scratchlab.plotting.scale import scale_of
from scratchlab.plotting.shapes import Reals
from scratchlab.plotting.style import (
    BLUE,
    INK,
    VERMILION,
    dress,
    in_lines,
    legend,
    new_figure,
    noted_figure,
    ring,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL_WIDTH_INCHES, CELL_HEIGHT_INCHES = 0.62, 0.4
MIN_CELLS = 3
LABEL_INCHES, GAP_INCHES = 1.2, 0.3
MIN_WIDTH_INCHES = 6.5


def heat_maps(
    values: Mapping[str, Sequence[object]], scores: Reals, *, measure: str = "validation accuracy"
) -> Figure:
    """Draw one heat map for every pair of varied parameters: in each cell the best of its configurations, in percent.

    The maps of three and more parameters stand in a triangle: those of a column share the parameter at the
    foot, those of a row the parameter at the left, and all share their colours. A combination without a run
    is blank. One parameter alone is drawn as dots with a line through the best run of each value (without
    it where a random search gave more than 12 of them).

    Args:
        values: by varied parameter, its value in each of the R runs. Numbers are sorted, other values keep
            the order of their appearance; more than 12 numbers are grouped into 8 ranges.
        scores: (R,) accuracies, fractions in [0, 1]; runs with NaN are left out.
        measure: which accuracy it is.

    Raises:
        ArgumentError: for no parameter, or a parameter with another number of values than there are scores.
    """
    kept, fractions = scored_runs(values, scores)
    percent = 100 * fractions
    if len(percent) == 0:
        return noted_figure(f"{measure.capitalize()} of the sweep", f"no run has a {measure}")
    if len(kept) == 1:
        ((name, column),) = kept.items()
        return _line(name, column, percent, measure)
    return _triangle({name: levels(column) for name, column in kept.items()}, percent, measure)


def _line(name: str, column: Sequence[object], percent: Reals, measure: str) -> Figure:
    figure = new_figure(7, 4.5, title=f"{measure.capitalize()} for every {name}")
    axes = figure.subplots()
    dress(axes, x=name, y=f"{measure} (%)")
    scale = scale_of(column, min_gap=0.08)
    places = np.unique(scale.of_runs)
    if len(places) <= MAX_LEVELS:
        highest = [percent[scale.of_runs == place].max() for place in places]
        axes.plot(places, highest, color=BLUE, linewidth=1.8, label="best of each value")
    axes.plot(
        scale.of_runs,
        percent,
        color=BLUE,
        alpha=0.6,
        linestyle="none",
        marker="o",
        markersize=5,
        label="each configuration",
    )
    best = percent.argmax()
    ring(axes, float(scale.of_runs[best]), float(percent[best]), label=f"best: {percent[best]:.2f} %")
    _write_ticks(axes, scale.ticks)
    axes.set_xlim(-0.05, 1.05)
    legend(axes, loc="best")
    return figure


def _triangle(parameters: Mapping[str, Levels], percent: Reals, measure: str) -> Figure:
    names = list(parameters)
    widths = [CELL_WIDTH_INCHES * max(parameters[name].number, MIN_CELLS) for name in names[:-1]]
    heights = [CELL_HEIGHT_INCHES * max(parameters[name].number, MIN_CELLS) for name in names[1:]]
    maps = {
        (row, column): _best_of_cells(parameters[names[column]], parameters[names[row + 1]], percent)
        for row in range(len(heights))
        for column in range(row + 1)
    }
    limits = score_limits(np.concatenate([cells[np.isfinite(cells)] for cells in maps.values()]))
    best = percent.argmax()

    figure = new_figure(
        max(MIN_WIDTH_INCHES, sum(widths) + GAP_INCHES * len(widths) + LABEL_INCHES),
        sum(heights) + GAP_INCHES * len(heights) + 2 * LABEL_INCHES,
        title=f"{measure.capitalize()} of the sweep: {percent[best]:.2f} % at best",
        explanation="Best of each cell, in percent. Framed: best of all. Blank: no result."
        f" Lightest: ≤ {limits[0]:.2f}.",
    )
    panels = figure.subplots(
        len(heights), len(widths), squeeze=False, width_ratios=widths, height_ratios=heights
    )
    for place, axes in np.ndenumerate(panels):
        if place not in maps:
            axes.set_axis_off()
            continue
        x_name, y_name = names[place[1]], names[place[0] + 1]
        x, y = parameters[x_name], parameters[y_name]
        dress(axes, x=in_lines(x_name), y=in_lines(y_name))
        _draw_cells(axes, maps[place], limits)
        _frame(axes, int(x.of_runs[best]), int(y.of_runs[best]))
        _write_ticks(axes, x.ticks)
        axes.set_yticks(list(y.ticks), list(y.ticks.values()))
        axes.label_outer()
    return figure


def _best_of_cells(x: Levels, y: Levels, percent: Reals) -> Reals:
    """Return the highest percentage of the runs in each cell (Y, X), NaN where there is none."""
    cells = np.full((y.number, x.number), np.nan)
    np.fmax.at(cells, (y.of_runs, x.of_runs), percent)
    return cells


def _draw_cells(axes: Axes, cells: Reals, limits: tuple[float, float]) -> None:
    low, high = limits
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)
    # The lowest colour is not white: white is a cell without a run.
    axes.imshow(
        np.ma.masked_invalid(np.maximum(cells, low)),
        cmap="Blues",
        vmin=low - 0.2 * (high - low),
        vmax=high,
        origin="lower",
        aspect="auto",
    )
    for row, column in np.argwhere(np.isfinite(cells)):
        value = cells[row, column]
        axes.text(
            column,
            row,
            f"{value:.2f}",
            ha="center",
            va="center",
            fontsize=9,
            color="white" if value > low + 0.5 * (high - low) else INK,
            in_layout=False,
        )


def _write_ticks(axes: Axes, ticks: Mapping[float, str]) -> None:
    places, texts = list(ticks), list(ticks.values())
    if max(map(len, texts)) > 6:
        axes.set_xticks(places, texts, rotation=45, ha="right", rotation_mode="anchor")
    else:
        axes.set_xticks(places, texts)


def _frame(axes: Axes, column: int, row: int) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=VERMILION, linewidth=2.5, clip_on=False
        )
    )
