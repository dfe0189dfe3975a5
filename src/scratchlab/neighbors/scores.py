"""Lower bounds on the measures of all pairs of queries and examples, from one float32 matrix product.

    m queries at a time   N examples   D features   F embedded features

With a = e(query) and b = e(example) for the embedding e of the metric (see `metric`),

    score = |b|^2 - 2 a.b = |a - b|^2 - |a|^2

is the product of [-2 a, 1] and [b, |b|^2]: one matrix product, and no pass over its result.

How far scores are off. A sum of n products p_i, in any order, with or without fused multiply-adds, is off by at
most gamma_n sum |p_i|, gamma_n = n u / (1 - n u), u = 2^-24 (Higham, Accuracy and Stability of Numerical
Algorithms, 2nd ed., section 3.1). Here n = F + 1 and sum |p_i| <= 2 |a| |b| + |b|^2 <= (|a| + |b|)^2. Embedded
numbers are rounded at most four times each, which moves |a - b|^2 by at most 8 u (|a| + |b|)^2 to first order, and
|b|^2 is rounded once: n + 9 units. Six more cover the terms of second order and the roundings of float64; numbers
too small for float32 add at most its smallest normal number `tiny` a few times each. Together,

    slack = gamma_(F+16) (|a| + max |b|)^2 + 4 (F+16) tiny.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scratchlab.neighbors.metric import Metric, Vectors

_PRODUCT_SIZE = 2**25  # scores of one product, 128 MiB: with fewer queries the product takes longer
_PART_SIZE = 2**21  # scores that are yielded at once, which bounds the memory for what is selected from them


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of some queries.

    Attributes:
        queries: which of the queries.
        values: (m, N) scores.
        squares: (m,) |a|^2.
        slack: (m,) how far a score can be off.
    """

    queries: slice
    values: NDArray[np.float32]
    squares: NDArray[np.float64]
    slack: NDArray[np.float64]

    def bound_of(self, k: int) -> NDArray[np.float64]:
        """Return for each query (m,) a number that the |a - b|^2 of at least k examples do not exceed.

        For speed it is not quite the smallest. Every G-th example is put into the same of G >= k groups, and the
        k-th smallest of the groups' minima is looked up: k examples have this score or a smaller one.
        """
        num_examples = self.values.shape[1]
        num_groups = min(num_examples, max(512, 8 * k))  # so many that few of the nearest share one
        group_size = num_examples // num_groups  # a remainder stays out, which can only raise the bound
        grouped = self.values[:, : group_size * num_groups].reshape(-1, group_size, num_groups)
        kth = np.partition(grouped.min(axis=1), k - 1, axis=1)[:, k - 1]
        return kth + self.squares + self.slack

    def within(self, measures: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the pairs whose measure may be at most that of their query in `measures` (m,).

        Returns:
            Rows (P,) and examples (P,), ordered by row and then by example.
        """
        limits = measures - self.squares + self.slack  # rounding to float32 is monotone: it loses no score
        within = self.values <= limits.astype(np.float32)[:, np.newaxis]
        rows, examples = np.divmod(np.flatnonzero(within), self.values.shape[1])
        return rows, examples


class Scorer:
    """Scores queries against `inputs` (N, D), of which it holds the embedding: 4 N (F + 1) bytes."""

    def __init__(self, inputs: Vectors, metric: Metric) -> None:
        self._metric = metric
        self._examples = np.empty((len(inputs), metric.embedded_features + 1), np.float32)  # [b, |b|^2]
        self._examples[:, -1] = self._embed(inputs, out=self._examples[:, :-1])
        self._largest_norm = np.sqrt(self._examples[:, -1].max(), dtype=np.float64)

    def score(self, queries: Vectors) -> Iterator[Scores]:
        """Yield the scores of `queries` (M, D), some queries at a time; the next ones overwrite the last ones."""
        num_examples, length = self._examples.shape
        workspace = np.empty((min(len(queries), _PRODUCT_SIZE // num_examples) + 1, num_examples), np.float32)
        step = _PART_SIZE // num_examples + 1
        for start in range(0, len(queries), len(workspace)):
            chunk = queries[start : start + len(workspace)]
            factors = np.empty((len(chunk), length), np.float32)  # [-2 a, 1]
            squares = self._embed(chunk, out=factors[:, :-1])
            factors[:, :-1] *= -2
            factors[:, -1] = 1
            values = np.matmul(factors, self._examples.T, out=workspace[: len(chunk)])
            slack = self._slack(np.sqrt(squares))
            for first in range(0, len(chunk), step):
                last = min(first + step, len(chunk))
                part = slice(first, last)
                yield Scores(slice(start + first, start + last), values[part], squares[part], slack[part])

    def _embed(self, vectors: Vectors, *, out: NDArray[np.float32]) -> NDArray[np.float64]:
        """Write the embeddings of `vectors` to `out` and return their squared norms."""
        self._metric.embed(vectors, out=out)
        return np.einsum("nf,nf->n", out, out, dtype=np.float64)

    def _slack(self, norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return by how much the scores of queries with these norms |a| can be off."""
        n, u, tiny = self._metric.embedded_features + 16, 2.0**-24, 2.0**-126
        return n * u / (1 - n * u) * (norms + self._largest_norm) ** 2 + 4 * n * tiny
