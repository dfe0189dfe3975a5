from copy import deepcopy
from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchlab.arguments import ArgumentError
from scratchlab.nn import (
    ACTIVATIONS,
    Array,
    Layer,
    Linear,
    Loss,
    Network,
    Tanh,
    Targets,
    binary_cross_entropy,
    cross_entropy,
    gradient_check,
    hinge,
    linear,
    mlp,
)

GOOD = 1e-7
WRONG = 1e-5

LOSSES: list[Loss] = [cross_entropy, partial(cross_entropy, label_smoothing=0.1), binary_cross_entropy, hinge]


class WrongNetwork(Network):
    """A network that multiplies the gradient of one tensor by a factor."""

    culprit: str
    factor: float

    def backward(self, grad_logits: Array) -> None:
        super().backward(grad_logits)
        self.views(self.grads)[self.culprit] *= self.factor


def small_batch(num_features: int = 6, num_classes: int = 3) -> tuple[Array, Targets]:
    rng = np.random.default_rng(1)
    return rng.standard_normal((5, num_features)), rng.integers(num_classes, size=5)


def network_of(layers: list[Layer], *, l2: float = 0.0) -> Network:
    return Network(layers, rng=np.random.default_rng(0), dtype=np.float64, l2=l2)


def wrong_network_of(layers: list[Layer], culprit: str, factor: float) -> Network:
    network = WrongNetwork(layers, rng=np.random.default_rng(0), dtype=np.float64)
    network.culprit, network.factor = culprit, factor
    return network


def check(network: Network, loss_fn: Loss = cross_entropy, *, num_coordinates: int = 40) -> dict[str, float]:
    inputs, targets = small_batch()
    rng = np.random.default_rng(2)
    return gradient_check(network, loss_fn, inputs, targets, rng=rng, num_coordinates=num_coordinates)


def test_a_right_gradient_is_right_in_every_tensor() -> None:
    errors = check(network_of([Linear(6, 4), Tanh(), Linear(4, 3)], l2=0.1))
    assert list(errors) == ["linear1.weight", "linear2.weight", "linear1.bias", "linear2.bias"]
    assert max(errors.values()) < GOOD


@pytest.mark.parametrize("culprit", ["linear1.weight", "linear2.weight", "linear1.bias", "linear2.bias"])
@pytest.mark.parametrize("factor", [0.999, 1.001])
def test_a_gradient_wrong_by_a_thousandth_is_found_and_named(culprit: str, factor: float) -> None:
    errors = check(wrong_network_of([Linear(6, 4), Tanh(), Linear(4, 3)], culprit, factor))
    assert errors.pop(culprit) == pytest.approx(0.001, rel=0.01)
    assert max(errors.values()) < GOOD


def test_a_wrong_gradient_of_an_activation_shows_in_front_of_it() -> None:
    class WrongTanh(Tanh):
        def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
            return super().backward(1.001 * grad_outputs)

    errors = check(network_of([Linear(6, 4), WrongTanh(), Linear(4, 3)]))
    assert {name for name, error in errors.items() if error > WRONG} == {"linear1.weight", "linear1.bias"}


def test_a_gradient_that_is_wrongly_zero_in_one_column_is_found_in_a_large_tensor() -> None:
    class ForgetfulLinear(Linear):
        def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
            grad_inputs = super().backward(grad_outputs, needs_grad_inputs=needs_grad_inputs)
            self.grad_weight[:, 0] = 0
            return grad_inputs

    network = network_of([Linear(6, 50), Tanh(), ForgetfulLinear(50, 3)])
    assert check(network)["forgetfullinear1.weight"] > WRONG


def test_an_error_is_found_where_only_a_few_inputs_are_not_zero() -> None:
    # Of 900 gradients three are not 0, as at the border of MNIST: drawn at random alone they would be missed.
    inputs, targets = np.zeros((5, 300)), np.array([0, 1, 2, 0, 1])
    inputs[:, 217] = [1, -2, 3, 1, -1]
    network = wrong_network_of([Linear(300, 3)], "linear1.weight", 1.001)
    errors = gradient_check(network, cross_entropy, inputs, targets, rng=np.random.default_rng(2))
    assert errors["linear1.weight"] == pytest.approx(0.001, rel=0.01)


