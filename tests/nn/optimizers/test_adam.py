import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Adam, AdamW, Array


def walk(optimizer: Adam, gradients: list[float], *, start: float = 0.0, lr: float = 0.1) -> list[float]:
    """Return where a single parameter is after each of these gradients."""
    params = np.array([start])
    positions = []
    for gradient in gradients:
        optimizer.step(params, np.array([gradient]), lr=lr)
        positions.append(float(params[0]))
    return positions


def test_two_steps_on_worked_numbers() -> None:
    # m = 0.1 and v = 0.001 are 1 and 1 without their bias: a step of lr. Then m = 0.09 - 0.1 = -0.01, and
    # -0.01 / (1 - 0.81) = -1/19; v is 1 again without its bias.
    optimizer = Adam()
    assert walk(optimizer, [1.0, -1.0]) == pytest.approx([-0.1, -0.1 + 0.1 / 19], rel=1e-7)
    assert optimizer.state["m"] == pytest.approx([-0.01])
    assert optimizer.state["v"] == pytest.approx([0.001999])
    assert optimizer.num_steps == 2


def test_betas_and_eps_are_where_the_algorithm_has_them() -> None:
    # Gradient 2: m / (1 - beta1) = 2, sqrt(v / (1 - beta2)) = 2 whatever the betas, and eps is added to the root.
    assert walk(Adam(beta1=0.3, beta2=0.6, eps=2.0), [2.0]) == pytest.approx([-0.1 * 2 / (2 + 2)])
    # Gradient 0 afterwards: m = 0.3 * 1.4 over 1 - 0.09, v = 0.6 * 1.6 over 1 - 0.36.
    second = 0.1 * (0.42 / 0.91) / (np.sqrt(0.96 / 0.64) + 2)
    assert walk(Adam(0.3, 0.6, 2.0), [2.0, 0.0]) == pytest.approx([-0.05, -0.05 - second])


def test_the_size_of_the_gradients_does_not_matter() -> None:
    gradients = [1.0, -3.0, 2.0, 0.5]
    assert walk(Adam(), [1e4 * gradient for gradient in gradients]) == pytest.approx(walk(Adam(), gradients))


def test_it_finds_the_minimum_of_a_bowl_whose_axes_differ_a_hundredfold() -> None:
    params: Array = np.array([3.0, -2.0, 5.0])
    optimizer = Adam()
    for step in range(1000):
        optimizer.step(params, params * [1.0, 10.0, 0.1], lr=0.3 * 0.99**step)
    assert params == pytest.approx(np.zeros(3), abs=1e-3)


def test_a_checkpoint_is_the_state_and_the_number_of_steps() -> None:
    gradients = [1.0, -3.0, 2.0, 0.5]
    whole = walk(Adam(), gradients)
    first, second = Adam(), Adam()
    middle = walk(first, gradients[:2])[-1]
    second.state = {name: vector.copy() for name, vector in first.state.items()}
    second.num_steps = first.num_steps
    assert walk(second, gradients[2:], start=middle) == whole[2:]


def test_adamw_shrinks_the_parameters_besides_the_step() -> None:
    # No gradient: only the decay, 1 - 0.1 * 0.5 a step.
    assert walk(AdamW(weight_decay=0.5), [0.0, 0.0], start=8.0) == pytest.approx([7.6, 7.22])
    # The decay does not enter the moments: from 8 to 7.6, and Adam's step of lr from there.
    optimizer = AdamW(weight_decay=0.5)
    assert walk(optimizer, [1.0], start=8.0) == pytest.approx([7.5])
    assert optimizer.state["m"] == pytest.approx([0.1])


def test_adamw_without_decay_is_adam() -> None:
    gradients = [1.0, -3.0, 2.0]
    assert walk(AdamW(weight_decay=0.0), gradients) == walk(Adam(), gradients)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"beta1": 1}, "beta1=1: expected a number from 0 to below 1"),
        ({"beta2": -0.1}, "beta2=-0.1: expected a number from 0 to below 1"),
        ({"eps": 0}, "eps=0: expected a number above 0"),
        ({"weight_decay": -1}, "weight_decay=-1: expected a number of at least 0"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{message}$"):
        AdamW(**arguments)
