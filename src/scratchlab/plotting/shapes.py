"""The shapes of the arrays that come in, checked before anything is drawn."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError

Reals: TypeAlias = NDArray[np.floating | np.integer]
Integers: TypeAlias = NDArray[np.integer]


def shaped(expected: tuple[int | str, ...], **named: Reals) -> None:
    """Demand arrays of the shape `expected`, in which a word such as `"steps"` stands for any length.

    The error shows both shapes: `val_accuracy.shape=(3,): expected (5,)`.
    """
    for name, array in named.items():
        fits = len(array.shape) == len(expected) and all(
            isinstance(wanted, str) or wanted == found
            for wanted, found in zip(expected, array.shape, strict=True)
        )
        if not fits:
            lengths = ", ".join(str(length) for length in expected)
            raise ArgumentError(f"{name}.shape", array.shape, f"({lengths}{',' * (len(expected) == 1)})")
