"""Dropout."""

import numpy as np

from scratchlab.arguments import fraction
from scratchlab.nn.layers.layer import Array, Layer


class Dropout(Layer):
    """Inverted dropout: in training each input is dropped with probability `rate`, the others are scaled up.

        outputs = inputs * mask,    mask = 1 / (1 - rate) with probability 1 - rate, else 0
        grad_inputs = grad_outputs * mask

    The expected output equals the input, so that evaluation uses the inputs as they are (Srivastava et al.
    2014).
    """

    def __init__(self, rate: float) -> None:
        fraction(dropout=rate)
        super().__init__()
        self.rate = rate

    def initialize(self, *, rng: np.random.Generator) -> None:
        """Keep the generator that masks are drawn from."""
        self._rng = rng

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return inputs * mask in training, the inputs themselves otherwise."""
        if not training:
            return inputs
        self._mask = self.workspace("mask", inputs.shape)
        self._rng.random(out=self._mask, dtype=self.dtype)
        np.greater_equal(self._mask, self.rate, out=self._mask)
        self._mask *= 1 / (1 - self.rate)
        return np.multiply(inputs, self._mask, out=self.workspace("outputs", inputs.shape))

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Return grad_outputs * mask."""
        return np.multiply(grad_outputs, self._mask, out=self.workspace("grad_inputs", grad_outputs.shape))
