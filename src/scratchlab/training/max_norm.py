"""The max-norm constraint."""

import numpy as np

from scratchlab.arguments import positive
from scratchlab.training.callback import Callback
from scratchlab.training.trainer import Trainer


class MaxNorm(Callback):
    """Keeps the incoming weights of every unit within a ball (Srivastava et al. 2014, section 5.1).

    After every step each column of every weight (in, out) that is longer than `max_norm` is shortened to it.
    """

    def __init__(self, max_norm: float) -> None:
        positive(max_norm=max_norm)
        self._max_norm = max_norm

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """Shorten the columns that are too long."""
        for name, weight in trainer.network.views(trainer.network.params).items():
            if name.endswith(".weight"):
                norms = np.sqrt(np.einsum("io,io->o", weight, weight))
                weight *= self._max_norm / np.maximum(norms, self._max_norm)
