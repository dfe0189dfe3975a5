import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import SGD, Array, Momentum, Nesterov, Optimizer


def gradient(params: Array) -> Array:
    """Return the gradient of 0.5 * (1 * x**2 + 10 * y**2 + 0.1 * z**2)."""
    return params * [1.0, 10.0, 0.1]


START = [3.0, -2.0, 5.0]


def test_sgd_on_worked_numbers() -> None:
    params = np.array([1.0, -2.0])
    SGD().step(params, np.array([10.0, -1.0]), lr=0.5)
    assert params.tolist() == [-4.0, -1.5]


def test_momentum_on_worked_numbers() -> None:
    params, optimizer = np.array([1.0]), Momentum(momentum=0.5)
    positions = []
    for _ in range(3):
        optimizer.step(params, np.array([8.0]), lr=0.125)
        positions.append(params[0])
    assert positions == [0.0, -1.5, -3.25]  # velocities -1, -1.5, -1.75
    assert optimizer.state["velocity"].tolist() == [-1.75]


def test_nesterov_is_momentum_with_the_gradient_from_where_it_is_going() -> None:
    # The classical form takes the gradient ahead, at x + momentum * velocity; ours keeps that point as `params`.
    optimizer, params = Nesterov(momentum=0.9), np.array(START)
    x, velocity = np.array(START), np.zeros(3)
    for _ in range(50):
        optimizer.step(params, gradient(params), lr=0.05)
        velocity = 0.9 * velocity - 0.05 * gradient(x + 0.9 * velocity)
        x = x + velocity
        assert params == pytest.approx(x + 0.9 * velocity)
        assert optimizer.state["velocity"] == pytest.approx(velocity)


@pytest.mark.parametrize("make_optimizer", [Momentum, Nesterov])
def test_without_momentum_it_is_plain_sgd(make_optimizer: type[Momentum]) -> None:
    params, plain = np.array(START), np.array(START)
    optimizer = make_optimizer(momentum=0.0)
    for _ in range(5):
        optimizer.step(params, gradient(params), lr=0.1)
        SGD().step(plain, gradient(plain), lr=0.1)
    assert params == pytest.approx(plain)


@pytest.mark.parametrize("make_optimizer", [SGD, Momentum, Nesterov])
def test_it_finds_the_minimum_of_a_bowl(make_optimizer: type[Optimizer]) -> None:
    params, optimizer = np.array(START), make_optimizer()
    for _ in range(1000):
        optimizer.step(params, gradient(params), lr=0.1)
    assert params == pytest.approx(np.zeros(3), abs=1e-3)
    assert optimizer.num_steps == 1000


@pytest.mark.parametrize("momentum", [1, -0.5, True])
def test_momentum_is_a_fraction_below_one(momentum: float) -> None:
    with pytest.raises(ArgumentError, match=f"^momentum={momentum}: expected a number from 0 to below 1$"):
        Momentum(momentum)
