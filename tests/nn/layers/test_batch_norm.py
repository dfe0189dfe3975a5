from typing import Any

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Array, BatchNorm, Network
from tests.nn.differences import numeric_gradient


def taken_in(layer: BatchNorm) -> BatchNorm:
    """Return the layer with the arrays that only a network gives it."""
    Network([layer], rng=np.random.default_rng(0), dtype=np.float64)
    return layer


def random_layer(num_features: int = 3) -> BatchNorm:
    """Return a layer that has learned something: nothing in it is 0 or 1."""
    rng = np.random.default_rng(1)
    layer = taken_in(BatchNorm(num_features))
    for values in (layer.gamma, layer.beta, layer.running_mean):
        values[...] = rng.standard_normal(num_features)
    layer.running_var[...] = rng.uniform(0.5, 2, num_features)
    return layer


def examples(num_examples: int, num_features: int = 3) -> Array:
    return np.random.default_rng(2).standard_normal((num_examples, num_features))


@pytest.fixture
def worked() -> BatchNorm:
    """A layer for numbers that come out even: with eps = 9 the standard deviations 4 and 0 count as 5 and 3."""
    layer = taken_in(BatchNorm(2, momentum=0.75, eps=9))
    layer.gamma[...] = [10, 2]
    layer.beta[...] = [1, 3]
    return layer


# Means 6 and 7, standard deviations 4 and 0.
WORKED_INPUTS = np.array([[2.0, 7.0], [10.0, 7.0]])


def test_training_normalises_scales_and_shifts(worked: BatchNorm) -> None:
    outputs = worked.forward(WORKED_INPUTS, training=True)
    assert outputs == pytest.approx(np.array([[1 - 10 * 4 / 5, 3], [1 + 10 * 4 / 5, 3]]))


def test_running_statistics_move_by_a_quarter_towards_the_batch(worked: BatchNorm) -> None:
    worked.forward(WORKED_INPUTS, training=True)
    assert worked.running_mean == pytest.approx([0.25 * 6, 0.25 * 7])
    assert worked.running_var == pytest.approx([0.75 + 0.25 * 32, 0.75])  # unbiased: (16 + 16) / (2 - 1)


def test_evaluation_uses_the_running_statistics(worked: BatchNorm) -> None:
    worked.running_mean[...] = [6, 7]
    worked.running_var[...] = [16, 0]
    outputs = worked.forward(np.array([[11.0, 10.0]]), training=False)
    assert outputs == pytest.approx(np.array([[1 + 10 * 5 / 5, 3 + 2 * 3 / 3]]))


def test_gradients_on_worked_numbers(worked: BatchNorm) -> None:
    worked.forward(WORKED_INPUTS, training=True)
    grad_inputs = worked.backward(np.array([[1.0, 1.0], [0.0, 0.0]]))
    assert worked.grad_gamma == pytest.approx([-4 / 5, 0])
    assert worked.grad_beta == pytest.approx([1, 1])
    # First feature: 10 / 5 * (1 - 1/2 - (-0.8) * (-0.4)); second: 2 / 3 * (1 - 1/2).
    assert grad_inputs == pytest.approx(np.array([[0.36, 1 / 3], [-0.36, -1 / 3]]))


def test_it_starts_as_the_identity_on_what_is_normalised_already() -> None:
    layer, inputs = taken_in(BatchNorm(3, eps=1e-12)), examples(50)
    assert layer.forward(inputs, training=False) == pytest.approx(inputs)
    inputs -= inputs.mean(axis=0)
    inputs /= inputs.std(axis=0)
    assert layer.forward(inputs, training=True) == pytest.approx(inputs)


def test_every_feature_comes_out_with_mean_beta_and_standard_deviation_gamma() -> None:
    layer = random_layer()
    inputs = np.array([100.0, 1.0, 0.1]) * examples(40) + np.array([7.0, -5.0, 3.0])
    outputs = layer.forward(inputs, training=True)
    assert outputs.mean(axis=0) == pytest.approx(layer.beta)
    assert outputs.std(axis=0) == pytest.approx(
        np.abs(layer.gamma), rel=2e-3
    )  # eps beside a variance of 0.01


