import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Array, GaussianNoise


def noise(std: float, seed: int = 0) -> GaussianNoise:
    layer = GaussianNoise(std)
    layer.initialize(rng=np.random.default_rng(seed))
    return layer


ONES = np.ones((200, 500), dtype=np.float32)


def added(layer: GaussianNoise) -> Array:
    return layer.forward(ONES, training=True) - ONES


def test_evaluation_uses_the_inputs_as_they_are() -> None:
    assert noise(0.5).forward(ONES, training=False) is ONES


@pytest.mark.parametrize("std", [0.3, 2.0])
def test_what_is_added_is_normally_distributed(std: float) -> None:
    values = added(noise(std)) / std
    # 100,000 numbers: the mean is 0 up to 0.003, the mean square 1 up to 0.0045, 68.27 % are up to one away.
    assert values.mean() == pytest.approx(0, abs=0.013)
    assert np.square(values).mean() == pytest.approx(1, abs=0.018)
    assert np.mean(np.abs(values) < 1) == pytest.approx(0.6827, abs=0.006)


def test_every_number_has_noise_of_its_own_in_every_step() -> None:
    layer = noise(1.0)
    first, second = added(layer), added(layer)
    # Correlations of 500, 200 and 100,000 pairs: standard deviations of 0.045, 0.071 and 0.003.
    assert abs(np.corrcoef(first[0], first[1])[0, 1]) < 0.2
    assert abs(np.corrcoef(first[:, 0], first[:, 1])[0, 1]) < 0.3
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.013


def test_inputs_stay_and_gradients_pass_as_they_are() -> None:
    layer, inputs = noise(1.0), ONES.copy()
    layer.forward(inputs, training=True)
    assert (inputs == 1).all()
    assert (layer.backward(3 * ONES) == 3).all()


def test_the_noise_comes_from_rng_alone() -> None:
    drawn = [added(noise(0.5, seed)) for seed in (0, 0, 1)]
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[0] != drawn[2]).any()


def test_noise_of_zero_changes_nothing() -> None:
    assert (noise(0.0).forward(ONES, training=True) == ONES).all()


@pytest.mark.parametrize("std", [-0.1, float("inf"), "loud"])
def test_its_size_is_a_number_of_at_least_zero(std: float) -> None:
    with pytest.raises(ArgumentError, match=f"^noise={std}: expected a number of at least 0$"):
        GaussianNoise(std)
