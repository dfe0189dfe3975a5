"""The confusion matrix: which classes a network takes for which. K classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scratchlab.plotting.shapes import Integers, Reals, shaped
from scratchlab.plotting.sheet import EXPLANATION_HEIGHT, MARGIN, TITLE_HEIGHT, Sheet, Text, Tile, width_of
from scratchlab.plotting.style import FAINT, INK, MUTED
from scratchlab.plotting.tiles import colored

CELL = 66
GAP = 12
LINE = 24
MIN_WIDTH = 720
MAX_CLASSES = 50
NUMBER_POINTS = 9
LABEL_POINTS = 10


def confusions(matrix: Integers, class_names: Sequence[str]) -> Sheet:
    """Draw counts of true classes (rows) against predicted classes (columns).

    A cell's colour is its fraction of the row. What is right (the diagonal, blue) and what is wrong (orange)
    have scales of their own: the diagonal of a good network is near 1 and on a common scale every mistake
    would look white. At the right stands the recall of each class, diagonal / sum of the row. Of more than
    `MAX_CLASSES` classes those with the most mistakes are drawn.

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
    recalls, passed_over = _recalls(matrix), ""
    if num_classes > MAX_CLASSES:
        passed_over = f"The {MAX_CLASSES} of {num_classes:,} classes with the most mistakes. "
        num_wrong = matrix.sum(axis=1) - matrix.diagonal()
        drawn = np.sort(np.argsort(-num_wrong, kind="stable")[:MAX_CLASSES])
        matrix, fractions = matrix[np.ix_(drawn, drawn)], fractions[np.ix_(drawn, drawn)]
        class_names, recalls = [class_names[k] for k in drawn], [recalls[k] for k in drawn]
        num_classes = MAX_CLASSES
    worst = fractions[~np.eye(num_classes, dtype=bool)].max(initial=0)

    # Cells are as wide as the longest name, which then fits under its column.
    name_width = round(max((width_of(name, LABEL_POINTS) for name in class_names), default=0))
    cell_width = max(CELL, name_width + GAP)
    left = MARGIN + max(name_width, round(width_of("true class", LABEL_POINTS))) + GAP
    top = TITLE_HEIGHT + GAP + LINE
    beside, below = left + num_classes * cell_width + GAP, top + num_classes * CELL
    sheet = Sheet(
        max(beside + round(width_of("100.0 %", NUMBER_POINTS)) + MARGIN, MIN_WIDTH),
        below + 2 * LINE + GAP + EXPLANATION_HEIGHT,
        title=f"Confusion matrix: {right:,} of {total:,} right ({100 * right / max(total, 1):.2f} %)",
        explanation=f"{passed_over}Colour: fraction of the row."
        + (f" Orange, for mistakes, has its own scale up to {100 * worst:.1f} %." if worst > 0 else ""),
    )
    sheet.tiles.append(Tile(_colors(fractions, worst), left, top, zoom=(cell_width, CELL)))

    middles = [left + (number + 0.5) * cell_width for number in range(num_classes)]
    centers = [top + (number + 0.5) * CELL for number in range(num_classes)]
    for (row, column), count in np.ndenumerate(matrix):
        color = FAINT if count == 0 else INK
        sheet.texts.append(Text(f"{count:,}", middles[column], centers[row], NUMBER_POINTS, color, "mm"))
    for number, (name, recall) in enumerate(zip(class_names, recalls, strict=True)):
        sheet.texts += [
            Text(name, left - GAP, centers[number], LABEL_POINTS, INK, "rm"),
            Text(name, middles[number], below + LINE / 2, LABEL_POINTS, INK, "mm"),
            Text(recall, beside, centers[number], NUMBER_POINTS, MUTED, "lm"),
        ]
    above = top - LINE / 2
    sheet.texts += [
        Text("true class", left - GAP, above, NUMBER_POINTS, MUTED, "rm"),
        Text("predicted class", (left + beside - GAP) / 2, below + 1.5 * LINE, NUMBER_POINTS, MUTED, "mm"),
        Text("recall", beside, above, NUMBER_POINTS, MUTED, "lm"),
    ]
    return sheet


def _recalls(matrix: Integers) -> list[str]:
    """Return the fraction of each class that was found, in words."""
    return [
        f"{100 * right / total:.1f} %" if total > 0 else "none"
        for right, total in zip(matrix.diagonal(), matrix.sum(axis=1), strict=True)
    ]


def _colors(fractions: Reals, worst: float) -> NDArray[np.uint8]:
    """Return the colours (K, K, 3) of the cells. Both scales end at a half-dark tone: the numbers are dark, too."""
    right = colored(fractions, "Blues", (0, 2.5))
    wrong = colored(fractions, "Oranges", (0, 2 * worst or 1))
    return np.where(np.eye(len(fractions), dtype=bool)[..., np.newaxis], right, wrong)
