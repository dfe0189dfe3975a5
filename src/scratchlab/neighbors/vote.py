"""The majority vote of neighbours, and who wins when it is tied.

M queries, k neighbours each, K classes.
"""

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import one_of

TIES = ("smallest_label", "nearest")


def vote(labels: NDArray[np.integer], *, num_classes: int, ties: str = "smallest_label") -> NDArray[np.int64]:
    """Return the most frequent of each row of `labels`.

    Args:
        labels: (M, k) classes of the neighbours, the nearest first.
        num_classes: K; labels are 0 to K - 1.
        ties: which of the most frequent classes wins: "smallest_label", the smallest (scikit-learn's rule), or
            "nearest", the one that the nearest neighbour among them belongs to.

    Returns:
        Predictions (M,).

    Raises:
        ArgumentError: another rule for ties.
    """
    one_of(TIES, ties=ties)
    labels = labels.astype(np.int64, copy=False)
    rows = np.arange(len(labels))[:, np.newaxis]
    counts = np.bincount((rows * num_classes + labels).ravel(), minlength=len(labels) * num_classes)
    counts = counts.reshape(len(labels), num_classes)
    if ties == "smallest_label":
        return counts.argmax(axis=1)
    votes_for_label = counts[rows, labels]
    nearest_winner = votes_for_label.argmax(axis=1)  # the first of the greatest, hence the nearest
    return labels[rows[:, 0], nearest_winner]
