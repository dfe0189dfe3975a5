"""The end of a run whose loss is no number any more."""

import math

from scratchlab.training.callback import Callback
from scratchlab.training.trainer import Trainer


class DivergenceError(ArithmeticError):
    """The loss turned into nan or infinity: nothing that follows would mean anything."""


class StopOnDivergence(Callback):
    """Ends training at the first step whose loss is not finite."""

    def on_step(self, trainer: Trainer, loss: float) -> None:
        """Check the loss of a step."""
        if not math.isfinite(loss):
            lr = trainer.schedule(trainer.step - 1)
            raise DivergenceError(
                f"the loss is {loss} at step {trainer.step} (epoch {trainer.epoch}): "
                f"training diverged at a learning rate of {lr:g}; try optimizer.lr={lr / 10:.1g}"
            )
