"""The fully connected layer."""

import numpy as np

from scratchlab.arguments import count
from scratchlab.nn.layers.initialization import Initialization, he_normal
from scratchlab.nn.layers.layer import Array, Layer


class Linear(Layer):
    """outputs = inputs @ weight + bias, with weight (in, out) and bias (out,).

    With G = d loss / d outputs (N, out):

        d loss / d weight = inputs.T @ G
        d loss / d bias   = sum of G over the batch
        d loss / d inputs = G @ weight.T
    """

    weight: Array
    bias: Array
    grad_weight: Array
    grad_bias: Array

    def __init__(
        self, num_inputs: int, num_outputs: int, *, initialization: Initialization = he_normal
    ) -> None:
        count(num_inputs=num_inputs, num_outputs=num_outputs)
        super().__init__({"weight": (num_inputs, num_outputs), "bias": (num_outputs,)})
        self._initialization = initialization

    def initialize(self, *, rng: np.random.Generator) -> None:
        """Draw the weights; biases start at 0."""
        self.weight[...] = self._initialization(self.weight.shape, rng=rng)
        self.bias[...] = 0

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return inputs @ weight + bias (N, out)."""
        self._inputs = inputs
        outputs = self.workspace("outputs", (len(inputs), self.weight.shape[1]))
        np.matmul(inputs, self.weight, out=outputs)
        outputs += self.bias
        return outputs

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Overwrite `grad_weight` and `grad_bias`, return `grad_inputs` (N, in)."""
        np.matmul(self._inputs.T, grad_outputs, out=self.grad_weight)
        np.sum(grad_outputs, axis=0, out=self.grad_bias)
        if not needs_grad_inputs:
            return grad_outputs
        grad_inputs = self.workspace("grad_inputs", (len(grad_outputs), self.weight.shape[0]))
        return np.matmul(grad_outputs, self.weight.T, out=grad_inputs)
