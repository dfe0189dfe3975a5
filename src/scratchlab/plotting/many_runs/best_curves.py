"""Validation accuracy over the epochs, of the best runs of a sweep. E epochs of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import ArgumentError
from scratchlab.plotting.many_runs.scored import score_limits
from scratchlab.plotting.shapes import Reals, shaped
from scratchlab.plotting.style import INK, dress, new_figure, noted_figure, ring, whole_numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAX_RUNS = 10
CHARACTER_INCHES = 0.08


def best_curves(names: Sequence[str], curves: Sequence[Reals]) -> Figure:
    """Draw the validation accuracy of the ten best runs, best first and darkest; the best is drawn thick.

    The best run is the one with the highest accuracy in any epoch; of equal ones, the one that comes first.
    The picture begins where `score_limits` of all its points says: what tells ten good runs apart is at the top.

    Args:
        names: of each run, for the legend.
        curves: of each run, (E,) fractions in [0, 1] after epoch 1, 2, ... Runs may have different numbers of
            epochs. NaN leaves a gap; a run without any finite accuracy is left out.

    Raises:
        ArgumentError: for another number of curves than of names, or a curve of another shape.
    """
    import matplotlib

    if len(curves) != len(names):
        raise ArgumentError("curves", f"{len(curves)} curves", f"{len(names)}, one for each name")
    for name, curve in zip(names, curves, strict=True):
        shaped(("epochs",), **{f"curves[{name!r}]": curve})
    measured = [
        (name, 100 * curve) for name, curve in zip(names, curves, strict=True) if np.isfinite(curve).any()
    ]
    best = sorted(measured, key=lambda run: -np.nanmax(run[1]))[:MAX_RUNS]

    which = f"the {len(best)} best of {len(names)} runs" if len(best) < len(names) else "all runs"
    title = f"Validation accuracy after every epoch, {which}"
    if not best:
        return noted_figure(title, "no accuracy was measured")

    points = np.concatenate([percent[np.isfinite(percent)] for _, percent in best])
    low, _ = score_limits(points)
    cut = low > points.min()
    figure = new_figure(
        7.5 + CHARACTER_INCHES * max(len(name) for name, _ in best),
        4.5,
        title=title,
        explanation=f"Accuracies below {low:.2f} % lie under the picture." if cut else "",
    )
    axes = figure.subplots()
    dress(axes, x="epoch", y="validation accuracy (%)")
    whole_numbers(axes.xaxis)
    shades = matplotlib.colormaps["viridis"](np.linspace(0, 0.9, len(best)))
    for rank, ((name, percent), shade) in enumerate(zip(best, shades, strict=True)):
        axes.plot(
            np.arange(1, len(percent) + 1),
            percent,
            color=shade,
            linewidth=2.4 if rank == 0 else 1.2,
            marker=".",
            zorder=3 - rank / MAX_RUNS,
            label=f"{name}: {np.nanmax(percent):.2f} %",
        )
    top = int(np.nanargmax(best[0][1]))
    ring(axes, top + 1, float(best[0][1][top]), label=f"best epoch of the best run: {top + 1}")
    if cut:
        axes.set_ylim(bottom=low)
    # Beside the curves, which leave no room for ten names.
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=9, labelcolor=INK)
    return figure