def test_a_penalty_without_its_gradient_is_found_in_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of([Linear(6, 4), Tanh(), Linear(4, 3)])
    monkeypatch.setattr(network, "penalty", lambda: 0.05 * float(np.sum(network.params**2)) / 2)
    network.params[network.num_weights :] = 0  # no bias is penalised at 0
    errors = check(network)
    wrong = {name for name, error in errors.items() if error > WRONG}
    assert wrong == {"linear1.weight", "linear2.weight"}


def test_a_loss_whose_gradient_forgets_the_mean_is_found_everywhere() -> None:
    def summed(logits: Array, targets: Targets) -> tuple[float, Array]:
        loss, grad_logits = cross_entropy(logits, targets)
        return loss, grad_logits * len(logits)

    errors = check(network_of([Linear(6, 4), Tanh(), Linear(4, 3)]), summed)
    assert min(errors.values()) > 0.5


@pytest.mark.parametrize("depth", [5, 10])
def test_gradients_that_vanish_raise_no_false_alarm(depth: int) -> None:
    network = network_of(mlp(6, 3, hidden=[20] * depth, activation="sigmoid"))
    errors = check(network)
    assert np.linalg.norm(network.views(network.grads)["linear1.weight"]) < 1e-4
    assert max(errors.values()) < WRONG


def test_a_small_gradient_wrong_by_a_thousandth_is_still_found() -> None:
    layers = mlp(6, 3, hidden=[20] * 5, activation="sigmoid")
    network = wrong_network_of(layers, "linear1.weight", 1.001)
    errors = check(network)
    assert np.linalg.norm(network.views(network.grads)["linear1.weight"]) < 1e-4
    assert errors.pop("linear1.weight") > WRONG
    assert max(errors.values()) < WRONG


def test_the_network_is_the_same_afterwards() -> None:
    network = network_of(mlp(6, 3, hidden=4, norm="batch", dropout=0.5), l2=0.1)
    network.forward(np.random.default_rng(3).standard_normal((9, 6)), training=True)
    state = {name: array.copy() for name, array in network.state().items()}
    random_state = deepcopy(network.rng.bit_generator.state)
    check(network)
    assert set(state) >= {"linear1.weight", "batchnorm1.running_mean"}
    for name, array in network.state().items():
        assert (array == state[name]).all(), name
    assert network.rng.bit_generator.state == random_state


def test_of_each_tensor_no_more_coordinates_are_looked_at_than_asked_for() -> None:
    calls = 0

    def counted(logits: Array, targets: Targets) -> tuple[float, Array]:
        nonlocal calls
        calls += 1
        return cross_entropy(logits, targets)

    check(network_of([Linear(6, 4), Tanh(), Linear(4, 3)]), counted, num_coordinates=7)
    assert calls == 1 + 2 * (7 + 4 + 7 + 3)


def test_float32_is_refused() -> None:
    inputs, targets = small_batch()
    advice = r"build it with Network\(\.\.\., dtype=np\.float64\) and pass inputs\.astype\(np\.float64\)$"
    rng = np.random.default_rng(0)
    single = Network([Linear(6, 3)], rng=rng)
    with pytest.raises(ValueError, match=f"the network has float32, the inputs float64; {advice}"):
        gradient_check(single, cross_entropy, inputs, targets, rng=rng)
    with pytest.raises(ValueError, match=f"the network has float64, the inputs float32; {advice}"):
        gradient_check(network_of([Linear(6, 3)]), cross_entropy, inputs.astype(np.float32), targets, rng=rng)


def test_arguments_out_of_range() -> None:
    network, (inputs, targets), rng = network_of([Linear(6, 3)]), small_batch(), np.random.default_rng(0)
    with pytest.raises(ArgumentError, match=r"^num_coordinates=0: expected a whole number of at least 1$"):
        gradient_check(network, cross_entropy, inputs, targets, rng=rng, num_coordinates=0)
    with pytest.raises(ArgumentError, match=r"^width=0: expected a number above 0$"):
        gradient_check(network, cross_entropy, inputs, targets, rng=rng, width=0)


