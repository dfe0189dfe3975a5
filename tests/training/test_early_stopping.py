from collections.abc import Sequence

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.training import BestEpoch, EarlyStopping, History
from tests.training.toys import NOTHING, blobs, network, trainer


def last_epoch(val_accuracies: Sequence[float | None], *, patience: int) -> int:
    """Pretend that training goes like this; return the epoch that it ends with."""
    stopping = EarlyStopping(patience)
    toy = trainer(stopping, network=network(), epochs=len(val_accuracies))
    while toy.epoch < toy.epochs:
        val_accuracy = val_accuracies[toy.epoch]
        toy.epoch += 1
        stopping.on_epoch_end(toy, {} if val_accuracy is None else {"val/accuracy": val_accuracy})
    return toy.epoch


@pytest.mark.parametrize(
    ("val_accuracies", "patience", "epoch"),
    [
        ([0.5, 0.4, 0.9, 0.9], 1, 2),
        ([0.5, 0.4, 0.6, 0.5, 0.5, 0.9], 2, 5),  # the better third epoch starts the count anew
        ([0.5, 0.5, 0.5, 0.5, 0.5], 3, 4),  # as good is not better
        ([0.0, 0.0, 0.0], 1, 2),  # an accuracy of 0 is one
        ([0.1, 0.2, 0.3, 0.4], 1, 4),
        ([0.5, 0.4, 0.4], 2, 3),
        ([0.5, 0.4, 0.4], 3, 3),  # out of epochs before out of patience
        ([None, None, None], 1, 3),  # nothing to go by
    ],
)
def test_training_ends_when_so_many_epochs_were_no_better(
    val_accuracies: list[float | None], patience: int, epoch: int
) -> None:
    assert last_epoch(val_accuracies, patience=patience) == epoch


def test_a_training_that_cannot_get_better_ends_and_the_best_network_comes_back() -> None:
    history, best, net, val = History(), BestEpoch(), network(), blobs(30, seed=1)
    toy = trainer(EarlyStopping(3), history, best, network=net, epochs=100, batch_size=10)
    toy.fit(blobs(90), val)
    accuracies = history.values("val/accuracy")
    assert max(accuracies) == accuracies[-1] == 1
    assert len(accuracies) == accuracies.index(1) + 1 + 3
    assert best.epoch == len(accuracies) - 3
    assert np.mean(net.forward(val.inputs, training=False).argmax(axis=1) == val.targets) == 1


def test_without_validation_examples_all_epochs_are_trained() -> None:
    history = History()
    trainer(EarlyStopping(1), history, network=network(), epochs=7).fit(blobs(10), NOTHING)
    assert len(history.epochs) == 7


@pytest.mark.parametrize("patience", [0, -1, 2.5, True])
def test_patience_is_a_whole_number(patience: int) -> None:
    with pytest.raises(ArgumentError, match=f"^patience={patience}: expected a whole number of at least 1$"):
        EarlyStopping(patience)
