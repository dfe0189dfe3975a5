from collections.abc import Mapping

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Array, Linear, Network, cross_entropy, mlp
from scratchlab.nn.optimizers.optimizer import BLOCK
from scratchlab.training import BestEpoch, Callback, History, Trainer, WeightAverage, evaluate
from tests.training.toys import NOTHING, blobs, network, trainer


class Spy(Callback):
    """Copies what the network has learned: after every step, and after every epoch."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Array]] = []
        self.epochs: list[dict[str, Array]] = []

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        self.steps.append(copied(trainer.network))

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        self.epochs.append(copied(trainer.network))


def copied(net: Network) -> dict[str, Array]:
    return {name: array.copy() for name, array in net.state().items()}


def normalised(seed: int = 0) -> Network:
    return Network(mlp(2, 3, hidden=8, norm="batch"), rng=np.random.default_rng(seed))


def test_the_average_on_worked_numbers() -> None:
    net = Network([Linear(2, 3)], rng=np.random.default_rng(0))
    net.params[...] = 0
    average, toy = WeightAverage(0.75), trainer(network=net)
    average.on_train_start(toy)
    # Steps 1, 2 and 3 keep 2/11, 3/12 and 4/13 of the average, step 100 keeps no more than 3/4.
    for step, params, expected in ((1, 11, 9), (2, 13, 12), (3, 25, 21), (100, 1, 16)):
        average.on_epoch_start(toy)
        net.params[...] = params
        toy.step = step
        average.on_step_end(toy, 0.0)
        assert (net.params == params).all()
        average.on_train_epoch_end(toy)
        assert net.params == pytest.approx(expected, rel=1e-6)
        average.on_epoch_start(toy)
        assert (net.params == params).all()
        average.on_train_epoch_end(toy)


def test_a_vector_of_several_blocks_is_averaged_to_its_end() -> None:
    net = Network([Linear(BLOCK, 2)], rng=np.random.default_rng(0))
    average, toy = WeightAverage(0.75), trainer(network=net)
    before = net.params.copy()
    average.on_train_start(toy)
    net.params += 11
    toy.step = 1
    average.on_step_end(toy, 0.0)
    average.on_train_epoch_end(toy)
    assert net.params == pytest.approx(before + 9, abs=1e-5)


def test_in_training_it_is_the_average_of_all_steps_statistics_included() -> None:
    net, spy = normalised(), Spy()
    start = copied(net)
    trainer(WeightAverage(0.5), spy, network=net, epochs=3, batch_size=5).fit(blobs(30), NOTHING)
    decays = [min(0.5, (step + 1) / (step + 10)) for step in range(1, 19)]
    weights = [(1 - decay) * np.prod(decays[step + 1 :]) for step, decay in enumerate(decays)]
    for name, array in copied(net).items():
        expected = np.prod(decays) * start[name]
        expected += sum(weight * step[name] for weight, step in zip(weights, spy.steps, strict=True))
        assert array == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_training_itself_goes_the_same_way_as_without() -> None:
    averaged, plain = Spy(), Spy()
    trainer(WeightAverage(0.9), averaged, network=normalised(), epochs=4).fit(blobs(30), blobs(9))
    trainer(plain, network=normalised(), epochs=4).fit(blobs(30), blobs(9))
    for one, other in zip(averaged.steps, plain.steps, strict=True):
        assert all((one[name] == other[name]).all() for name in one)
    assert (averaged.epochs[0]["linear1.weight"] != plain.epochs[0]["linear1.weight"]).any()


def test_what_is_evaluated_is_what_stays() -> None:
    net, history = normalised(), History()
    train, val = blobs(30), blobs(30, seed=1)
    trainer(WeightAverage(0.9), history, network=net, epochs=2).fit(train, val)
    assert evaluate(net, cross_entropy, train).loss == history.epochs[-1]["train/loss"]
    assert evaluate(net, cross_entropy, val).loss == history.epochs[-1]["val/loss"]


def test_the_best_epoch_is_the_best_average() -> None:
    net, best, spy = network(), BestEpoch(), Spy()
    trainer(WeightAverage(0.9), best, spy, network=net, epochs=6).fit(blobs(30), blobs(31, seed=1))
    kept = copied(net)
    assert best.epoch < 6  # or this would show nothing
    assert all((kept[name] == array).all() for name, array in spy.epochs[best.epoch - 1].items())


def test_an_average_that_keeps_nothing_is_the_network() -> None:
    averaged, plain = network(), network()
    trainer(WeightAverage(0.0), network=averaged).fit(blobs(30), NOTHING)
    trainer(network=plain).fit(blobs(30), NOTHING)
    assert averaged.params == pytest.approx(plain.params, rel=1e-6)


@pytest.mark.parametrize("decay", [1, 1.5, -0.1, "long"])
def test_its_decay_is_a_fraction_below_one(decay: float) -> None:
    with pytest.raises(ArgumentError, match=f"^ema_decay={decay}: expected a number from 0 to below 1$"):
        WeightAverage(decay)