COMBINATIONS = list(product(ACTIVATIONS, LOSSES, [0.0, 0.5], [0.0, 0.3]))
SHAPES = st.tuples(
    st.integers(1, 6),  # examples
    st.integers(1, 7),  # features
    st.integers(2, 5),  # classes
    st.lists(st.integers(1, 6), min_size=1, max_size=2),  # hidden
)
# Over two or three examples batch normalisation is all but a step function, too steep for differences.
SHAPES_TO_NORMALISE = st.tuples(
    st.integers(6, 9),
    st.integers(4, 7),
    st.integers(2, 5),
    st.lists(st.integers(4, 7), min_size=1, max_size=2),
)
Shapes = tuple[int, int, int, list[int]]
SEEDS = st.integers(0, 2**32 - 1)
INPUT_DROPOUTS = st.sampled_from([0.0, 0.25])
repeatable = settings(max_examples=8, derandomize=True, deadline=None)


@pytest.mark.parametrize(("activation", "loss_fn", "dropout", "l2"), COMBINATIONS)
@repeatable
@given(shapes=SHAPES, input_dropout=INPUT_DROPOUTS, seed=SEEDS)
def test_every_combination(
    activation: str,
    loss_fn: Loss,
    dropout: float,
    l2: float,
    shapes: Shapes,
    input_dropout: float,
    seed: int,
) -> None:
    _, d, k, hidden = shapes
    layers = mlp(d, k, hidden=hidden, activation=activation, dropout=dropout, input_dropout=input_dropout)
    assert worst_error(layers, shapes, seed, loss_fn, l2) < WRONG


@pytest.mark.parametrize(("activation", "loss_fn", "dropout", "l2"), COMBINATIONS)
@repeatable
@given(shapes=SHAPES_TO_NORMALISE, input_dropout=INPUT_DROPOUTS, seed=SEEDS)
def test_every_combination_with_batch_normalisation(
    activation: str,
    loss_fn: Loss,
    dropout: float,
    l2: float,
    shapes: Shapes,
    input_dropout: float,
    seed: int,
) -> None:
    _, d, k, hidden = shapes
    layers = mlp(
        d,
        k,
        hidden=hidden,
        activation=activation,
        norm="batch",
        dropout=dropout,
        input_dropout=input_dropout,
    )
    assert worst_error(layers, shapes, seed, loss_fn, l2) < WRONG


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("norm", ["none", "batch"])
@repeatable
@given(shapes=SHAPES_TO_NORMALISE, seed=SEEDS)
def test_noise_with_and_without_batch_normalisation(
    activation: str, norm: str, shapes: Shapes, seed: int
) -> None:
    _, d, k, hidden = shapes
    layers = mlp(d, k, hidden=hidden, activation=activation, norm=norm, noise=0.5, input_noise=0.3)
    assert worst_error(layers, shapes, seed, cross_entropy, 0.0) < WRONG


@pytest.mark.parametrize("loss_fn", LOSSES)
@pytest.mark.parametrize("l2", [0.0, 0.3])
@repeatable
@given(shapes=SHAPES, seed=SEEDS)
def test_every_linear_model(loss_fn: Loss, l2: float, shapes: Shapes, seed: int) -> None:
    _, d, k, _ = shapes
    assert worst_error(linear(d, k), shapes, seed, loss_fn, l2) < WRONG


def worst_error(layers: list[Layer], shapes: Shapes, seed: int, loss_fn: Loss, l2: float) -> float:
    """Return the largest error of a network of these layers, with all of its parameters random."""
    n, d, k, _ = shapes
    rng = np.random.default_rng(seed)
    network = Network(layers, rng=rng, dtype=np.float64, l2=l2)
    # Biases at 0 put a unit whose inputs are all dropped onto the kink of ReLU.
    network.params[...] = rng.standard_normal(network.params.shape)
    inputs, targets = rng.standard_normal((n, d)), rng.integers(k, size=n)
    return max(gradient_check(network, loss_fn, inputs, targets, rng=rng, num_coordinates=6).values())
