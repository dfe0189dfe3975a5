import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Linear, Network


@pytest.fixture
def layer() -> Linear:
    layer = Linear(2, 3)
    Network([layer], rng=np.random.default_rng(0), dtype=np.float64)
    layer.weight[...] = [[1, 2, 3], [4, 5, 6]]
    layer.bias[...] = [10, 20, 30]
    return layer


def test_forward_on_worked_numbers(layer: Linear) -> None:
    outputs = layer.forward(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]]), training=True)
    assert outputs.tolist() == [[11, 22, 33], [14, 25, 36], [7, 17, 27]]


def test_backward_on_worked_numbers(layer: Linear) -> None:
    layer.forward(np.array([[1.0, 2.0], [3.0, 4.0]]), training=True)
    grad_inputs = layer.backward(np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 1.0]]))
    assert layer.grad_weight.tolist() == [[1, 3, 2], [2, 4, 2]]
    assert layer.grad_bias.tolist() == [1, 1, 0]
    assert grad_inputs.tolist() == [[-2, -2], [5, 11]]


def test_backward_overwrites_gradients_and_does_not_add_to_them(layer: Linear) -> None:
    grad_outputs = np.ones((1, 3))
    layer.grad_weight[...] = np.nan
    layer.grad_bias[...] = np.nan
    for _ in range(2):
        layer.forward(np.array([[1.0, 2.0]]), training=True)
        layer.backward(grad_outputs)
    assert layer.grad_weight.tolist() == [[1, 1, 1], [2, 2, 2]]
    assert layer.grad_bias.tolist() == [1, 1, 1]


def test_the_gradients_of_the_parameters_need_no_grad_inputs(layer: Linear) -> None:
    layer.forward(np.array([[1.0, 2.0]]), training=True)
    layer.backward(np.ones((1, 3)), needs_grad_inputs=False)
    assert layer.grad_weight.tolist() == [[1, 1, 1], [2, 2, 2]]
    assert layer.grad_bias.tolist() == [1, 1, 1]


def test_weights_come_from_the_initialization_and_biases_start_at_zero() -> None:
    def countdown(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
        return np.arange(shape[0] * shape[1])[::-1].reshape(shape).astype(np.float64)

    layer = Linear(2, 3, initialization=countdown)
    Network([layer], rng=np.random.default_rng(0))
    assert layer.weight.tolist() == [[5, 4, 3], [2, 1, 0]]
    assert layer.bias.tolist() == [0, 0, 0]


@pytest.mark.parametrize(("sizes", "named"), [((0, 3), "num_inputs=0"), ((2, 2.5), "num_outputs=2.5")])
def test_sizes_are_whole_numbers(sizes: tuple[int, int], named: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{named}: expected a whole number of at least 1$"):
        Linear(*sizes)
