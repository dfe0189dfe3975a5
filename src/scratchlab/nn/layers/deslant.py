"""Deslanting: handwriting that leans is straightened."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scratchlab.arguments import ArgumentError
from scratchlab.nn.layers.layer import Array, Layer


class Deslant(Layer):
    """Shears each image about its centre of ink, so that its strokes stand upright.

    With ink p at row y and column x, m the mean over the ink, and s the slope of the line through it by which its
    columns are best explained:

        s = sum(p (x - m_x) (y - m_y)) / sum(p (y - m_y)**2)
        outputs[y, x] = inputs[y, x + s (y - m_y)]

    read off between two columns by linear interpolation; beyond the image there is no ink. An image whose ink is in
    one row, or that has none, stays as it is.

    Inputs are N images of H = W = sqrt(D) pixels, row by row, with a background of 0 and ink above. Nothing is learned,
    so this layer stands in front of all that learn, where no gradient is asked for.

    Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document Recognition",
    1998, who test many of their classifiers on deslanted digits too.

    Raises:
        ArgumentError: `num_features` (D) is not the number of pixels of a square, or inputs are below 0.
    """

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self._size = math.isqrt(num_features)
        if self._size**2 != num_features:
            raise ArgumentError(
                "deslant", "true", f"images with as many rows as columns, not {num_features} inputs"
            )
        self._places = np.arange(self._size) - (self._size - 1) / 2

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return the images (N, D), straightened."""
        lowest = inputs.min(initial=0)
        if lowest < 0:
            raise ArgumentError(
                "deslant",
                "true",
                f"ink on a background of 0, as preprocessing=scale makes it, not {lowest:.3g}",
            )
        size, images = self._size, inputs.reshape(-1, self._size, self._size)
        shift = self._shifts(images)
        # As much background on either side as the image is wide: farther out there is nothing else.
        np.clip(shift, -size, size, out=shift)
        whole = np.floor(shift)
        fraction = (shift - whole).astype(self.dtype)[:, :, np.newaxis]

        padded = self.workspace("padded", (len(images), size * (3 * size + 1)))
        padded[...] = 0
        rows = padded.reshape(-1, 3 * size + 1)
        rows[:, size : 2 * size] = images.reshape(-1, size)
        starts = np.arange(len(rows)), whole.reshape(-1).astype(np.intp) + size
        windows = sliding_window_view(rows, size + 1, axis=1)[starts].reshape(-1, size, size + 1)

        left, right = windows[:, :, :-1], windows[:, :, 1:]
        outputs = self.workspace("outputs", inputs.shape)
        straight = outputs.reshape(images.shape)
        np.subtract(right, left, out=straight)
        straight *= fraction
        straight += left
        return outputs

    def _shifts(self, images: Array) -> Array:
        """Return how many columns to the right each row (N, H) is read off: s (y - m_y)."""
        y = x = self._places
        of_rows = images.sum(axis=2)
        ink = np.maximum(of_rows.sum(axis=1, keepdims=True), np.finfo(self.dtype).tiny)
        heights = y - of_rows @ y[:, np.newaxis] / ink
        covariance = np.sum((images @ x) * heights, axis=1, keepdims=True)
        variance = np.sum(of_rows * heights**2, axis=1, keepdims=True)
        slopes = np.divide(covariance, variance, out=np.zeros_like(covariance), where=variance > 1e-6 * ink)
        return slopes * heights
