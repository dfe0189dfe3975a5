"""Logs of training that other people published, reproduced through this project's layers, losses and optimizers.

The numbers are in reference/published.json, each with its source. Everything is in float64; initial weights and
the order of the examples are drawn as the published programs drew them, which no loop of ours does: so the loops
are here, and what runs inside them is the project's.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from scratchlab.data import Dataset
from scratchlab.metrics import accuracy
from scratchlab.nn import (
    SGD,
    Adam,
    Array,
    BatchNorm,
    Layer,
    Linear,
    Loss,
    Momentum,
    Nesterov,
    Network,
    Optimizer,
    ReLU,
    RMSProp,
    Sigmoid,
    Targets,
    binary_cross_entropy,
    cross_entropy,
    exponential,
    hinge,
)

Log = dict[str, Any]


def published(name: str) -> Log:
    text = (Path(__file__).parent / "reference" / "published.json").read_text()
    return json.loads(text)[name]


def two_layers(activation: Layer, parameters: list[ArrayLike], *, l2: float = 0.0) -> Network:
    """Return a network of one hidden layer with these parameters: weight, bias, weight, bias."""
    arrays = [np.asarray(array, dtype=np.float64) for array in parameters]
    shapes = [array.shape for array in arrays]
    layers = [Linear(*shapes[0]), activation, Linear(*shapes[2])]
    network = Network(layers, rng=np.random.default_rng(0), dtype=np.float64, l2=l2)
    names = ["linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"]
    network.load_state(dict(zip(names, arrays, strict=True)))
    return network


def update(
    network: Network, loss_fn: Loss, optimizer: Optimizer, inputs: Array, targets: Targets, *, lr: float
) -> float:
    """Make one step; return the loss of the batch with the penalty, from before the step."""
    loss, grad_logits = loss_fn(network.forward(inputs, training=True), targets)
    loss += network.penalty()
    network.backward(grad_logits)
    optimizer.step(network.params, network.grads, lr=lr)
    return loss


def slices(order: NDArray[np.integer], size: int) -> Iterator[NDArray[np.integer]]:
    return (order[start : start + size] for start in range(0, len(order), size))


@pytest.mark.system
def test_the_ten_losses_that_scikit_learn_prints_for_mnist(mnist: Dataset) -> None:
    log = published("sklearn_mnist_filters")
    pixels, targets = mnist.preprocessing.invert(mnist.train.inputs), mnist.train.targets
    rng = np.random.RandomState(1)

    def draw(num_inputs: int, num_outputs: int) -> list[ArrayLike]:
        bound = np.sqrt(6 / (num_inputs + num_outputs))
        return [
            rng.uniform(-bound, bound, (num_inputs, num_outputs)),
            rng.uniform(-bound, bound, num_outputs),
        ]

    # scikit-learn divides the penalty by the number of examples in a batch.
    network = two_layers(ReLU(), [*draw(784, 50), *draw(50, 10)], l2=1e-4 / 200)
    optimizer = Nesterov(momentum=0.9)
    order = np.arange(len(pixels))
    for published_loss in log["train_loss_per_epoch"]:
        shuffled = np.arange(len(pixels))
        rng.shuffle(shuffled)
        order = order[shuffled]
        losses = [
            update(network, cross_entropy, optimizer, pixels[batch] / 255, targets[batch], lr=0.1)
            for batch in slices(order, 200)
        ]
        assert np.mean(losses) == pytest.approx(published_loss, abs=0.5e-8)

    test_pixels = mnist.preprocessing.invert(mnist.test.inputs)
    for images, labels, score in (
        (pixels, targets, log["train_accuracy"]),
        (test_pixels, mnist.test.targets, log["test_accuracy"]),
    ):
        logits = network.forward(images / 255, training=False)
        assert accuracy(logits.argmax(axis=1), labels) == pytest.approx(score, abs=0.5e-6)


@pytest.mark.parametrize("epochs", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_nielsens_overfitting_network_gets_the_same_images_right_after_every_epoch(
    mnist: Dataset, epochs: int
) -> None:
    log = published("nielsen_overfitting")

    def pixels(inputs: NDArray[np.float32]) -> Array:
        # His files hold pixels / 256 in float32.
        return (mnist.preprocessing.invert(inputs).astype(np.float32) / 256).astype(np.float64)

    inputs, targets = pixels(mnist.train.inputs[:1000]), mnist.train.targets[:1000]
    test_inputs, test_targets = pixels(mnist.test.inputs), mnist.test.targets
    seed = 12345678
    rng, shuffler = np.random.RandomState(seed), Random(seed)
    for _ in range(2):  # his program draws the weights twice and uses the second ones
        bias1, bias2 = rng.randn(30), rng.randn(10)
        weight1, weight2 = rng.randn(30, 784), rng.randn(10, 30)
    network = two_layers(Sigmoid(), [weight1.T, bias1, weight2.T, bias2])
    optimizer = SGD()
    order = np.arange(1000)
    found: dict[str, list[float]] = {key: [] for key in log if key != "source"}
    for _ in range(epochs):
        for i in reversed(range(1, 1000)):  # how Python 2 shuffled
            j = int(shuffler.random() * (i + 1))
            order[i], order[j] = order[j], order[i]
        for batch in slices(order, 10):
            update(network, binary_cross_entropy, optimizer, inputs[batch], targets[batch], lr=0.5)
        for split, examples, labels in (
            ("train", inputs, targets),
            ("test", test_inputs, test_targets),
        ):
            logits = network.forward(examples, training=False)
            found[f"{split}_correct"].append(int(np.sum(logits.argmax(axis=1) == labels)))
            found[f"{split}_cost_first_10"].append(binary_cross_entropy(logits, labels)[0])

    for split in ("train", "test"):
        assert found[f"{split}_correct"] == log[f"{split}_correct"][:epochs]
        costs = f"{split}_cost_first_10"
        assert found[costs][:10] == pytest.approx(log[costs], rel=1e-12)


class ToyNet:
    """The toy network of CS231n's first assignment, its five examples, and the stream that drew its weights."""

    def __init__(self, *, l2: float) -> None:
        self.rng = np.random.RandomState(0)
        weight1, weight2 = 0.1 * self.rng.randn(4, 10), 0.1 * self.rng.randn(10, 3)
        self.network = two_layers(ReLU(), [weight1, np.zeros(10), weight2, np.zeros(3)], l2=l2)
        self.inputs = 10 * np.random.RandomState(1).randn(5, 4)
        self.targets = np.array([0, 1, 2, 2, 1])


