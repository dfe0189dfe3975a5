"""Augmented samples: what augmentation makes of the same originals. N originals, R rounds, D pixels."""

from __future__ import annotations

import math

import numpy as np

from scratchlab.arguments import count
from scratchlab.plotting.images import as_images, stretched
from scratchlab.plotting.shapes import Reals, shaped
from scratchlab.plotting.sheet import Sheet
from scratchlab.plotting.tiles import tiles


def augmented_samples(originals: Reals, augmented: Reals, input_shape: tuple[int, ...]) -> Sheet:
    """Draw originals in the first row and, under each, what it became in each round of augmentation.

    Args:
        originals: (N, D) pixels in any unit.
        augmented: (R, N, D) pixels in the same unit.
        input_shape: (H, W), or (3, H, W) in planes red, green, blue.

    Raises:
        ArgumentError: for arrays of another shape, no original, or an input that is no image.
    """
    shaped(("images", math.prod(input_shape)), originals=originals)
    shaped(("rounds", *originals.shape), augmented=augmented)
    count(originals=len(originals))
    rounds = len(augmented)
    rows = np.concatenate([originals[np.newaxis], augmented])
    return tiles(
        stretched(as_images(rows.reshape(-1, originals.shape[1]), input_shape, name="rows")),
        columns=len(originals),
        tile_inches=0.8,
        title="Augmented samples",
        explanation="One training example in each column, drawn anew in each row.",
        row_labels=["original", *(f"drawn {number}" for number in range(1, rounds + 1))],
    )
