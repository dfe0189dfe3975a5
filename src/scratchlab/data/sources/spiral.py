"""The spiral: a toy data set in the plane that no straight line separates.

Source: CS231n, notes "Putting it together: minimal neural network case study".
"""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import count
from scratchlab.data.dataset import Dataset, Split
from scratchlab.data.preprocessing import Preprocessing


def spiral(*, num_per_class: int = 100, num_classes: int = 3) -> Dataset:
    """Draw three interleaved spirals to train, to validate and to test, each of `num_classes` arms.

    Arm k consists of the points r * (sin t, cos t), r from 0 to 1 and t from 4 k to 4 (k + 1) plus N(0, 0.2), in
    `num_per_class` equal steps. The training points are those of the notes, drawn by `RandomState(0)`; the others
    are drawn after them.

    Raises:
        ArgumentError: a number is out of range.
    """
    count(num_per_class=num_per_class, num_classes=num_classes)
    random = np.random.RandomState(0)
    train, val, test = (_draw(random, num_per_class, num_classes) for _ in range(3))
    return Dataset(
        name="spiral",
        train=train,
        val=val,
        test=test,
        class_names=tuple(str(k) for k in range(num_classes)),
        input_shape=(2,),
        digest=hashlib.sha256(b"".join(split.inputs.tobytes() for split in (train, val, test))).hexdigest(),
        source=Path(__file__),
        preprocessing=Preprocessing(np.zeros((), np.float32), np.ones((), np.float32), np.float32),
    )


def _draw(random: np.random.RandomState, num_per_class: int, num_classes: int) -> Split:
    arms: list[NDArray[np.float64]] = []
    radius = np.linspace(0, 1, num_per_class)
    for k in range(num_classes):
        angle = np.linspace(4 * k, 4 * (k + 1), num_per_class) + 0.2 * random.standard_normal(num_per_class)
        arms.append(np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1))
    inputs = np.concatenate(arms).astype(np.float32)
    return Split(inputs, np.repeat(np.arange(num_classes), num_per_class))
