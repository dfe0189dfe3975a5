"""Early stopping."""

from collections.abc import Mapping

import numpy as np

from scratchlab.arguments import count
from scratchlab.training.callback import Callback
from scratchlab.training.state import State
from scratchlab.training.trainer import Trainer


class EarlyStopping(Callback):
    """Ends training once `patience` epochs in a row have brought no better validation accuracy (Prechelt 1998).

    Without validation examples it never does.
    """

    def __init__(self, patience: int) -> None:
        count(patience=patience)
        self._patience = patience
        self._best_accuracy = -1.0
        self._best_epoch = 0

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Count the epochs since the best one."""
        val_accuracy = metrics.get("val/accuracy")
        if val_accuracy is None:
            return
        if val_accuracy > self._best_accuracy:
            self._best_accuracy, self._best_epoch = val_accuracy, trainer.epoch
        elif trainer.epoch - self._best_epoch >= self._patience:
            trainer.stop()

    def state(self) -> State:
        """Return the best epoch and its accuracy."""
        return {"best_epoch": np.array(self._best_epoch), "best_accuracy": np.array(self._best_accuracy)}

    def load_state(self, state: State) -> None:
        """Count on from another one's best epoch."""
        self._best_epoch, self._best_accuracy = int(state["best_epoch"]), float(state["best_accuracy"])