def test_the_toy_network_of_cs231n_has_the_published_scores_and_loss() -> None:
    log = published("cs231n_toy_net")
    toy = ToyNet(l2=2 * 0.05)  # the course's penalty has no factor 0.5
    logits = toy.network.forward(toy.inputs, training=False)
    assert logits == pytest.approx(np.array(log["scores"]), abs=1e-7)
    loss, _ = cross_entropy(logits, toy.targets)
    assert loss + toy.network.penalty() == pytest.approx(log["loss"], abs=1e-12)


def test_the_toy_network_of_cs231n_trains_to_the_published_loss() -> None:
    toy = ToyNet(l2=2 * 5e-6)
    schedule = exponential(lr=0.1, num_steps=100, final_fraction=0.95**100)
    for step in range(100):
        batch = toy.rng.choice(5, 200)
        loss = update(
            toy.network, cross_entropy, SGD(), toy.inputs[batch], toy.targets[batch], lr=schedule(step)
        )
    assert loss == pytest.approx(published("cs231n_toy_net")["trained_loss"], rel=1e-10)


@pytest.fixture(scope="module")
def course() -> Log:
    return published("cs231n_layers")


def test_cs231n_affine(course: Log) -> None:
    layer = Linear(120, 3)
    Network([layer], rng=np.random.default_rng(0), dtype=np.float64)
    layer.weight[...] = np.linspace(-0.2, 0.3, 360).reshape(120, 3)
    layer.bias[...] = np.linspace(-0.3, 0.1, 3)
    outputs = layer.forward(np.linspace(-0.1, 0.5, 240).reshape(2, 120), training=False)
    assert outputs == pytest.approx(np.array(course["affine_forward"]), abs=1e-8)


@pytest.mark.parametrize(("loss_fn", "key"), [(cross_entropy, "softmax_loss"), (hinge, "svm_loss")])
def test_cs231n_losses(course: Log, loss_fn: Loss, key: str) -> None:
    rng = np.random.RandomState(231)
    logits, targets = 0.001 * rng.randn(50, 10), rng.randint(10, size=50)
    assert loss_fn(logits, targets)[0] == pytest.approx(course[key], rel=1e-14)


@pytest.mark.parametrize(("l2", "key"), [(0.0, "loss"), (1.0, "loss_reg_1")])
def test_cs231n_two_layer_network(course: Log, l2: float, key: str) -> None:
    parameters: list[ArrayLike] = [
        np.linspace(-0.7, 0.3, 250).reshape(5, 50),
        np.linspace(-0.1, 0.9, 50),
        np.linspace(-0.3, 0.4, 350).reshape(50, 7),
        np.linspace(-0.9, 0.1, 7),
    ]
    network = two_layers(ReLU(), parameters, l2=l2)
    logits = network.forward(np.linspace(-5.5, 4.5, 15).reshape(5, 3).T, training=False)
    assert logits[0] == pytest.approx(np.array(course["two_layer"]["scores_row_0"]), abs=1e-8)
    loss, _ = cross_entropy(logits, np.array([0, 5, 1]))
    assert loss + network.penalty() == pytest.approx(course["two_layer"][key], abs=1e-10)


