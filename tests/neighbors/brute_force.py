"""Neighbours and votes by the book, one query at a time: the oracle that the quick code is compared with."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from scratchlab.neighbors.metric import Vectors


def brute_force(
    inputs: Vectors, queries: Vectors, k: int, metric: str
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Indices and distances (M, k) from differences, without products; whole numbers stay whole."""
    wide = np.int64 if inputs.dtype == queries.dtype == np.uint8 else np.float64
    indices = np.empty((len(queries), k), np.int64)
    distances = np.empty((len(queries), k))
    for row, query in enumerate(queries.astype(wide)):
        differences = inputs.astype(wide) - query
        measures = np.sum(differences**2 if metric == "euclidean" else np.abs(differences), axis=1)
        indices[row] = np.argsort(measures, kind="stable")[:k]
        nearest = measures[indices[row]]
        distances[row] = np.sqrt(nearest) if metric == "euclidean" else nearest
    return indices, distances


def elect(labels: list[int], ties: str) -> int:
    """The winner of the vote of `labels`, the nearest first."""
    counts = Counter(labels)
    winners = [label for label in counts if counts[label] == max(counts.values())]
    return min(winners) if ties == "smallest_label" else min(winners, key=labels.index)
