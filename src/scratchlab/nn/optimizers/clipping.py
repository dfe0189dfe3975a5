"""Gradient clipping."""

import numpy as np

from scratchlab.arguments import positive
from scratchlab.nn.layers.layer import Array
from scratchlab.nn.optimizers.optimizer import Optimizer


class ClippedGradients(Optimizer):
    """Another optimizer, whose gradients are shortened to a limited length (Pascanu et al. 2013).

    grads *= min(1, clip_norm / norm(grads)), over all parameters together; then the other's step.
    """

    def __init__(self, optimizer: Optimizer, clip_norm: float) -> None:
        positive(clip_norm=clip_norm)
        super().__init__()
        self.optimizer = optimizer
        self.clip_norm = clip_norm
        self.state = optimizer.state

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Shorten the gradient in place if it is too long, and let the other optimizer step."""
        norm = float(np.sqrt(grads @ grads))
        if norm > self.clip_norm:
            grads *= self.clip_norm / norm
        # Both may have come from a checkpoint; the other's would not.
        self.optimizer.state, self.optimizer.num_steps = self.state, self.num_steps
        self.optimizer.step(params, grads, lr=lr)
        self.num_steps += 1
