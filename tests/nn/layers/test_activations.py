import math
from collections.abc import Callable

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import (
    ACTIVATIONS,
    Activation,
    Array,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Tanh,
    glorot_normal,
    he_normal,
)

# Values and slopes at x, written down as mathematics has them; the layers compute them in another way.
VALUES: dict[type[Activation], Callable[[float], float]] = {
    ReLU: lambda x: x if x > 0 else 0.0,
    LeakyReLU: lambda x: x if x > 0 else 0.01 * x,
    Tanh: lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)),
    Sigmoid: lambda x: 1 / (1 + math.exp(-x)),
}
SLOPES: dict[type[Activation], Callable[[float], float]] = {
    ReLU: lambda x: float(x > 0),
    LeakyReLU: lambda x: 1.0 if x > 0 else 0.01,
    Tanh: lambda x: 1 / math.cosh(x) ** 2,
    Sigmoid: lambda x: 1 / (2 + math.exp(x) + math.exp(-x)),
}
POINTS = [-5.0, -1.5, -0.1, 0.0, 0.1, 0.7, 2.0, 5.0]


def through(activation: Activation, points: list[float], grad_outputs: float = 1.0) -> tuple[Array, Array]:
    """Return outputs and grad_inputs of an activation at these points."""
    activation.dtype = np.dtype(np.float64)
    inputs = np.array([points])
    outputs = activation.forward(inputs, training=True).copy()
    return outputs[0], activation.backward(np.full_like(inputs, grad_outputs))[0]


@pytest.mark.parametrize("kind", list(VALUES))
def test_values_and_slopes(kind: type[Activation]) -> None:
    outputs, grad_inputs = through(kind(), POINTS, grad_outputs=3.0)
    assert outputs == pytest.approx([VALUES[kind](x) for x in POINTS], rel=1e-12)
    assert grad_inputs == pytest.approx([3 * SLOPES[kind](x) for x in POINTS], rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "outputs"),
    [
        (ReLU, [0.0, 0.0, 1000.0]),
        (LeakyReLU, [-10.0, 0.0, 1000.0]),
        (Tanh, [-1.0, 0.0, 1.0]),
        (Sigmoid, [0.0, 0.5, 1.0]),
    ],
)
def test_far_out_nothing_overflows(kind: type[Activation], outputs: list[float]) -> None:
    found, grad_inputs = through(kind(), [-1000.0, 0.0, 1000.0])
    assert found.tolist() == outputs
    assert np.isfinite(grad_inputs).all()


def test_the_slope_of_a_leaky_relu_can_be_chosen() -> None:
    outputs, grad_inputs = through(LeakyReLU(slope=0.25), [-2.0, 2.0])
    assert outputs.tolist() == [-0.5, 2.0]
    assert grad_inputs.tolist() == [0.25, 1.0]


@pytest.mark.parametrize("slope", [-0.1, 1, 2, math.nan])
def test_the_slope_of_a_leaky_relu_is_below_one(slope: float) -> None:
    with pytest.raises(ArgumentError, match=f"^slope={slope}: expected a number from 0 to below 1$"):
        LeakyReLU(slope)


def test_every_activation_can_be_typed_and_has_the_initialization_that_fits_it() -> None:
    assert {name: kind.initialization for name, kind in ACTIVATIONS.items()} == {
        "relu": he_normal,
        "leaky_relu": he_normal,
        "tanh": glorot_normal,
        "sigmoid": glorot_normal,
    }
    assert set(ACTIVATIONS.values()) == set(VALUES)
