"""The end of a run whose loss is no number any more."""

import math
from collections.abc import Mapping

from scratchlab.training.callback import Callback
from scratchlab.training.trainer import Trainer


class DivergenceError(ArithmeticError):
    """The loss turned into nan or infinity: nothing that follows would mean anything."""


class StopOnDivergence(Callback):
    """Ends training at the first step, or after the epoch, whose loss is not finite."""

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """Check the loss of a step."""
        _check(loss, f"at step {trainer.step}", trainer)

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Check the loss after an epoch: of the very last update no further step would tell."""
        _check(metrics["train/loss"], f"after step {trainer.step}", trainer)


def _check(loss: float, when: str, trainer: Trainer) -> None:
    if not math.isfinite(loss):
        lr = trainer.schedule(trainer.step - 1)
        raise DivergenceError(
            f"the loss is {loss} {when} (epoch {trainer.epoch}): "
            f"training diverged at a learning rate of {lr:g}; try optimizer.lr={lr / 10:.1g}"
        )
