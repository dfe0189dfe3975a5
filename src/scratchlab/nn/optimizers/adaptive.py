"""Optimizers that divide each gradient by its own recent size: Adagrad and RMSProp."""

import numpy as np

from scratchlab.arguments import fraction, positive
from scratchlab.nn.layers.layer import Array
from scratchlab.nn.optimizers.optimizer import Optimizer


class Adagrad(Optimizer):
    """Adagrad (Duchi et al. 2011): squares += grads**2, params -= lr * grads / (sqrt(squares) + eps)."""

    def __init__(self, eps: float = 1e-8) -> None:
        positive(eps=eps)
        super().__init__()
        self.eps = eps

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Step against the gradient, less where gradients have been large."""
        self.num_steps += 1
        for param, grad, scratch, squares in self.blocks(params, grads, "squares"):
            squares += np.square(grad, out=scratch)
            self._step_by(squares, param, grad, scratch, lr=lr)

    def _step_by(self, squares: Array, param: Array, grad: Array, scratch: Array, *, lr: float) -> None:
        """Make the step param -= lr * grad / (sqrt(squares) + eps)."""
        np.sqrt(squares, out=scratch)
        scratch += self.eps
        np.divide(grad, scratch, out=scratch)
        scratch *= lr
        param -= scratch


class RMSProp(Adagrad):
    """RMSProp (Tieleman and Hinton 2012): Adagrad that forgets.

    squares = decay * squares + (1 - decay) * grads**2, params -= lr * grads / (sqrt(squares) + eps)
    """

    def __init__(self, decay: float = 0.99, eps: float = 1e-8) -> None:
        fraction(decay=decay)
        super().__init__(eps)
        self.decay = decay

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Step against the gradient, less where recent gradients have been large."""
        self.num_steps += 1
        for param, grad, scratch, squares in self.blocks(params, grads, "squares"):
            np.square(grad, out=scratch)
            scratch *= 1 - self.decay
            squares *= self.decay
            squares += scratch
            self._step_by(squares, param, grad, scratch, lr=lr)
