"""Batch normalisation."""

import numpy as np

from scratchlab.arguments import count, fraction, positive
from scratchlab.nn.layers.layer import Array, Layer


class BatchNorm(Layer):
    """Normalises every feature over the batch, then scales and shifts it (Ioffe and Szegedy 2015, algorithm 1).

        x_hat = (inputs - mean) / sqrt(var + eps),   outputs = gamma * x_hat + beta

    With G = d loss / d outputs, sums and means over the batch:

        d loss / d gamma  = sum(G * x_hat)
        d loss / d beta   = sum(G)
        d loss / d inputs = gamma / sqrt(var + eps) * (G - mean(G) - x_hat * mean(G * x_hat))

    Evaluation uses running statistics, running = momentum * running + (1 - momentum) * batch, with the unbiased
    variance. So does a training batch of one example, whose own statistics would erase it; it leaves the running
    statistics alone, and they count as constants in its gradient.

    With `scale=False` gamma is 1 and stays so.
    """

    gamma: Array
    beta: Array
    grad_gamma: Array
    grad_beta: Array

    def __init__(
        self, num_features: int, *, momentum: float = 0.9, eps: float = 1e-5, scale: bool = True
    ) -> None:
        count(num_features=num_features)
        fraction(momentum=momentum)
        positive(eps=eps)
        super().__init__(dict.fromkeys(["gamma", "beta"] if scale else ["beta"], (num_features,)))
        self._momentum = momentum
        self._eps = eps

    def initialize(self, *, rng: np.random.Generator) -> None:
        """Start as the identity on normalised features."""
        if "gamma" not in self.shapes:
            self.gamma, self.grad_gamma = np.empty_like(self.beta), np.empty_like(self.beta)
        self.gamma[...] = 1
        self.beta[...] = 0
        self.running_mean = np.zeros_like(self.beta)
        self.running_var = np.ones_like(self.gamma)

    def buffers(self) -> dict[str, Array]:
        """Return the running mean and variance (features,)."""
        return {"running_mean": self.running_mean, "running_var": self.running_var}

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return gamma * x_hat + beta (N, features)."""
        self._from_batch = training and len(inputs) > 1
        x_hat = self.workspace("x_hat", inputs.shape)
        outputs = self.workspace("outputs", inputs.shape)
        if self._from_batch:
            mean = inputs.mean(axis=0)
            np.subtract(inputs, mean, out=x_hat)
            var = np.square(x_hat, out=outputs).mean(axis=0)
            self._follow(self.running_mean, mean)
            self._follow(self.running_var, var * (len(inputs) / (len(inputs) - 1)))
        else:
            np.subtract(inputs, self.running_mean, out=x_hat)
            var = self.running_var
        self._inverse_std = 1 / np.sqrt(var + self._eps)
        x_hat *= self._inverse_std
        np.multiply(x_hat, self.gamma, out=outputs)
        outputs += self.beta
        return outputs

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Overwrite `grad_gamma` and `grad_beta`, return `grad_inputs` (N, features)."""
        num_examples = len(grad_outputs)
        x_hat = self.workspace("x_hat", grad_outputs.shape)
        grad_inputs = self.workspace("grad_inputs", grad_outputs.shape)
        np.multiply(grad_outputs, x_hat, out=grad_inputs)
        np.sum(grad_inputs, axis=0, out=self.grad_gamma)
        np.sum(grad_outputs, axis=0, out=self.grad_beta)
        if self._from_batch:
            np.multiply(x_hat, self.grad_gamma / -num_examples, out=grad_inputs)
            grad_inputs += grad_outputs
            grad_inputs -= self.grad_beta / num_examples
        else:
            grad_inputs[...] = grad_outputs
        grad_inputs *= self.gamma * self._inverse_std
        return grad_inputs

    def _follow(self, running: Array, batch: Array) -> None:
        running *= self._momentum
        running += (1 - self._momentum) * batch
