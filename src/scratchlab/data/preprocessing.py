"""From 8-bit pixels, or other numbers, to the inputs of a network.

N examples, D pixels. Every choice is the affine map

    inputs = (pixels - shift) * scale

with `shift` and `scale` of shape () or (D,), fitted on the training pixels alone. A model that is served
takes pixels, so these two arrays travel with its weights.
"""

from dataclasses import dataclass
from typing import Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scratchlab.arguments import one_of

Pixels = NDArray[np.uint8] | NDArray[np.float32]

CHOICES = ("scale", "divide_by_256", "subtract_mean", "standardize")

_LARGEST_STANDARDIZED = 100
"""Pixels at the border of MNIST are ink in one image of thousands: unbounded, a test input reaches 1,600."""

_CHUNK = 1000
"""Rows of real numbers that are copied in double precision at a time."""


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """The map `(pixels - shift) * scale`; both arrays are float32, of shape () or (D,)."""

    shift: NDArray[np.float32]
    scale: NDArray[np.float32]
    dtype: type[np.uint8] | type[np.float32] = np.uint8
    """Of the pixels: whole numbers from 0 to 255, or real numbers."""

    @classmethod
    def fit(cls, choice: str, pixels: Pixels, *, max_pixel: float | None) -> Self:
        """Fit one of the choices on the training pixels (N, D), which range from 0 to `max_pixel`.

        `max_pixel` is None for columns of a table, which have units of their own. The largest absolute training value
        then takes its place; for `standardize` it is the range of each column.

        - `scale`: to [0, 1], divided by `max_pixel`
        - `divide_by_256`: the convention of M. Nielsen's book, whatever `max_pixel` is; exact in binary
        - `subtract_mean`: scaled to [0, 1] minus the mean image
        - `standardize`: each pixel to mean 0 and standard deviation 1. A standard deviation below
          `max_pixel / 100` counts as `max_pixel / 100`, so that a pixel which is constant over the training
          images causes no division by zero, and no input of any split is beyond 100

        Raises:
            ArgumentError: `choice` is none of these.
        """
        one_of(CHOICES, preprocessing=choice)
        dtype = np.uint8 if pixels.dtype == np.uint8 else np.float32
        largest = largest_value(pixels) if max_pixel is None else max_pixel
        if choice == "scale":
            return cls(_float32(0), _float32(1 / largest), dtype)
        if choice == "divide_by_256":
            return cls(_float32(0), _float32(1 / 256), dtype)
        mean, std = _mean_and_std(pixels)
        if choice == "subtract_mean":
            return cls(_float32(mean), _float32(1 / largest), dtype)
        least = (_ranges(pixels) if max_pixel is None else largest) / _LARGEST_STANDARDIZED
        return cls(_float32(mean), _float32(1 / np.maximum(std, least)), dtype)

    def apply(self, pixels: Pixels) -> NDArray[np.float32]:
        """Return the inputs (N, D) of pixels (N, D), which may lie between whole numbers."""
        inputs = np.subtract(pixels, self.shift, dtype=np.float32)
        inputs *= self.scale
        return inputs

    def invert(self, inputs: NDArray[np.float32]) -> Pixels:
        """Return the pixels (N, D) that these inputs (N, D) came from.

        8-bit pixels come back exactly, `invert(apply(x)) == x`; real numbers up to rounding.
        """
        pixels = inputs / self.scale + self.shift
        return np.rint(pixels).astype(np.uint8) if self.dtype is np.uint8 else pixels


def largest_value(pixels: Pixels) -> float:
    """Return the largest absolute value, and 1 where there are only zeros."""
    return max(abs(float(pixels.min())), abs(float(pixels.max()))) or 1.0


def _ranges(pixels: Pixels) -> NDArray[np.float64]:
    """Return largest minus smallest value of each of the D, and 1 where they are equal."""
    ranges = pixels.max(axis=0).astype(np.float64) - pixels.min(axis=0)
    return np.where(ranges > 0, ranges, 1.0)


def _float32(values: ArrayLike) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)


def _mean_and_std(pixels: Pixels) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean and the standard deviation (D,) of pixels (N, D), without a copy in double precision.

    Of whole numbers Var = (N sum(x^2) - sum(x)^2) / N^2. The numerator is a whole number (below 2^63 for N up to 10
    million): nothing is lost by the subtraction, and a constant pixel has a variance of exactly 0.
    """
    n = len(pixels)
    if pixels.dtype == np.uint8:
        whole = cast(NDArray[np.uint8], pixels)
        total = whole.sum(axis=0, dtype=np.int64)
        total_of_squares = np.einsum("nd,nd->d", whole, whole, dtype=np.int64)
        return total / n, np.sqrt(n * total_of_squares - total**2) / n
    mean = pixels.mean(axis=0, dtype=np.float64)
    squares = np.zeros_like(mean)
    for start in range(0, n, _CHUNK):
        squares += np.square(pixels[start : start + _CHUNK] - mean).sum(axis=0)
    return mean, np.sqrt(squares / n)
