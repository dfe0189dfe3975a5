"""Activations: element-wise functions between linear layers, each with the initialization that fits it.

In every class G = d loss / d outputs, and d loss / d inputs = G * f'(inputs).
"""

import numpy as np

from scratchlab.arguments import fraction
from scratchlab.nn.layers.initialization import Initialization, glorot_normal, he_normal
from scratchlab.nn.layers.layer import Array, Layer


class Activation(Layer):
    """A layer without parameters whose outputs have the shape of its inputs."""

    initialization: Initialization = staticmethod(glorot_normal)
    """How the weights of the linear layer in front of it should start."""


class ReLU(Activation):
    """f(x) = max(x, 0), f'(x) = 1 where x > 0, else 0."""

    initialization = staticmethod(he_normal)

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return max(inputs, 0)."""
        self._outputs = self.workspace("outputs", inputs.shape)
        return np.maximum(inputs, 0, out=self._outputs)

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Return G where the output is positive, else 0."""
        mask = np.greater(self._outputs, 0, out=self.workspace("mask", grad_outputs.shape, bool))
        return np.multiply(grad_outputs, mask, out=self.workspace("grad_inputs", grad_outputs.shape))


class LeakyReLU(Activation):
    """f(x) = x where x > 0, else slope * x; f'(x) = 1 or slope, which is below 1 (Maas et al. 2013)."""

    initialization = staticmethod(he_normal)

    def __init__(self, slope: float = 0.01) -> None:
        fraction(slope=slope)
        super().__init__()
        self._slope = slope

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return max(inputs, slope * inputs), the same as f because slope is below 1."""
        self._inputs = inputs
        outputs = np.multiply(inputs, self._slope, out=self.workspace("outputs", inputs.shape))
        return np.maximum(outputs, inputs, out=outputs)

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Return G where the input is positive, else slope * G."""
        mask = np.greater(self._inputs, 0, out=self.workspace("mask", grad_outputs.shape, bool))
        grad_inputs = self.workspace("grad_inputs", grad_outputs.shape)
        np.multiply(grad_outputs, self._slope, out=grad_inputs)
        np.copyto(grad_inputs, grad_outputs, where=mask)
        return grad_inputs


class Tanh(Activation):
    """f(x) = tanh(x), f'(x) = 1 - tanh(x)**2."""

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return tanh(inputs)."""
        self._outputs = self.workspace("outputs", inputs.shape)
        return np.tanh(inputs, out=self._outputs)

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Return G * (1 - outputs**2)."""
        grad_inputs = np.square(self._outputs, out=self.workspace("grad_inputs", grad_outputs.shape))
        np.subtract(1, grad_inputs, out=grad_inputs)
        return np.multiply(grad_outputs, grad_inputs, out=grad_inputs)


class Sigmoid(Activation):
    """f(x) = 1 / (1 + exp(-x)), f'(x) = f(x) * (1 - f(x))."""

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return the sigmoid as 0.5 * (1 + tanh(x / 2)), the same function, which cannot overflow."""
        self._outputs = np.multiply(inputs, 0.5, out=self.workspace("outputs", inputs.shape))
        np.tanh(self._outputs, out=self._outputs)
        self._outputs += 1
        self._outputs *= 0.5
        return self._outputs

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Return G * outputs * (1 - outputs)."""
        grad_inputs = np.subtract(1, self._outputs, out=self.workspace("grad_inputs", grad_outputs.shape))
        grad_inputs *= self._outputs
        return np.multiply(grad_outputs, grad_inputs, out=grad_inputs)


ACTIVATIONS: dict[str, type[Activation]] = {
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "tanh": Tanh,
    "sigmoid": Sigmoid,
}
"""What can be typed as `model.activation`."""
