"""The k-nearest-neighbour classifier."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError, count, one_of
from scratchlab.neighbors.metric import Vectors
from scratchlab.neighbors.search import NeighborSearch
from scratchlab.neighbors.vote import TIES, vote


class KNearestNeighbors:
    """Predicts the class that most of the k nearest training examples have.

    Args:
        inputs: (N, D) training examples, uint8 (distances are then exact), float32 or float64.
        targets: (N,) their classes, 0 to `num_classes` - 1.
        num_classes: K.
        metric: "euclidean" or "l1".
        ties: how a tied vote is decided, see `vote`.

    Raises:
        ArgumentError: arguments other than these.
    """

    def __init__(
        self,
        inputs: Vectors,
        targets: NDArray[np.integer],
        *,
        num_classes: int,
        metric: str = "euclidean",
        ties: str = "smallest_label",
    ) -> None:
        one_of(TIES, ties=ties)
        check_targets(targets, num_examples=len(inputs), num_classes=num_classes)
        self.targets = targets
        self.num_classes = num_classes
        self.ties = ties
        self._search = NeighborSearch(inputs, metric=metric)

    def neighbors(self, queries: Vectors, max_k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return indices and distances (M, max_k) of the nearest training examples, see `NeighborSearch.nearest`."""
        return self._search.nearest(queries, max_k)

    def predict(self, queries: Vectors, *, ks: Sequence[int]) -> NDArray[np.int64]:
        """Return predictions (len(ks), M) for `queries` (M, D), for each k of `ks`; distances are computed once.

        Raises:
            ArgumentError: no k, or one that is not a whole number from 1 to N.
        """
        if not ks:
            raise ArgumentError("ks", ks, "at least one number of neighbours")
        for k in ks:
            count(k=k)
        indices, _ = self.neighbors(queries, max(ks))
        labels = self.targets[indices]
        return np.stack([vote(labels[:, :k], num_classes=self.num_classes, ties=self.ties) for k in ks])


def check_targets(targets: NDArray[np.integer], *, num_examples: int, num_classes: int) -> None:
    """Demand one class from 0 to `num_classes` - 1 for each example."""
    count(num_classes=num_classes)
    if targets.shape != (num_examples,) or targets.dtype.kind not in "iu":
        found = f"{targets.dtype} of shape {targets.shape}"
        raise ArgumentError("targets", found, f"whole numbers of shape ({num_examples},)")
    if num_examples and not 0 <= targets.min() <= targets.max() < num_classes:
        found = f"{targets.min()} to {targets.max()}"
        raise ArgumentError("targets", found, f"classes from 0 to {num_classes - 1}")