def test_cs231n_momentum(course: Log) -> None:
    params, grads = np.linspace(-0.4, 0.6, 20), np.linspace(-0.6, 0.4, 20)
    optimizer = Momentum(0.9)
    optimizer.state["velocity"] = np.linspace(0.6, 0.9, 20)
    optimizer.step(params, grads, lr=1e-3)
    row, velocity = course["momentum"], optimizer.state["velocity"]
    assert params[:5] == pytest.approx(np.array(row["next_w_row_0"]), abs=1e-8)
    assert params[-1] == pytest.approx(row["next_w_last"], abs=1e-8)
    assert velocity[[0, -1]] == pytest.approx(np.array([row["velocity_first"], row["velocity_last"]]))


def test_cs231n_adam(course: Log) -> None:
    params, grads = np.linspace(-0.4, 0.6, 20), np.linspace(-0.6, 0.4, 20)
    optimizer = Adam(beta1=0.9, beta2=0.999, eps=1e-8)
    optimizer.state["m"] = np.linspace(0.6, 0.9, 20)
    optimizer.state["v"] = np.linspace(0.7, 0.5, 20)
    optimizer.num_steps = 5  # the sixth update is made
    optimizer.step(params, grads, lr=1e-2)
    row = course["adam"]
    assert params[:5] == pytest.approx(np.array(row["next_w_row_0"]), abs=1e-8)
    assert params[-1] == pytest.approx(row["next_w_last"], abs=1e-8)


def test_cs231n_rmsprop(course: Log) -> None:
    params, grads = np.linspace(-0.4, 0.6, 20), np.linspace(-0.6, 0.4, 20)
    optimizer = RMSProp(decay=0.99, eps=1e-8)
    optimizer.state["squares"] = np.linspace(0.6, 0.9, 20)
    optimizer.step(params, grads, lr=1e-2)
    row, squares = course["rmsprop"], optimizer.state["squares"]
    assert params[:5] == pytest.approx(np.array(row["next_w_row_0"]), abs=1e-8)
    assert params[-1] == pytest.approx(row["next_w_last"], abs=1e-8)
    assert squares[:5] == pytest.approx(np.array(row["cache_row_0"]), abs=1e-8)
    assert squares[-1] == pytest.approx(row["cache_last"], abs=1e-8)


def batch_norm() -> BatchNorm:
    layer = BatchNorm(3, momentum=0.9, eps=1e-5)
    Network([layer], rng=np.random.default_rng(0), dtype=np.float64)
    return layer


def test_cs231n_batch_normalisation_in_training(course: Log) -> None:
    row, rng, layer = course["batch_norm"], np.random.RandomState(231), batch_norm()
    inputs, weight1, weight2 = rng.randn(200, 50), rng.randn(50, 60), rng.randn(60, 3)
    features = np.maximum(inputs @ weight1, 0) @ weight2
    assert features.mean(axis=0) == pytest.approx(np.array(row["means_before"]), abs=1e-8)
    assert features.std(axis=0) == pytest.approx(np.array(row["stds_before"]), abs=1e-8)
    layer.gamma[...] = [1, 2, 3]
    layer.beta[...] = [11, 12, 13]
    outputs = layer.forward(features, training=True)
    assert outputs.mean(axis=0) == pytest.approx(np.array(row["means_with_gamma_and_beta"]), abs=1e-8)
    assert outputs.std(axis=0) == pytest.approx(np.array(row["stds_with_gamma_and_beta"]), abs=1e-8)


def test_cs231n_batch_normalisation_at_test_time(course: Log) -> None:
    row, rng, layer = course["batch_norm"], np.random.RandomState(231), batch_norm()
    weight1, weight2 = rng.randn(50, 60), rng.randn(60, 3)

    def features() -> Array:
        return np.asarray(np.maximum(rng.randn(200, 50) @ weight1, 0) @ weight2)

    layer.running_var[...] = 0  # where the course starts
    for _ in range(50):
        layer.forward(features(), training=True)
    # The course follows the biased variance, so that its outputs are larger by a 400th.
    outputs = np.sqrt(200 / 199) * layer.forward(features(), training=False)
    assert outputs.mean(axis=0) == pytest.approx(np.array(row["means_at_test_time"]), abs=1e-8)
    assert outputs.std(axis=0) == pytest.approx(np.array(row["stds_at_test_time"]), abs=1e-8)
