"""Exact nearest-neighbour search: float32 products make a shortlist, exact arithmetic ranks it.

Squared distances of 8-bit images pass 2^24, above which float32 skips whole numbers, so the distances of a float32
matrix product put near neighbours in the wrong order now and then. Here the product only rules out examples that
cannot be among the k nearest; the few that remain are compared exactly.

If the measures of k examples are at most r, so are those of the k nearest, which are therefore among the examples
whose lower bound (see `scores`) is at most r. Such an r is at hand where the bound is tight: one that k lower bounds
do not exceed, rounding included. Otherwise it is the k-th smallest of the exact measures of the examples with
the smallest lower bounds.

    M queries (m at a time)   N examples   D features   P pairs of a query and an example
"""

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError, count, one_of
from scratchlab.neighbors.metric import L1, Euclidean, Metric, Numbers, Vectors
from scratchlab.neighbors.scores import Scorer, Scores

METRICS = ("euclidean", "l1")

_EXACT_SIZE = 2**19  # differences that are summed at once, few enough to stay in the processor's cache
_LARGEST_NUMBER = 1e15  # float32 can sum squares of these
_INT32_FEATURES = (2**31 - 1) // 255**2  # int32 can sum so many squares of differences of pixels


class NeighborSearch:
    """The nearest of `inputs` (N, D) to any query, by the metric "euclidean" or "l1".

    Memory: 4 N (F + 1) bytes, where F = D for "euclidean" and 4 D for "l1", and about 200 MB while it searches.

    Raises:
        ArgumentError: inputs that are not a table of uint8, float32 or float64 numbers, or not finite, or beyond
            1e15; another metric.
    """

    def __init__(self, inputs: Vectors, *, metric: str = "euclidean") -> None:
        _check_vectors("inputs", inputs)
        if inputs.size == 0:
            raise ArgumentError("inputs", f"shape {inputs.shape}", "at least one example with one feature")
        one_of(METRICS, metric=metric)
        self.inputs = inputs
        self._metric: Metric = Euclidean(inputs) if metric == "euclidean" else L1(inputs)
        self._scorer = Scorer(inputs, self._metric)

    def nearest(self, queries: Vectors, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the k inputs nearest to each of `queries` (M, D), ordered by (distance, index).

        Of inputs at the same distance the one with the lower index is the nearer, at the k-th place too. Measures
        of pairs of uint8 vectors are exact whole numbers; others are sums in float64 over the differences.

        Returns:
            Indices (M, k) into the inputs, and distances (M, k).

        Raises:
            ArgumentError: queries that do not have D features, or numbers that inputs must not have; k that is not
                a whole number from 1 to N.
        """
        _check_vectors("queries", queries)
        num_inputs, num_features = self.inputs.shape
        if queries.shape[1] != num_features:
            found = f"shape {queries.shape}"
            raise ArgumentError("queries", found, f"{num_features} features, as the inputs have")
        count(k=k)
        if k > num_inputs:
            raise ArgumentError("k", k, f"at most the number of examples, {num_inputs}")
        indices = np.empty((len(queries), k), np.int64)
        distances = np.empty((len(queries), k), np.float64)
        for scores in self._scorer.score(queries):
            some = scores.queries
            indices[some], measures = self._select(queries[some], scores, k)
            distances[some] = self._metric.distances(measures)
        return indices, distances

    def _select(self, queries: Vectors, scores: Scores, k: int) -> tuple[NDArray[np.int64], Numbers]:
        """Return the indices and the measures (m, k) of the nearest inputs."""
        reach = scores.bound_of(k)
        if not self._metric.tight:
            _, measures = self._rank(queries, *scores.within(reach), k)
            reach = measures[:, -1].astype(np.float64)
        return self._rank(queries, *scores.within(reach), k)

    def _rank(
        self, queries: Vectors, rows: NDArray[np.int64], examples: NDArray[np.int64], k: int
    ) -> tuple[NDArray[np.int64], Numbers]:
        """Return the first k by (measure, index) on each query's shortlist, given as pairs (P,) in order."""
        measures = self._measure(queries, rows, examples)
        order = np.lexsort((measures, rows))  # stable: equal measures stay in the order of their indices
        starts = np.searchsorted(rows, np.arange(len(queries)))
        first = order[starts[:, np.newaxis] + np.arange(k)]
        return examples[first], measures[first]

    def _measure(self, queries: Vectors, rows: NDArray[np.int64], examples: NDArray[np.int64]) -> Numbers:
        """Return the exact measures (P,) of pairs."""
        num_features = self.inputs.shape[1]
        pixels = self.inputs.dtype == queries.dtype == np.uint8
        dtype = np.int32 if pixels and num_features <= _INT32_FEATURES else np.float64
        measures: Numbers = np.empty(len(rows), dtype)
        step = _EXACT_SIZE // num_features + 1
        for start in range(0, len(rows), step):
            pairs = slice(start, start + step)
            differences = np.subtract(queries[rows[pairs]], self.inputs[examples[pairs]], dtype=dtype)
            measures[pairs] = self._metric.measure(differences)
        return measures


def _check_vectors(name: str, vectors: Vectors) -> None:
    """Demand a table of numbers that float32 products can be made of."""
    if vectors.dtype not in (np.uint8, np.float32, np.float64) or vectors.ndim != 2:
        found = f"{vectors.dtype} of shape {vectors.shape}"
        raise ArgumentError(name, found, "uint8, float32 or float64 of shape (examples, features)")
    if vectors.size and not -_LARGEST_NUMBER <= vectors.min() <= vectors.max() <= _LARGEST_NUMBER:
        found = f"{vectors.min():g} to {vectors.max():g}"
        raise ArgumentError(name, found, f"finite numbers of at most {_LARGEST_NUMBER:g} in size")
