import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Adagrad, Optimizer, RMSProp


def walk(optimizer: Optimizer, gradients: list[float], *, lr: float = 0.1) -> list[float]:
    """Return the steps that a single parameter makes on these gradients."""
    params = np.zeros(1)
    positions = [0.0]
    for gradient in gradients:
        optimizer.step(params, np.array([gradient]), lr=lr)
        positions.append(float(params[0]))
    return list(np.diff(positions))


def test_adagrad_on_worked_numbers() -> None:
    # Squares 9, then 9 + 16: their roots are 3 and 5, and eps is added to the root.
    optimizer = Adagrad(eps=1.0)
    assert walk(optimizer, [3.0, -4.0]) == pytest.approx([-0.1 * 3 / (3 + 1), 0.1 * 4 / (5 + 1)])
    assert optimizer.state["squares"].tolist() == [25]
    assert optimizer.num_steps == 2


def test_rmsprop_on_worked_numbers() -> None:
    # Squares 16 / 4 = 4, then 3 + 4 / 4 = 4 again: the root is 2.
    optimizer = RMSProp(decay=0.75, eps=2.0)
    assert walk(optimizer, [4.0, -2.0]) == pytest.approx([-0.1 * 4 / (2 + 2), 0.1 * 2 / (2 + 2)])
    assert optimizer.state["squares"].tolist() == [4]
    assert optimizer.num_steps == 2


def test_equal_gradients_make_adagrads_steps_shrink_with_the_root_of_their_number() -> None:
    steps = walk(Adagrad(), [7.0] * 5)
    assert steps == pytest.approx([-0.1 / np.sqrt(number) for number in range(1, 6)])


def test_equal_gradients_make_rmsprops_steps_shrink_to_the_learning_rate() -> None:
    steps = walk(RMSProp(decay=0.5), [7.0] * 30)
    assert steps[:3] == pytest.approx([-0.1 / np.sqrt(part) for part in (1 / 2, 3 / 4, 7 / 8)])
    assert steps[-1] == pytest.approx(-0.1)


def test_without_memory_rmsprop_goes_by_the_sign_alone() -> None:
    assert walk(RMSProp(decay=0.0), [5.0, -0.01, 300.0]) == pytest.approx([-0.1, 0.1, -0.1], rel=1e-5)


def test_after_one_huge_gradient_adagrad_stays_slow_and_rmsprop_recovers() -> None:
    gradients = [1000.0] + [1.0] * 200
    assert abs(walk(Adagrad(), gradients)[-1]) == pytest.approx(0.1 / 1000, rel=1e-3)
    assert abs(walk(RMSProp(decay=0.9), gradients)[-1]) == pytest.approx(0.1, rel=1e-3)


@pytest.mark.parametrize("make_optimizer", [Adagrad, RMSProp])
def test_the_size_of_the_gradients_does_not_matter(make_optimizer: type[Optimizer]) -> None:
    gradients = [1.0, -3.0, 2.0, 0.5]
    larger = walk(make_optimizer(), [1e4 * gradient for gradient in gradients])
    assert larger == pytest.approx(walk(make_optimizer(), gradients))


@pytest.mark.parametrize("make_optimizer", [Adagrad, RMSProp])
def test_every_parameter_has_a_memory_of_its_own(make_optimizer: type[Optimizer]) -> None:
    columns = np.array([[1.0, -300.0], [2.0, 5.0], [-4.0, 0.25]])
    params, optimizer = np.zeros(2), make_optimizer()
    for gradients in columns:
        optimizer.step(params, gradients, lr=0.1)
    alone = [sum(walk(make_optimizer(), column)) for column in columns.T.tolist()]
    assert params == pytest.approx(alone)


@pytest.mark.parametrize("make_optimizer", [Adagrad, RMSProp])
def test_the_gradients_are_left_as_they_were(make_optimizer: type[Optimizer]) -> None:
    gradients = np.array([1.0, -3.0])
    make_optimizer().step(np.zeros(2), gradients, lr=0.1)
    assert gradients.tolist() == [1, -3]


@pytest.mark.parametrize(("make_optimizer", "lr"), [(Adagrad, 1.0), (RMSProp, 0.1)])
def test_it_finds_the_minimum_of_a_bowl_whose_axes_differ_a_hundredfold(
    make_optimizer: type[Optimizer], lr: float
) -> None:
    params, optimizer = np.array([3.0, -2.0, 5.0]), make_optimizer()
    for step in range(1000):
        optimizer.step(params, params * [1.0, 10.0, 0.1], lr=lr * 0.995**step)
    assert params == pytest.approx(np.zeros(3), abs=1e-2)


@pytest.mark.parametrize("make_optimizer", [Adagrad, RMSProp])
def test_a_checkpoint_is_the_state_and_the_number_of_steps(make_optimizer: type[Optimizer]) -> None:
    gradients = [1.0, -3.0, 2.0, 0.5]
    whole = walk(make_optimizer(), gradients)
    first, second = make_optimizer(), make_optimizer()
    walk(first, gradients[:2])
    second.state = {name: vector.copy() for name, vector in first.state.items()}
    second.num_steps = first.num_steps
    assert walk(second, gradients[2:]) == pytest.approx(whole[2:], rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"decay": 1}, "decay=1: expected a number from 0 to below 1"),
        ({"decay": -0.1}, "decay=-0.1: expected a number from 0 to below 1"),
        ({"eps": 0}, "eps=0: expected a number above 0"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{message}$"):
        RMSProp(**arguments)


def test_adagrad_checks_its_eps_too() -> None:
    with pytest.raises(ArgumentError, match=r"^eps=-1: expected a number above 0$"):
        Adagrad(eps=-1)
