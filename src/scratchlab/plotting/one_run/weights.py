"""The weights of the first layer, drawn as the images that they answer to."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scratchlab.arguments import ArgumentError, count
from scratchlab.plotting.images import as_images
from scratchlab.plotting.shapes import Reals, shaped
from scratchlab.plotting.sheet import Sheet
from scratchlab.plotting.tiles import tiles


def weight_images(
    weight: Reals, input_shape: tuple[int, ...], *, titles: Sequence[str] = (), max_units: int = 64
) -> Sheet:
    """Draw the weights into each unit of the first layer in the shape of an input.

    All images share one scale, symmetric about 0, that ends at the 99.8th percentile of |weight|: a few large
    weights do not pale the rest. Gray inputs: red raises the unit, blue lowers it, white is 0. Colour inputs:
    each plane in its own colour, gray is 0.

    Args:
        weight: (in, out), the first layer's weights; `in` is the product of `input_shape`.
        input_shape: (H, W), or (3, H, W) in planes red, green, blue.
        titles: a name for each unit, or none; the class names where the units are logits.
        max_units: draw this many units at most, the first ones.

    Raises:
        ArgumentError: for weights of another shape, an input that is no image, or another number of titles.
    """
    count(max_units=max_units)
    shaped((math.prod(input_shape), "units"), weight=weight)
    num_units = weight.shape[1]
    if titles and len(titles) != num_units:
        raise ArgumentError("titles", f"{len(titles)} titles", f"{num_units}, one for each unit, or none")
    images = as_images(weight.T[:max_units], input_shape, name="weight.T")
    finite = np.isfinite(images)
    images = np.where(finite, images, 0)
    scale = float(np.percentile(np.abs(images), 99.8)) or 1.0
    gray = images.ndim == 3
    shown = f"the first {len(images)} of {num_units}" if len(images) < num_units else f"all {num_units}"
    colours = "Red: above 0, blue: below 0" if gray else "Gray: 0"
    missing = "" if finite.all() else f"; {np.sum(~finite):,} are not finite and drawn as 0"
    return tiles(
        images if gray else np.clip(0.5 + images / (2 * scale), 0, 1),
        columns=5 if titles else 8,
        tile_inches=1.4 if titles else 0.95,
        title=f"Weights of the first layer, {shown} units",
        explanation=f"{colours}; strongest colours from ±{scale:.2g}{missing}",
        captions=titles[:max_units],
        cmap="RdBu_r",
        limits=(-scale, scale),
    )
