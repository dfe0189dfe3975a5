import math

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Dropout, GaussianNoise, Layer, Linear, Network, cross_entropy, linear, mlp


def kinds(layers: list[Layer]) -> list[str]:
    return [type(layer).__name__ for layer in layers]


def shapes(layers: list[Layer]) -> list[tuple[int, ...]]:
    return [layer.shapes["weight"] for layer in layers if isinstance(layer, Linear)]


@pytest.mark.parametrize("hidden", [500, np.int64(500)])
def test_one_hidden_layer(hidden: int) -> None:
    layers = mlp(784, 10, hidden=hidden)
    assert kinds(layers) == ["Linear", "ReLU", "Linear"]
    assert shapes(layers) == [(784, 500), (500, 10)]


@pytest.mark.parametrize("hidden", [[500, 300], (500, 300), [np.int64(500), np.int64(300)]])
def test_hidden_layers_of_many_widths(hidden: list[int]) -> None:
    assert shapes(mlp(784, 10, hidden=hidden)) == [(784, 500), (500, 300), (300, 10)]


def test_no_hidden_layer_is_a_linear_model() -> None:
    assert shapes(linear(784, 10)) == [(784, 10)]


def test_normalisation_comes_before_each_activation_and_dropout_behind() -> None:
    layers = mlp(8, 3, hidden=[5, 4], activation="tanh", norm="batch", dropout=0.5, input_dropout=0.2)
    hidden = ["Linear", "BatchNorm", "Tanh", "Dropout"]
    assert kinds(layers) == ["Dropout", *hidden, *hidden, "Linear"]
    assert [layer.rate for layer in layers if isinstance(layer, Dropout)] == [0.2, 0.5, 0.5]


def test_noise_is_on_the_inputs_and_in_front_of_each_activation() -> None:
    layers = mlp(8, 3, hidden=[5, 4], dropout=0.5, input_dropout=0.2, noise=0.5, input_noise=0.3)
    hidden = ["Linear", "GaussianNoise", "ReLU", "Dropout"]
    assert kinds(layers) == ["Dropout", "GaussianNoise", *hidden, *hidden, "Linear"]
    assert [layer.std for layer in layers if isinstance(layer, GaussianNoise)] == [0.3, 0.5, 0.5]


def test_images_are_straightened_before_anything_else() -> None:
    layers = mlp(64, 3, hidden=5, input_dropout=0.2, input_noise=0.3, deslant=True)
    assert kinds(layers) == ["Deslant", "Dropout", "GaussianNoise", "Linear", "ReLU", "Linear"]


@pytest.mark.parametrize("deslant", ["much", 1])
def test_images_are_straightened_or_not(deslant: bool) -> None:
    with pytest.raises(ArgumentError, match=f"^deslant={deslant}: expected true or false$"):
        mlp(64, 3, hidden=5, deslant=deslant)


def test_with_noise_normalisation_has_no_scale_that_could_drown_it() -> None:
    layers = mlp(8, 3, hidden=5, norm="batch", noise=0.5)
    assert kinds(layers) == ["Linear", "BatchNorm", "GaussianNoise", "ReLU", "Linear"]
    assert layers[1].shapes == {"beta": (5,)}
    assert mlp(8, 3, hidden=5, norm="batch", input_noise=0.5)[2].shapes == {"gamma": (5,), "beta": (5,)}


@pytest.mark.parametrize(
    ("activation", "variance"),
    [("relu", 2 / 400), ("leaky_relu", 2 / 400), ("tanh", 2 / 700), ("sigmoid", 2 / 700)],
)
def test_hidden_weights_start_as_their_activation_needs_it(activation: str, variance: float) -> None:
    network = Network(mlp(400, 10, hidden=300, activation=activation), rng=np.random.default_rng(0))
    assert network.state()["linear1.weight"].var() == pytest.approx(variance, rel=0.03)


@pytest.mark.parametrize("num_classes", [2, 10, 100])
def test_the_first_loss_is_that_of_a_guess(num_classes: int) -> None:
    network = Network(mlp(50, num_classes, hidden=[100, 100]), rng=np.random.default_rng(0))
    inputs = np.random.default_rng(1).standard_normal((500, 50)).astype(np.float32)
    loss, _ = cross_entropy(network.forward(inputs, training=False), np.arange(500) % num_classes)
    assert loss == pytest.approx(math.log(num_classes), rel=0.1)


@pytest.mark.parametrize("hidden", [0, -5, 2.5, True, "500", [], [500, 0], None])
def test_widths_that_are_none(hidden: int) -> None:
    with pytest.raises(ArgumentError) as caught:
        mlp(784, 10, hidden=hidden)
    assert str(caught.value) == (
        f"hidden={hidden}: expected a whole number of at least 1, or a list of them like [500,300]"
    )


def test_an_activation_that_is_none_and_the_nearest_that_is() -> None:
    with pytest.raises(ArgumentError) as caught:
        mlp(784, 10, hidden=5, activation="rellu")
    assert str(caught.value) == (
        "activation=rellu: expected one of relu, leaky_relu, tanh, sigmoid, did you mean relu?"
    )


def test_a_norm_that_is_none() -> None:
    with pytest.raises(
        ArgumentError, match=r"^norm=batched: expected one of none, batch, did you mean batch\?$"
    ):
        mlp(784, 10, hidden=5, norm="batched")


def test_dropout_is_a_fraction_below_one() -> None:
    expected = "expected a number from 0 to below 1$"
    with pytest.raises(ArgumentError, match=f"^dropout=1.5: {expected}"):
        mlp(784, 10, hidden=5, dropout=1.5)
    with pytest.raises(ArgumentError, match=f"^input_dropout=-1: {expected}"):
        mlp(784, 10, hidden=5, input_dropout=-1)


def test_noise_has_a_size() -> None:
    expected = "expected a number of at least 0$"
    with pytest.raises(ArgumentError, match=f"^noise=-1: {expected}"):
        mlp(784, 10, hidden=5, noise=-1)
    with pytest.raises(ArgumentError, match=f"^input_noise=-0.1: {expected}"):
        mlp(784, 10, hidden=5, input_noise=-0.1)
