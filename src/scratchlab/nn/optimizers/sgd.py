"""Stochastic gradient descent: plain, with momentum, with Nesterov's momentum."""

import numpy as np

from scratchlab.arguments import fraction
from scratchlab.nn.layers.layer import Array
from scratchlab.nn.optimizers.optimizer import Optimizer


class SGD(Optimizer):
    """params -= lr * grads."""

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Make one step against the gradient."""
        self.num_steps += 1
        for param, grad, scratch in self.blocks(params, grads):
            param -= np.multiply(grad, lr, out=scratch)


class Momentum(Optimizer):
    """Momentum (Polyak 1964): velocity = momentum * velocity - lr * grads, params += velocity."""

    def __init__(self, momentum: float = 0.9) -> None:
        fraction(momentum=momentum)
        super().__init__()
        self.momentum = momentum

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Accelerate against the gradient, then move with the velocity."""
        self.num_steps += 1
        for param, grad, scratch, velocity in self.blocks(params, grads, "velocity"):
            velocity *= self.momentum
            velocity -= np.multiply(grad, lr, out=scratch)
            param += velocity


class Nesterov(Momentum):
    """Nesterov's momentum in the form that looks ahead (Sutskever et al. 2013).

    velocity = momentum * velocity - lr * grads, params += momentum * velocity - lr * grads
    """

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Accelerate against the gradient, then move by where the next step is expected to lead."""
        self.num_steps += 1
        for param, grad, scratch, velocity in self.blocks(params, grads, "velocity"):
            np.multiply(grad, lr, out=scratch)
            velocity *= self.momentum
            velocity -= scratch
            param -= scratch
            param += np.multiply(velocity, self.momentum, out=scratch)
