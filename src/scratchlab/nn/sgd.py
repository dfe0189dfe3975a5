"""Stochastic gradient descent: plain, with momentum, with Nesterov's momentum."""

import numpy as np

from scratchlab.arguments import fraction
from scratchlab.nn.layer import Array
from scratchlab.nn.optimizer import Optimizer


class SGD(Optimizer):
    """params -= lr * grads."""

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Make one step against the gradient."""
        self.num_steps += 1
        params -= np.multiply(grads, lr, out=self.scratch(params))


class Momentum(Optimizer):
    """Momentum (Polyak 1964): velocity = momentum * velocity - lr * grads, params += velocity."""

    def __init__(self, momentum: float = 0.9) -> None:
        fraction(momentum=momentum)
        super().__init__()
        self.momentum = momentum

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Accelerate against the gradient, then move with the velocity."""
        self.num_steps += 1
        velocity = self.memory("velocity", params)
        velocity *= self.momentum
        velocity -= np.multiply(grads, lr, out=self.scratch(params))
        params += velocity


class Nesterov(Momentum):
    """Nesterov's momentum in the form that looks ahead (Sutskever et al. 2013).

    velocity = momentum * velocity - lr * grads, params += momentum * velocity - lr * grads
    """

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Accelerate against the gradient, then move by where the next step is expected to lead."""
        self.num_steps += 1
        velocity = self.memory("velocity", params)
        update = np.multiply(grads, lr, out=self.scratch(params))
        velocity *= self.momentum
        velocity -= update
        params -= update
        params += np.multiply(velocity, self.momentum, out=update)
