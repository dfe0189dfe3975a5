import numpy as np
import pytest

from scratchlab.nn import (
    Array,
    Initialization,
    Layer,
    Linear,
    Network,
    ReLU,
    Tanh,
    cross_entropy,
    glorot_normal,
    he_normal,
    small,
)


@pytest.mark.parametrize(
    ("initialization", "variance"),
    [(he_normal, 2 / 400), (glorot_normal, 2 / (400 + 100)), (small, 0.01 / 400)],
)
def test_weights_have_mean_zero_and_the_variance_of_the_formula(
    initialization: Initialization, variance: float
) -> None:
    weight = initialization((400, 100), rng=np.random.default_rng(0))
    assert weight.shape == (400, 100)
    # 40,000 numbers: the standard deviations are 0.5 % of std for the mean, 0.7 % for the variance.
    assert weight.mean() == pytest.approx(0, abs=0.02 * variance**0.5)
    assert weight.var() == pytest.approx(variance, rel=0.03)


@pytest.mark.parametrize("initialization", [he_normal, glorot_normal, small])
def test_weights_come_from_rng_alone(initialization: Initialization) -> None:
    drawn = [initialization((4, 5), rng=np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[0] != drawn[2]).all()


def signal_after(depth: int, activation: type[Layer], initialization: Initialization) -> float:
    """Return how much of the mean square of a standard normal signal is left after so many layers."""
    layers: list[Layer] = []
    for _ in range(depth):
        layers += [Linear(300, 300, initialization=initialization), activation()]
    network = Network(layers, rng=np.random.default_rng(0))
    inputs: Array = np.random.default_rng(1).standard_normal((200, 300)).astype(np.float32)
    return float(np.mean(network.forward(inputs, training=False) ** 2))


def test_he_keeps_a_signal_alive_through_ten_relus_where_xavier_loses_it() -> None:
    # Each ReLU halves the mean square; He's makes up for it, glorot_normal does not.
    assert signal_after(10, ReLU, he_normal) == pytest.approx(1, rel=0.5)
    assert signal_after(10, ReLU, glorot_normal) == pytest.approx(1 / 2**10, rel=0.5)


def test_xavier_keeps_a_signal_through_ten_tanhs_where_small_weights_lose_it() -> None:
    assert signal_after(10, Tanh, glorot_normal) > 0.05
    assert signal_after(10, Tanh, small) < 1e-15


def test_small_makes_all_classes_about_equally_likely() -> None:
    network = Network([Linear(300, 10, initialization=small)], rng=np.random.default_rng(0))
    inputs: Array = np.random.default_rng(1).standard_normal((200, 300)).astype(np.float32)
    loss, _ = cross_entropy(network.forward(inputs, training=False), np.arange(200) % 10)
    assert loss == pytest.approx(np.log(10), rel=0.01)
