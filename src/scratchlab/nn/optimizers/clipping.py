"""Gradient clipping."""

import math

import numpy as np

from scratchlab.arguments import positive
from scratchlab.nn.layers.layer import Array
from scratchlab.nn.optimizers.optimizer import Optimizer


def clip_by_global_norm(grads: Array, clip_norm: float) -> None:
    """Shorten gradients (P,) in place to a length of at most `clip_norm` (Pascanu et al. 2013).

    grads *= min(1, clip_norm / norm(grads))
    """
    with np.errstate(over="ignore"):
        squared = float(grads @ grads)
    if math.isinf(squared):  # the square of a float32 overflows long before the gradient does
        grads /= np.abs(grads).max()
        grads *= clip_norm / math.sqrt(grads @ grads)
    elif squared > clip_norm**2:
        grads *= clip_norm / math.sqrt(squared)


class ClippedGradients(Optimizer):
    """Another optimizer, which gets clipped gradients. Its state and its number of steps are that optimizer's."""

    def __init__(self, optimizer: Optimizer, clip_norm: float) -> None:
        positive(clip_norm=clip_norm)
        self.optimizer = optimizer
        self.clip_norm = clip_norm

    @property
    def state(self) -> dict[str, Array]:
        """What the other optimizer remembers between steps."""
        return self.optimizer.state

    @state.setter
    def state(self, state: dict[str, Array]) -> None:
        self.optimizer.state = state

    @property
    def num_steps(self) -> int:
        """How many steps the other optimizer has made."""
        return self.optimizer.num_steps

    @num_steps.setter
    def num_steps(self, num_steps: int) -> None:
        self.optimizer.num_steps = num_steps

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Clip the gradients in place, and let the other optimizer step."""
        clip_by_global_norm(grads, self.clip_norm)
        self.optimizer.step(params, grads, lr=lr)
