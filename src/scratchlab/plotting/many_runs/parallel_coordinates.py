"""Parallel coordinates of a sweep: every run as a line from parameter to parameter to its score.

R runs, P varied parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.plotting.many_runs.scored import score_limits, scored_runs
from scratchlab.plotting.scale import Scale, scale_of
from scratchlab.plotting.shapes import Reals
from scratchlab.plotting.style import INK, MUTED, VERMILION, in_lines, new_figure, noted_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SPACING_INCHES = 1.7
SCORE_TICKS = 6


def parallel_coordinates(
    values: Mapping[str, Sequence[object]], scores: Reals, *, measure: str = "validation accuracy"
) -> Figure:
    """Draw one upright axis for each varied parameter, the score as the last, and each run as a line across.

    Lines are coloured by score, better ones over worse ones, and the best run lies on top in red. An axis is
    logarithmic where the values are positive numbers over more than a factor of 10; otherwise the values stand
    at equal distances. The axis of the score begins where `score_limits` says; runs below end at its foot.

    Args:
        values: by varied parameter, its value in each of the R runs.
        scores: (R,) accuracies, fractions in [0, 1]; runs with NaN are left out.
        measure: which accuracy it is.

    Raises:
        ArgumentError: for no parameter, or a parameter with another number of values than there are scores.
    """
    kept, fractions = scored_runs(values, scores)
    percent = 100 * fractions
    title = "Every configuration and its accuracy"
    if len(percent) == 0:
        return noted_figure(title, f"no run has a {measure}")
    best = int(percent.argmax())
    figure = new_figure(
        max(6.5, SPACING_INCHES * (len(kept) + 1)),
        4.8,
        title=title,
        explanation=f"Lighter: better. Red: the best of {len(percent):,}, {percent[best]:.2f} %.",
    )
    axes = figure.subplots()
    scales = {in_lines(name): scale_of(column, min_gap=0.05) for name, column in kept.items()}
    scales["\n".join(measure.rsplit(" ", 1)) + " (%)"] = _scale_of_scores(percent)
    _draw_runs(axes, np.stack([scale.of_runs for scale in scales.values()], axis=1), percent, best)
    _draw_scales(axes, scales)
    return figure


def _scale_of_scores(percent: Reals) -> Scale:
    low, high = score_limits(percent)
    places = np.linspace(0, 1, SCORE_TICKS)
    texts = [f"{low + place * (high - low):.2f}" for place in places]
    if percent.min() < low:
        texts[0] = f"≤ {texts[0]}"
    return Scale(
        np.clip((percent - low) / (high - low), 0, 1), dict(zip(places.tolist(), texts, strict=True))
    )


def _draw_runs(axes: Axes, heights: Reals, percent: Reals, best: int) -> None:
    """Draw the lines of the runs through their heights (R, P + 1) in [0, 1]."""
    from matplotlib.collections import LineCollection

    order = np.argsort(percent, kind="stable")
    across = np.arange(heights.shape[1])
    lines = [np.column_stack([across, heights[run]]) for run in order]
    # The last column is the score within its limits: colour and height on the last axis say the same.
    axes.add_collection(
        LineCollection(lines, array=heights[order, -1], cmap="viridis", linewidths=1.2, alpha=0.7)
    )
    axes.plot(across, heights[best], color=VERMILION, linewidth=3, label="best run")


def _draw_scales(axes: Axes, scales: Mapping[str, Scale]) -> None:
    axes.set_axis_off()
    axes.set(xlim=(-0.2, len(scales) - 0.5), ylim=(-0.03, 1.03))
    for across, (name, scale) in enumerate(scales.items()):
        axes.plot([across, across], [0, 1], color=MUTED, linewidth=1, zorder=3)
        axes.text(across, 1.06, name, ha="center", va="bottom", color=INK, fontsize=10)
        for height, text in scale.ticks.items():
            axes.plot(across, height, color=MUTED, marker="_", markersize=6, zorder=3)
            axes.annotate(
                text,
                (across, height),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=INK,
                fontsize=9,
                zorder=4,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1},
            )
