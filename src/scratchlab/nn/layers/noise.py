"""Gaussian noise."""

import numpy as np

from scratchlab.arguments import non_negative
from scratchlab.nn.layers.layer import Array, Layer


class GaussianNoise(Layer):
    """Noise that is added in training, so that nothing can be learned that hangs on small differences.

        outputs = inputs + noise,    noise drawn from N(0, std**2) for each number anew
        grad_inputs = grad_outputs

    Evaluation uses the inputs as they are (Sietsma and Dow 1991).
    """

    def __init__(self, std: float) -> None:
        non_negative(noise=std)
        super().__init__()
        self.std = std

    def initialize(self, *, rng: np.random.Generator) -> None:
        """Keep the generator that the noise is drawn from."""
        self._rng = rng

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return inputs + noise in training, the inputs themselves otherwise."""
        if not training:
            return inputs
        outputs = self.workspace("outputs", inputs.shape)
        self._rng.standard_normal(out=outputs, dtype=self.dtype)
        outputs *= self.std
        outputs += inputs
        return outputs

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Return grad_outputs."""
        return grad_outputs
