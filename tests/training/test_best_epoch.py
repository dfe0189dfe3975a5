import math

import numpy as np
import pytest

from scratchlab.training import BestEpoch, Trainer
from tests.training.toys import NOTHING, blobs, network, trainer


def after_epochs(val_accuracies: list[float | None]) -> tuple[BestEpoch, Trainer]:
    """Pretend that training went like this; after each epoch all parameters are the epoch's number."""
    best = BestEpoch()
    toy = trainer(best, network=network())
    for val_accuracy in val_accuracies:
        toy.epoch += 1
        toy.network.params[...] = toy.epoch
        best.on_epoch_end(toy, {} if val_accuracy is None else {"val/accuracy": val_accuracy})
    best.on_train_end(toy)
    return best, toy


@pytest.mark.parametrize(
    ("val_accuracies", "epoch"),
    [
        ([0.5, 0.9, 0.7], 2),
        ([0.5, 0.9, 0.9, 0.9], 2),  # of equal epochs the first
        ([0.1, 0.2, 0.3], 3),
        ([0.0, 0.0], 1),
    ],
)
def test_the_network_of_the_best_epoch_comes_back(val_accuracies: list[float | None], epoch: int) -> None:
    best, toy = after_epochs(val_accuracies)
    assert best.epoch == epoch
    assert best.val_accuracy == val_accuracies[epoch - 1]
    assert (toy.network.params == epoch).all()


def test_without_validation_the_last_epoch_counts() -> None:
    best, toy = after_epochs([None, None, None])
    assert best.epoch == 3
    assert math.isnan(best.val_accuracy)
    assert (toy.network.params == 3).all()


def test_before_the_first_epoch_there_is_none() -> None:
    best = BestEpoch()
    assert best.epoch == 0
    assert math.isnan(best.val_accuracy)


def test_in_training_the_kept_network_has_the_accuracy_that_was_kept() -> None:
    best, net, val = BestEpoch(), network(), blobs(31, seed=1)
    trainer(best, network=net, epochs=6).fit(blobs(30), val)
    predictions = net.forward(val.inputs, training=False).argmax(axis=1)
    assert np.mean(predictions == val.targets) == pytest.approx(best.val_accuracy)


def test_training_without_validation_keeps_the_last_network() -> None:
    kept, plain = network(), network()
    trainer(BestEpoch(), network=kept).fit(blobs(30), NOTHING)
    trainer(network=plain).fit(blobs(30), NOTHING)
    assert (kept.params == plain.params).all()
