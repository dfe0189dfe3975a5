"""Rows of pixels as images. N rows, D pixels, H x W images."""

import math

from scratchlab.arguments import ArgumentError
from scratchlab.plotting.shapes import Reals, shaped


def as_images(pixels: Reals, input_shape: tuple[int, ...], *, name: str) -> Reals:
    """Return rows of pixels as gray images (N, H, W) or colour images (N, H, W, 3).

    Args:
        pixels: (N, D), D = H * W or 3 * H * W.
        input_shape: (H, W) or (3, H, W), the planes red, green, blue one after the other.
        name: what an error should call the pixels.

    Raises:
        ArgumentError: for an input that is no image, or rows of another length.
    """
    if not (len(input_shape) == 2 or (len(input_shape) == 3 and input_shape[0] == 3)):
        raise ArgumentError("input_shape", input_shape, "(height, width) or (3, height, width)")
    shaped(("images", math.prod(input_shape)), **{name: pixels})
    images = pixels.reshape(len(pixels), *input_shape)
    return images if images.ndim == 3 else images.transpose(0, 2, 3, 1)


def stretched(images: Reals) -> Reals:
    """Return the images shifted and scaled together so that they span [0, 1], whatever their units were."""
    if images.size == 0:
        return images
    low, high = float(images.min()), float(images.max())
    return (images - low) / (high - low if high > low else 1.0)
