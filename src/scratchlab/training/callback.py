"""What may happen around the training step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scratchlab.training.state import State

if TYPE_CHECKING:
    from scratchlab.training.trainer import Trainer


class Callback:
    """Everything that is not the step: progress, records, the best epoch. Methods do nothing unless overridden.

    Callbacks are called in the order in which the trainer got them and read what they need off the trainer.
    """

    def on_train_start(self, trainer: Trainer) -> None:
        """Before the first step."""

    def on_epoch_start(self, trainer: Trainer) -> None:
        """Before the first step of each epoch."""

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """After each update: `loss` is the mean of its batch, `trainer.step` the updates made so far."""

    def on_train_epoch_end(self, trainer: Trainer) -> None:
        """After the last step of each epoch, before its evaluation."""

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """After each epoch's evaluation: `metrics` by key, such as `val/accuracy`."""

    def on_train_end(self, trainer: Trainer) -> None:
        """After the last epoch, when training completed."""

    def state(self) -> State:
        """Return what has been noted so far and is needed to go on later; a checkpoint has it after an epoch."""
        return {}

    def load_state(self, state: State) -> None:
        """Take over what another one's `state` returned; called before `on_train_start`."""

    def close(self) -> None:
        """Clean up. Always called, also when training ends in an error or a signal."""
