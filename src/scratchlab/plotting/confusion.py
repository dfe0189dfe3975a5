"""The confusion matrix: which classes a network takes for which. K classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.plotting.shapes import Integers, shaped
from scratchlab.plotting.style import FAINT, INK, MUTED, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CELL_INCHES = 0.56


def confusion_matrix_figure(matrix: Integers, class_names: Sequence[str]) -> Figure:
    """Draw counts of true classes (rows) against predicted classes (columns).

    A cell's colour is its fraction of the row. What is right (the diagonal, blue) and what is wrong (orange)
    have scales of their own: the diagonal of a good network is near 1 and on a common scale every mistake
    would look white. At the right stands the recall of each class, diagonal / sum of the row.

    Args:
        matrix: (K, K) counts, `matrix[true, predicted]`.
        class_names: K names.

    Raises:
        ArgumentError: for a matrix of another shape.
    """
    num_classes = len(class_names)
    shaped((num_classes, num_classes), matrix=matrix)
    total, right = int(matrix.sum()), int(np.trace(matrix))
    row_sums = matrix.sum(axis=1, keepdims=True)
    fractions = matrix / np.maximum(row_sums, 1)
    diagonal = np.eye(num_classes, dtype=bool)
    worst = fractions[~diagonal].max(initial=0)

    figure = new_figure(
        max(6.0, CELL_INCHES * num_classes + 1.9),
        max(4.0, CELL_INCHES * num_classes + 1.6),
        title=f"Confusion matrix: {right:,} of {total:,} right ({100 * right / max(total, 1):.2f} %)",
        explanation="Colour: fraction of the row."
        + (f" Orange, for mistakes, has its own scale up to {100 * worst:.1f} %." if worst > 0 else ""),
    )
    axes = figure.subplots()
    dress(axes, x="predicted class", y="true class")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)
    # Both colour maps end at a half-dark tone, so that the dark numbers stay readable.
    axes.imshow(np.ma.masked_where(~diagonal, fractions), cmap="Blues", vmin=0, vmax=2.5)
    axes.imshow(np.ma.masked_where(diagonal, fractions), cmap="Oranges", vmin=0, vmax=2 * worst or 1)
    long_names = max(map(len, class_names), default=0) > 3
    places = np.arange(num_classes)
    axes.set_xticks(places, class_names)
    if long_names:
        axes.tick_params(axis="x", labelrotation=45)
    axes.set_yticks(places, class_names)

    for row, column in np.ndindex(matrix.shape):
        count = int(matrix[row, column])
        color = FAINT if count == 0 else INK
        axes.text(
            column, row, f"{count:,}", ha="center", va="center", fontsize=9, color=color, in_layout=False
        )
    axes.text(num_classes - 0.4, -0.6, "recall", va="bottom", fontsize=9, color=MUTED)
    for row in range(num_classes):
        recall = f"{100 * fractions[row, row]:.1f} %" if row_sums[row] > 0 else "none"
        axes.text(num_classes - 0.4, row, recall, va="center", fontsize=9, color=MUTED)
    return figure
