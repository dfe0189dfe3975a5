"""The oracle of every derivative here: central differences, one coordinate after the other."""

from collections.abc import Callable

import numpy as np

from scratchlab.nn import Array


def numeric_gradient(function: Callable[[], float], array: Array, *, width: float = 1e-6) -> Array:
    """Return the derivative of `function()` in every number of `array`, which it reads; float64 only."""
    assert array.dtype == np.float64
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        centre = array[index]
        array[index] = centre + width
        above = function()
        array[index] = centre - width
        below = function()
        array[index] = centre
        gradient[index] = (above - below) / (2 * width)
    return gradient
