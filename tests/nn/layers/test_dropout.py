import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Dropout


def dropout(rate: float, seed: int = 0) -> Dropout:
    layer = Dropout(rate)
    layer.initialize(rng=np.random.default_rng(seed))
    return layer


ONES = np.ones((200, 500), dtype=np.float32)


def test_evaluation_uses_the_inputs_as_they_are() -> None:
    assert dropout(0.9).forward(ONES, training=False) is ONES


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.75])
def test_the_right_fraction_is_dropped_and_the_rest_scaled_so_that_the_mean_stays(rate: float) -> None:
    outputs = dropout(rate).forward(ONES, training=True)
    assert set(np.unique(outputs)) == {0, np.float32(1 / (1 - rate))}
    # The standard deviation of the fraction of 100,000 is at most 0.0016.
    assert np.mean(outputs == 0) == pytest.approx(rate, abs=0.006)
    assert outputs.mean() == pytest.approx(1, abs=0.03)


def test_each_input_is_dropped_independently_of_its_row_and_column() -> None:
    dropped = dropout(0.5).forward(ONES, training=True) == 0
    # Fractions of 500 and of 200: standard deviations of 0.022 and 0.035.
    assert np.abs(dropped.mean(axis=1) - 0.5).max() < 0.11
    assert np.abs(dropped.mean(axis=0) - 0.5).max() < 0.18


def test_gradients_pass_where_inputs_passed() -> None:
    layer = dropout(0.5)
    outputs = layer.forward(ONES, training=True).copy()
    assert (layer.backward(3 * ONES) == 3 * outputs).all()


def test_each_step_draws_another_mask() -> None:
    layer = dropout(0.5)
    first = layer.forward(ONES, training=True).copy()
    assert (layer.forward(ONES, training=True) != first).any()


def test_the_masks_come_from_rng_alone() -> None:
    masks = [dropout(0.5, seed).forward(ONES, training=True) for seed in (0, 0, 1)]
    assert (masks[0] == masks[1]).all()
    assert (masks[0] != masks[2]).any()


def test_a_rate_of_zero_drops_nothing() -> None:
    assert (dropout(0.0).forward(ONES, training=True) == ONES).all()


@pytest.mark.parametrize("rate", [1.5, 1, -0.1])
def test_a_rate_is_a_fraction_below_one(rate: float) -> None:
    with pytest.raises(ArgumentError, match=f"^dropout={rate}: expected a number from 0 to below 1$"):
        Dropout(rate)
