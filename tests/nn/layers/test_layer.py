import tracemalloc
from copy import deepcopy

import numpy as np
import pytest

from scratchlab.nn import (
    ACTIVATIONS,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Array,
    BatchNorm,
    Dropout,
    Layer,
    LeakyReLU,
    Linear,
    Momentum,
    Nesterov,
    Network,
    Optimizer,
    ReLU,
    RMSProp,
    Sigmoid,
    Tanh,
    cross_entropy,
    mlp,
)
from tests.nn.differences import numeric_gradient

LAYERS = [Linear(5, 5), ReLU(), LeakyReLU(0.1), Tanh(), Sigmoid(), Dropout(0.4), BatchNorm(5)]


def taken_in(layer: Layer, dtype: type[np.floating] = np.float64) -> Layer:
    """Return a copy of the layer with the arrays and the random state that only a network gives it."""
    layer = deepcopy(layer)
    Network([layer], rng=np.random.default_rng(0), dtype=dtype)
    return layer


def examples(n: int, d: int = 5) -> Array:
    return np.random.default_rng(n).standard_normal((n, d))


def name(layer: Layer) -> str:
    return type(layer).__name__


@pytest.mark.parametrize("layer", LAYERS, ids=name)
def test_grad_inputs_is_the_derivative_of_the_outputs(layer: Layer) -> None:
    inputs, grad_outputs = examples(4), examples(4)[::-1].copy()
    fresh = taken_in(layer)

    def loss() -> float:
        # A copy each time: dropout has to draw the same mask again.
        return float(np.sum(grad_outputs * deepcopy(fresh).forward(inputs, training=True)))

    numeric = numeric_gradient(loss, inputs)
    fresh.forward(inputs, training=True)
    assert fresh.backward(grad_outputs) == pytest.approx(numeric, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("layer", LAYERS, ids=name)
def test_forward_and_backward_leave_what_they_are_given_as_it_was(layer: Layer) -> None:
    inputs, grad_outputs = examples(4), examples(4)
    fresh = taken_in(layer)
    fresh.forward(inputs, training=True)
    fresh.backward(grad_outputs)
    assert (inputs == examples(4)).all()
    assert (grad_outputs == examples(4)).all()


@pytest.mark.parametrize("layer", LAYERS, ids=name)
def test_a_smaller_batch_lives_in_the_rows_of_the_larger_one_and_comes_out_as_if_it_were_the_first(
    layer: Layer,
) -> None:
    used, fresh = taken_in(layer), taken_in(layer)
    large_outputs = used.forward(examples(8), training=True)
    large_grads = used.backward(examples(8))
    # Dropout has drawn: both continue from the same place.
    Network([used], rng=np.random.default_rng(1), dtype=np.float64)
    Network([fresh], rng=np.random.default_rng(1), dtype=np.float64)

    outputs = used.forward(examples(3), training=True)
    assert np.shares_memory(outputs, large_outputs)
    assert (outputs == fresh.forward(examples(3), training=True)).all()
    grad_inputs = used.backward(examples(3))
    assert np.shares_memory(grad_inputs, large_grads)
    assert (grad_inputs == fresh.backward(examples(3))).all()


@pytest.mark.parametrize("layer", LAYERS, ids=name)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_layer_computes_in_the_type_of_its_network(layer: Layer, dtype: type[np.floating]) -> None:
    fresh = taken_in(layer, dtype)
    inputs = examples(3).astype(dtype)
    assert fresh.forward(inputs, training=True).dtype == dtype
    assert fresh.backward(inputs).dtype == dtype


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("make_optimizer", [SGD, Momentum, Nesterov, Adam, AdamW, Adagrad, RMSProp])
def test_a_step_allocates_nothing_large(activation: str, make_optimizer: type[Optimizer]) -> None:
    num_examples, width = 512, 400
    layers = mlp(100, 10, hidden=[width, width], activation=activation, norm="batch", dropout=0.5)
    network = Network(layers, rng=np.random.default_rng(0), l2=1e-4)
    optimizer = make_optimizer()
    inputs = examples(2 * num_examples, 100).astype(np.float32)
    targets = np.arange(2 * num_examples) % 10

    def step(num_examples: int) -> None:
        logits = network.forward(inputs[:num_examples], training=True)
        _, grad_logits = cross_entropy(logits, targets[:num_examples])
        network.backward(grad_logits)
        optimizer.step(network.params, network.grads, lr=1e-3)

    step(num_examples)
    network.forward(inputs, training=False)
    tracemalloc.start()
    step(num_examples)
    step(num_examples // 2)  # the last batch of an epoch
    network.forward(inputs, training=False)  # an evaluation
    step(num_examples)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    activation_bytes = 4 * num_examples * width
    assert peak_bytes < min(activation_bytes, network.params.nbytes) / 5
