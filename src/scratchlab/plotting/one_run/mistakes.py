"""The mistakes that a network was surest of. M examples, D pixels, K classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scratchlab.arguments import count
from scratchlab.plotting.images import as_images, stretched
from scratchlab.plotting.shapes import Integers, Reals, shaped
from scratchlab.plotting.sheet import Sheet
from scratchlab.plotting.tiles import tiles


def mistakes(
    images: Reals,
    input_shape: tuple[int, ...],
    targets: Integers,
    predictions: Integers,
    confidences: Reals,
    class_names: Sequence[str],
    *,
    max_images: int = 25,
) -> Sheet:
    """Draw the wrongly classified examples, the most confident first.

    Args:
        images: (M, D) pixels in any unit; examples that were classified rightly are passed over.
        input_shape: (H, W), or (3, H, W) in planes red, green, blue.
        targets: (M,) true class ids.
        predictions: (M,) predicted class ids.
        confidences: (M,) probability given to the prediction, in [0, 1].
        class_names: K names.
        max_images: draw this many mistakes at most.

    Raises:
        ArgumentError: for arrays of another shape, or an input that is no image.
    """
    count(max_images=max_images)
    pictures = as_images(images, input_shape, name="images")
    shaped((len(images),), targets=targets, predictions=predictions, confidences=confidences)
    wrong = np.flatnonzero(targets != predictions)
    if len(wrong) == 0:
        return Sheet(600, 120, f"No mistakes among {len(images):,} examples", "Every prediction was right.")

    worst = wrong[np.argsort(-confidences[wrong], kind="stable")][:max_images]
    between = ", " if max(map(len, class_names)) <= 3 else ",\n"
    return tiles(
        stretched(pictures[worst]),
        columns=5,
        tile_inches=1.6,
        title=(
            f"The {len(worst)} most confident of {len(wrong):,} mistakes"
            if len(worst) < len(wrong)
            else f"All {len(wrong):,} mistakes, the most confident first"
        ),
        captions=[
            f"true {class_names[targets[i]]}{between}predicted {class_names[predictions[i]]} "
            f"({100 * confidences[i]:.0f} %)"
            for i in worst
        ],
    )
