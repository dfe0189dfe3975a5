"""Metrics, each with an embedding through which matrix products bound all distances at once.

A metric compares pairs of vectors by their *measure*, a number that grows with the distance (the Euclidean measure
is the squared distance, which is a whole number for pixels). Its embedding e satisfies

    |e(x) - e(y)|^2 <= measure(x, y)        for every example y and every vector x,

and squared distances between embedded vectors are one matrix product away.

    n vectors   P pairs of vectors   D features   F embedded features
"""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.uint8 | np.float32 | np.float64]
Numbers = NDArray[np.int32 | np.float64]


class Metric(ABC):
    """How the distance of two vectors is measured, and bounded from below.

    Attributes:
        embedded_features: F, the length of an embedded vector.
        tight: the bound is the measure itself, rounding apart.
    """

    embedded_features: int
    tight: bool

    @abstractmethod
    def embed(self, vectors: Vectors, *, out: NDArray[np.float32]) -> None:
        """Write the embedding of `vectors` (n, D) to `out` (n, F), each number rounded at most four times."""

    @abstractmethod
    def measure(self, differences: Numbers) -> Numbers:
        """Return the measures (P,) of pairs with these `differences` (P, D), which are overwritten."""

    @abstractmethod
    def distances(self, measures: Numbers) -> NDArray[np.float64]:
        """Return the distances that belong to `measures`, in an array of the same shape."""


class Euclidean(Metric):
    """Distance `sqrt(sum_d (x_d - y_d)^2)`; its measure is the square.

    The embedding is the vector itself. It is moved by the mean of the examples, which leaves differences alone and
    keeps the rounding errors of products small.
    """

    tight = True

    def __init__(self, inputs: Vectors) -> None:
        self.embedded_features = inputs.shape[1]
        self._mean = inputs.mean(axis=0, dtype=np.float64)

    def embed(self, vectors: Vectors, *, out: NDArray[np.float32]) -> None:
        """Write `x - mean`."""
        np.subtract(vectors, self._mean, out=out, casting="same_kind")

    def measure(self, differences: Numbers) -> Numbers:
        """Return squared distances."""
        measures: Numbers = np.einsum("pd,pd->p", differences, differences)
        return measures

    def distances(self, measures: Numbers) -> NDArray[np.float64]:
        """Return square roots."""
        return np.sqrt(measures, dtype=np.float64)


class L1(Metric):
    """Distance `sum_d |x_d - y_d|`, which is its own measure.

    The embedding is a thermometer per feature. The range of a feature over the examples is cut into levels, of which
    level l lies between edges E_l and E_l + h_l and is filled by x up to t_l(x) = clip(x - E_l, 0, h_l). Two
    vectors differ by at most h_l within a level, and by no more in all levels than they do in the feature, so that

        sum_l (t_l(x) - t_l(y))^2 / h_l  <=  sum_l |t_l(x) - t_l(y)|  <=  |x_d - y_d|,

    and t_l(x) / sqrt(h_l) over all d and l is an embedding of 4 D features. With more levels the bound is tighter and
    the product longer: a single one would do for digits, whose pixels are nearly black or white, but would rule
    out no more than a third of the examples for natural images.
    """

    tight = False
    levels = 4

    def __init__(self, inputs: Vectors) -> None:
        self.embedded_features = self.levels * inputs.shape[1]
        lowest, highest = (extreme.astype(np.float64) for extreme in (inputs.min(axis=0), inputs.max(axis=0)))
        edges = np.linspace(lowest, highest, self.levels + 1)
        heights = np.diff(edges, axis=0)
        scales = np.zeros_like(heights)  # a feature that hardly varies is left out, which lowers the bound
        np.divide(1, np.sqrt(heights), out=scales, where=heights > 1e-30)
        self._edges = edges[:-1]
        self._heights, self._scales = heights.astype(np.float32), scales.astype(np.float32)

    def embed(self, vectors: Vectors, *, out: NDArray[np.float32]) -> None:
        """Write `t_l(x) / sqrt(h_l)`, level after level."""
        parts = np.split(out, self.levels, axis=1)
        for part, edge, height, scale in zip(parts, self._edges, self._heights, self._scales, strict=True):
            np.subtract(vectors, edge, out=part, casting="same_kind")
            np.clip(part, 0, height, out=part)
            part *= scale

    def measure(self, differences: Numbers) -> Numbers:
        """Return sums of absolute differences."""
        measures: Numbers = np.abs(differences, out=differences).sum(axis=1, dtype=differences.dtype)
        return measures

    def distances(self, measures: Numbers) -> NDArray[np.float64]:
        """Return the measures."""
        return measures.astype(np.float64)
