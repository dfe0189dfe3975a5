"""The history of a training, for its plots and its report."""

from collections.abc import Mapping

import numpy as np

from scratchlab.training.callback import Callback
from scratchlab.training.state import State, read, written
from scratchlab.training.trainer import Trainer


class History(Callback):
    """Remembers the loss of every step and the metrics of every epoch.

    Attributes:
        step_losses: one loss per update.
        epochs: one dictionary of metrics per epoch.
    """

    def __init__(self) -> None:
        self.step_losses: list[float] = []
        self.epochs: list[dict[str, float]] = []

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """Remember a step's loss."""
        self.step_losses.append(loss)

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Remember an epoch's metrics."""
        self.epochs.append(dict(metrics))

    def state(self) -> State:
        """Return all that is remembered."""
        return {"step_losses": np.array(self.step_losses), "epochs": written(self.epochs)}

    def load_state(self, state: State) -> None:
        """Remember what another one did."""
        self.step_losses, self.epochs = state["step_losses"].tolist(), read(state["epochs"])

    def values(self, key: str) -> list[float]:
        """Return a metric of every epoch, an empty list where it was not measured."""
        return [metrics[key] for metrics in self.epochs if key in metrics]

    def total(self, key: str) -> float:
        """Return the sum of a metric over all epochs, such as `time/train_seconds`."""
        return sum(self.values(key))
