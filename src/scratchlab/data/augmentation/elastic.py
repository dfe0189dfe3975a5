"""Elastic distortions: displacements that vary smoothly over the image. N images of H rows and W columns.

Source: P. Simard, D. Steinkraus, J. Platt, "Best Practices for Convolutional Neural Networks Applied to Visual
Document Analysis", ICDAR 2003.
"""

import math

import numpy as np
from numpy.typing import NDArray


class ElasticFields:
    """Draws displacement fields, in workspaces for up to `max_images` images that each draw overwrites.

    A field is noise from U(-1, 1), one number for every pixel and direction, smoothed by a Gaussian with a standard
    deviation of `sigma` pixels whose weights sum to 1 (noise outside of the image counts as 0), times `alpha`. Far from
    the border, displacements then have a standard deviation of alpha / (sigma sqrt(12 pi)): with the published sigma 4
    and alpha 34 that is 1.4 pixels.
    """

    def __init__(self, max_images: int, height: int, width: int, *, alpha: float, sigma: float) -> None:
        self._noise = np.empty((max_images, 2, height, width), dtype=np.float32)
        self._smooth_along_rows = np.empty_like(self._noise)
        # 2 alpha: the noise is drawn from an interval of length 1, not 2.
        self._along_rows = np.float32(2 * alpha) * gaussian_matrix(width, sigma)
        self._along_columns = gaussian_matrix(height, sigma)

    def draw(self, num_images: int, *, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return displacements (N, 2, H, W) in pixels, downwards and to the right."""
        noise, smooth_along_rows = self._noise[:num_images], self._smooth_along_rows[:num_images]
        rng.random(dtype=np.float32, out=noise)
        noise -= 0.5
        np.matmul(noise, self._along_rows, out=smooth_along_rows)
        return np.matmul(self._along_columns, smooth_along_rows, out=noise)


def gaussian_matrix(size: int, sigma: float) -> NDArray[np.float32]:
    """Return the symmetric matrix (size, size) whose product with a vector is the vector smoothed by a Gaussian.

        matrix[i, j] = exp(-(i - j)**2 / (2 sigma**2)) / (sum of exp(-k**2 / (2 sigma**2)) over all integers k)

    The first and the last rows sum to less than 1: what is outside of the vector counts as 0.
    """
    reach = max(size, math.ceil(6 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    distances = np.subtract.outer(np.arange(size), np.arange(size))
    return weights[reach + distances].astype(np.float32)
