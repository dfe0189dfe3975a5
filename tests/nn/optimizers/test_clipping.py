import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import (
    SGD,
    Adam,
    Array,
    ClippedGradients,
    Linear,
    Momentum,
    Network,
    Optimizer,
    clip_by_global_norm,
    cross_entropy,
)


@pytest.mark.parametrize(
    ("clip_norm", "shortened"),
    [
        (1.0, [0.6, 0.8]),
        (2.5, [1.5, 2.0]),
        (5.0, [3.0, 4.0]),  # as long as it may be
        (100.0, [3.0, 4.0]),
    ],
)
def test_a_gradient_that_is_too_long_is_shortened_in_its_direction(
    clip_norm: float, shortened: list[float]
) -> None:
    params, grads = np.array([1.0, 1.0]), np.array([3.0, 4.0])
    ClippedGradients(SGD(), clip_norm).step(params, grads, lr=0.5)
    assert grads == pytest.approx(shortened)
    assert params == pytest.approx(1 - 0.5 * np.array(shortened))


@pytest.mark.parametrize(("clip_norm", "expected"), [(1.0, [0.6, 0.8]), (1e21, [6e20, 8e20])])
def test_a_gradient_whose_square_overflows_keeps_its_direction(
    clip_norm: float, expected: list[float]
) -> None:
    grads = np.array([3e25, 4e25], np.float32)
    clip_by_global_norm(grads, clip_norm)
    assert grads == pytest.approx(expected, rel=1e-6)


def test_a_gradient_of_zeros_stays() -> None:
    params, grads = np.ones(2), np.zeros(2)
    ClippedGradients(SGD(), 1.0).step(params, grads, lr=0.5)
    assert params.tolist() == [1, 1]


def test_the_length_is_that_of_all_parameters_together() -> None:
    network = Network([Linear(3, 4), Linear(4, 2)], rng=np.random.default_rng(0), dtype=np.float64)
    inputs = 100 * np.random.default_rng(1).standard_normal((5, 3))
    _, grad_logits = cross_entropy(network.forward(inputs, training=True), np.array([0, 1, 1, 0, 1]))
    network.backward(grad_logits)
    before = network.grads.copy()
    ClippedGradients(SGD(), 0.01).step(network.params, network.grads, lr=0.1)
    lengths = [np.linalg.norm(grad) for grad in network.views(network.grads).values()]
    assert np.linalg.norm(lengths) == pytest.approx(0.01)
    ratios = network.grads / before
    assert ratios == pytest.approx(np.full_like(ratios, ratios[0]))


GRADIENTS = [np.array(gradient) for gradient in ([30.0, 40.0], [0.3, 0.4], [-6.0, 8.0], [1.0, -1.0])]
CLIPPED = [np.array(gradient) for gradient in ([0.6, 0.8], [0.3, 0.4], [-0.6, 0.8], [0.5**0.5, -(0.5**0.5)])]


def walk(optimizer: Optimizer, gradients: list[Array], start: Array) -> list[list[float]]:
    """Return where the parameters are after each of these gradients."""
    params, positions = start.copy(), []
    for gradient in gradients:
        optimizer.step(params, gradient.copy(), lr=0.1)
        positions.append(params.tolist())
    return positions


def test_the_other_optimizer_steps_with_what_is_left_of_the_gradients() -> None:
    clipped, plain = ClippedGradients(Adam(), 1.0), Adam()
    expected = walk(plain, CLIPPED, np.zeros(2))
    assert np.array(walk(clipped, GRADIENTS, np.zeros(2))) == pytest.approx(np.array(expected))
    assert clipped.num_steps == plain.num_steps == 4
    assert clipped.state.keys() == {"m", "v"}
    for name, vector in clipped.state.items():
        assert vector == pytest.approx(plain.state[name])


def test_a_checkpoint_is_the_state_and_the_number_of_steps() -> None:
    whole = walk(ClippedGradients(Adam(), 1.0), GRADIENTS, np.zeros(2))
    first, second = ClippedGradients(Adam(), 1.0), ClippedGradients(Adam(), 1.0)
    middle = walk(first, GRADIENTS[:2], np.zeros(2))[-1]
    second.state = {name: vector.copy() for name, vector in first.state.items()}
    second.num_steps = first.num_steps
    assert walk(second, GRADIENTS[2:], np.array(middle)) == whole[2:]


@pytest.mark.parametrize("clip_norm", [0, -1, float("nan"), "long"])
def test_the_limit_is_a_number_above_zero(clip_norm: float) -> None:
    with pytest.raises(ArgumentError, match=f"^clip_norm={clip_norm}: expected a number above 0$"):
        ClippedGradients(Momentum(), clip_norm)