def test_the_scale_and_the_place_of_the_inputs_do_not_matter() -> None:
    layer, inputs = random_layer(), examples(20)
    outputs = layer.forward(inputs, training=True).copy()
    assert layer.forward(1000 * inputs + 77, training=True) == pytest.approx(outputs, abs=1e-4)


def test_running_statistics_are_a_weighted_mean_of_those_of_all_batches() -> None:
    layer, batches = random_layer(), [scale * examples(5) + scale for scale in (1, 2, 3)]
    mean, var = layer.running_mean.copy(), layer.running_var.copy()
    for batch in batches:
        layer.forward(batch, training=True)
    means = [mean, *(batch.mean(axis=0) for batch in batches)]
    variances = [var, *(batch.var(axis=0, ddof=1) for batch in batches)]
    weights = [0.9**3, 0.1 * 0.9**2, 0.1 * 0.9, 0.1]
    assert layer.running_mean == pytest.approx(np.average(means, axis=0, weights=weights))
    assert layer.running_var == pytest.approx(np.average(variances, axis=0, weights=weights))


def test_in_evaluation_examples_do_not_touch_each_other_or_the_statistics() -> None:
    layer, inputs = random_layer(), examples(6)
    mean, var = layer.running_mean.copy(), layer.running_var.copy()
    together = layer.forward(inputs, training=False).copy()
    for i in range(6):
        assert (layer.forward(inputs[i : i + 1], training=False) == together[i]).all()
    assert (layer.running_mean == mean).all()
    assert (layer.running_var == var).all()


def test_a_training_batch_of_one_is_normalised_as_in_evaluation_and_teaches_no_statistics() -> None:
    layer, inputs = random_layer(), examples(1)
    mean, var = layer.running_mean.copy(), layer.running_var.copy()
    outputs = layer.forward(inputs, training=True).copy()
    assert (outputs == layer.forward(inputs, training=False)).all()
    assert (outputs != layer.beta).all()  # as its own statistics would make it
    assert (layer.running_mean == mean).all()
    assert (layer.running_var == var).all()


@pytest.mark.parametrize(
    ("num_examples", "training"), [(1, True), (3, True), (8, True), (1, False), (8, False)]
)
def test_the_gradient_is_the_derivative(num_examples: int, training: bool) -> None:
    layer, inputs = random_layer(), examples(num_examples)
    grad_outputs = np.random.default_rng(3).standard_normal(inputs.shape)

    def loss() -> float:
        return float(np.sum(grad_outputs * layer.forward(inputs, training=training)))

    numeric = [numeric_gradient(loss, values) for values in (inputs, layer.gamma, layer.beta)]
    layer.forward(inputs, training=training)
    found = [layer.backward(grad_outputs), layer.grad_gamma, layer.grad_beta]
    for gradient, expected in zip(found, numeric, strict=True):
        assert gradient == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_without_a_scale_it_is_as_with_a_scale_of_one_that_is_no_parameter() -> None:
    plain, scaled = taken_in(BatchNorm(3, scale=False)), taken_in(BatchNorm(3))
    assert plain.shapes == {"beta": (3,)}
    inputs, grad_outputs = examples(6), np.random.default_rng(3).standard_normal((6, 3))
    for layer in (plain, scaled):
        layer.beta[...] = [1, 2, 3]
    assert (plain.forward(inputs, training=True) == scaled.forward(inputs, training=True)).all()
    assert (plain.backward(grad_outputs) == scaled.backward(grad_outputs)).all()
    assert (plain.grad_beta == scaled.grad_beta).all()
    assert (plain.gamma == 1).all()
    assert plain.forward(inputs, training=False) == pytest.approx(
        (inputs - plain.running_mean) / np.sqrt(plain.running_var + 1e-5) + [1, 2, 3]
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_features": 0}, "num_features=0: expected a whole number of at least 1"),
        ({"num_features": 2.5}, "num_features=2.5: expected a whole number of at least 1"),
        ({"num_features": 3, "momentum": 1}, "momentum=1: expected a number from 0 to below 1"),
        ({"num_features": 3, "eps": 0}, "eps=0: expected a number above 0"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{message}$"):
        BatchNorm(**arguments)
