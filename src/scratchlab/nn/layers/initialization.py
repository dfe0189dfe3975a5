"""How weights (in, out) start, so that signals neither die out nor explode on their way through a network."""

from collections.abc import Callable

import numpy as np

from scratchlab.nn.layers.layer import Array

Initialization = Callable[..., Array]
"""A function `(shape, *, rng) -> array` of that shape, in float64."""


def he_normal(shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
    """Draw N(0, 2 / in): keeps the variance through ReLU, which drops half of it (He et al. 2015, eq. 10)."""
    return rng.standard_normal(shape) * np.sqrt(2.0 / shape[0])


def glorot_normal(shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
    """Draw N(0, 2 / (in + out)): for activations linear around 0 (Glorot and Bengio 2010, equation 12)."""
    return rng.standard_normal(shape) * np.sqrt(2.0 / (shape[0] + shape[1]))


def small(shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
    """Draw N(0, 0.01 / in): all classes start about equally likely, so that the first loss is log(K)."""
    return rng.standard_normal(shape) * np.sqrt(0.01 / shape[0])
