"""The best epoch on validation."""

from collections.abc import Mapping

import numpy as np

from scratchlab.training.callback import Callback
from scratchlab.training.state import State, part_of, prefixed
from scratchlab.training.trainer import Trainer


class BestEpoch(Callback):
    """Keeps the network of the epoch with the highest validation accuracy and puts it back at the end.

    Of equal epochs the first counts. Without validation examples the last epoch counts.

    Attributes:
        epoch: the epoch kept so far, 0 before the first.
        val_accuracy: its accuracy as a fraction, nan without validation examples.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.val_accuracy = float("nan")
        self._network: State = {}

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Keep a copy of a network that is better than all before."""
        val_accuracy = metrics.get("val/accuracy")
        if val_accuracy is None:
            self.epoch = trainer.epoch
        elif self.epoch == 0 or val_accuracy > self.val_accuracy:
            self.epoch, self.val_accuracy = trainer.epoch, val_accuracy
            self._network = {name: array.copy() for name, array in trainer.network.state().items()}

    def on_train_end(self, trainer: Trainer) -> None:
        """Put the best network back."""
        if self._network:
            trainer.network.load_state(self._network)

    def state(self) -> State:
        """Return the epoch and its network."""
        own = {"epoch": np.array(self.epoch), "val_accuracy": np.array(self.val_accuracy)}
        return own | prefixed("network", self._network)

    def load_state(self, state: State) -> None:
        """Go on with the best epoch of another one."""
        self.epoch, self.val_accuracy = int(state["epoch"]), float(state["val_accuracy"])
        self._network = part_of(state, "network")
