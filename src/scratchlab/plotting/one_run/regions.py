"""Decision regions: what a classifier makes of every point of a plane. N points, K classes, a grid of H x W."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.plotting.shapes import Integers, Reals, shaped
from scratchlab.plotting.style import INK, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def decision_regions(
    points: Reals,
    targets: Integers,
    predictions: Integers,
    extent: tuple[float, float, float, float],
    class_names: Sequence[str],
) -> Figure:
    """Draw points of the plane in the colours of their classes, over the regions of the predicted classes.

    Args:
        points: (N, 2).
        targets: (N,) class ids of the points.
        predictions: (H, W) class ids predicted on a grid over `extent`, the lowest row first.
        extent: left, right, bottom and top of the grid.
        class_names: one per class.

    Raises:
        ArgumentError: for arrays of another shape.
    """
    from matplotlib import colormaps

    shaped(("points", 2), points=points)
    shaped((len(points),), targets=targets)
    shaped(("rows", "columns"), predictions=predictions)
    figure = new_figure(7, 6.2, title="Decision regions")
    axes = figure.subplots()
    dress(axes, x="first input", y="second input")
    axes.grid(visible=False)
    colours = colormaps["tab10"](np.arange(len(class_names)) % 10)[:, :3]
    axes.imshow(
        0.3 * colours[predictions] + 0.7,
        extent=extent,
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
    )
    for k, name in enumerate(class_names):
        of_class = points[targets == k]
        axes.scatter(
            of_class[:, 0],
            of_class[:, 1],
            s=22,
            color=colours[k],
            edgecolor="white",
            linewidth=0.6,
            label=name,
        )
    # Beside the points, or its own marks would be taken for some of them.
    axes.legend(
        title="class",
        loc="upper left",
        bbox_to_anchor=(1, 1),
        frameon=False,
        fontsize=9,
        labelcolor=INK,
    )
    return figure
