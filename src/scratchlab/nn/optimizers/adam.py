"""Adam and AdamW."""

import math

import numpy as np

from scratchlab.arguments import fraction, non_negative, positive
from scratchlab.nn.layers.layer import Array
from scratchlab.nn.optimizers.optimizer import Optimizer


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015, algorithm 1), t counted from 1:

    m = beta1 * m + (1 - beta1) * grads
    v = beta2 * v + (1 - beta2) * grads**2
    params -= lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)
    """

    def __init__(self, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> None:
        fraction(beta1=beta1, beta2=beta2)
        positive(eps=eps)
        super().__init__()
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Move each parameter by about lr, against its gradient's recent mean."""
        self.num_steps += 1
        rate, eps = self.corrected(lr)
        for param, grad, scratch, m, v in self.blocks(params, grads, "m", "v"):
            m *= self.beta1
            m += np.multiply(grad, 1 - self.beta1, out=scratch)
            np.square(grad, out=scratch)
            scratch *= 1 - self.beta2
            v *= self.beta2
            v += scratch
            np.sqrt(v, out=scratch)
            scratch += eps
            np.divide(m, scratch, out=scratch)
            scratch *= rate
            param -= scratch

    def corrected(self, lr: float) -> tuple[float, float]:
        """Return what stands for lr and eps when m and v are used as they are, the step having been counted.

        With c1 = 1 - beta1**t and c2 = 1 - beta2**t,
        lr * (m / c1) / (sqrt(v / c2) + eps) = lr * sqrt(c2) / c1 * m / (sqrt(v) + eps * sqrt(c2)).
        """
        root = math.sqrt(1 - self.beta2**self.num_steps)
        return lr * root / (1 - self.beta1**self.num_steps), self.eps * root


class AdamW(Adam):
    """Adam with decoupled weight decay: params -= lr * weight_decay * params, then Adam's step.

    The decay does not pass through the moments, unlike an L2 penalty's gradient (Loshchilov and Hutter 2019).
    It applies to every parameter.
    """

    def __init__(
        self,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        non_negative(weight_decay=weight_decay)
        super().__init__(beta1, beta2, eps)
        self.weight_decay = weight_decay

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Shrink the parameters, then step as Adam does."""
        params *= 1 - lr * self.weight_decay
        super().step(params, grads, lr=lr)
