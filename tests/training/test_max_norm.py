import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Array, BatchNorm, Linear, Network
from scratchlab.training import Callback, MaxNorm, Trainer
from tests.training.toys import NOTHING, blobs, network, trainer


def norms(net: Network) -> dict[str, Array]:
    """Return the length of the incoming weights of every unit, by layer."""
    return {
        name: np.linalg.norm(array, axis=0) for name, array in net.state().items() if name.endswith("weight")
    }


def test_columns_that_are_too_long_are_shortened_and_the_others_left_alone() -> None:
    net = Network([Linear(2, 3)], rng=np.random.default_rng(0), dtype=np.float64)
    net.state()["linear1.weight"][...] = [
        [3, 0.1, 0],
        [4, 0.7, -50],
    ]  # incoming: (3, 4), (0.1, 0.7), (0, -50)
    net.state()["linear1.bias"][...] = [100, 200, 300]
    MaxNorm(2.5).on_step_end(trainer(network=net), loss=1.0)
    weight = net.state()["linear1.weight"]
    assert weight == pytest.approx(np.array([[1.5, 0.1, 0], [2, 0.7, -2.5]]))
    assert weight[:, 1].tolist() == [0.1, 0.7]
    assert net.state()["linear1.bias"].tolist() == [100, 200, 300]


def test_a_unit_without_weights_stays_without() -> None:
    net = Network([Linear(2, 3)], rng=np.random.default_rng(0))
    net.params[...] = 0
    MaxNorm(1.0).on_step_end(trainer(network=net), loss=1.0)
    assert (net.params == 0).all()


def test_only_weights_are_constrained() -> None:
    net = Network([Linear(2, 3), BatchNorm(3), Linear(3, 2)], rng=np.random.default_rng(0))
    net.params[...] = 7
    MaxNorm(1.0).on_step_end(trainer(network=net), loss=1.0)
    assert (net.params[net.num_weights :] == 7).all()
    for of_units in norms(net).values():
        assert of_units == pytest.approx(1, rel=1e-6)


class Longest(Callback):
    """Remembers the longest incoming weights after each step."""

    def __init__(self) -> None:
        self.norms: list[float] = []

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        self.norms.append(max(float(of_units.max()) for of_units in norms(trainer.network).values()))


def test_in_training_no_unit_ever_gets_further_than_the_limit() -> None:
    free, kept = Longest(), Longest()
    trainer(free, network=network(), epochs=10).fit(blobs(30), NOTHING)
    trainer(MaxNorm(1.5), kept, network=network(), epochs=10).fit(blobs(30), NOTHING)
    assert free.norms[-1] > 2
    assert len(kept.norms) == 80
    assert max(kept.norms) == pytest.approx(1.5, rel=1e-6)


@pytest.mark.parametrize("max_norm", [0, -1, float("inf"), "long"])
def test_the_limit_is_a_number_above_zero(max_norm: float) -> None:
    with pytest.raises(ArgumentError, match=f"^max_norm={max_norm}: expected a number above 0$"):
        MaxNorm(max_norm)
