"""From 8-bit pixels to the inputs of a network.

N examples, D pixels. Every choice is the affine map

    inputs = (pixels - shift) * scale

with `shift` and `scale` of shape () or (D,), fitted on the training pixels alone. A model that is served
takes pixels, so these two arrays travel with its weights.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scratchlab.arguments import one_of

CHOICES = ("scale", "divide_by_256", "subtract_mean", "standardize")

_LARGEST_STANDARDIZED = 100
"""Pixels at the border of MNIST are ink in one image of thousands: unbounded, a test input reaches 1,600."""


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """The map `(pixels - shift) * scale`; both arrays are float32, of shape () or (D,)."""

    shift: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def fit(cls, choice: str, pixels: NDArray[np.uint8], *, max_pixel: int) -> Self:
        """Fit one of the choices on the training pixels (N, D), which range from 0 to `max_pixel`.

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
        if choice == "scale":
            return cls(_float32(0), _float32(1 / max_pixel))
        if choice == "divide_by_256":
            return cls(_float32(0), _float32(1 / 256))
        mean, std = _mean_and_std(pixels)
        if choice == "subtract_mean":
            return cls(_float32(mean), _float32(1 / max_pixel))
        return cls(_float32(mean), _float32(1 / np.maximum(std, max_pixel / _LARGEST_STANDARDIZED)))

    def apply(self, pixels: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the inputs (N, D) of pixels (N, D), which may lie between whole numbers."""
        inputs = np.subtract(pixels, self.shift, dtype=np.float32)
        inputs *= self.scale
        return inputs

    def invert(self, inputs: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return the pixels (N, D) that these inputs (N, D) came from, exactly: `invert(apply(x)) == x`."""
        return np.rint(inputs / self.scale + self.shift).astype(np.uint8)


def _float32(values: ArrayLike) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)


def _mean_and_std(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean and the standard deviation (D,) of pixels (N, D), without a copy in floating point.

    Var = (N sum(x^2) - sum(x)^2) / N^2. The numerator is a whole number (below 2^63 for N up to 10 million):
    nothing is lost by the subtraction, and a constant pixel has a variance of exactly 0.
    """
    n = len(pixels)
    total = pixels.sum(axis=0, dtype=np.int64)
    total_of_squares = np.einsum("nd,nd->d", pixels, pixels, dtype=np.int64)
    return total / n, np.sqrt(n * total_of_squares - total**2) / n
