"""What keeps a network from learning its training examples by heart: the group `regularization`."""

from dataclasses import dataclass

from scratchlab.arguments import fraction, non_negative
from scratchlab.nn import ClippedGradients, Optimizer
from scratchlab.training import Callback, EarlyStopping, MaxNorm, WeightAverage


@dataclass(frozen=True, kw_only=True)
class Regularization:
    """The group's values. The model and the loss refer to those that act in them: dropout, noise, label smoothing."""

    l2: float
    dropout: float
    input_dropout: float
    noise: float
    input_noise: float
    label_smoothing: float
    ema_decay: float | None
    max_norm: float | None
    clip_norm: float | None
    patience: int | None

    def __post_init__(self) -> None:
        # Out of range they are wrong even where nothing reads them: a linear model has no dropout.
        fraction(dropout=self.dropout, input_dropout=self.input_dropout, label_smoothing=self.label_smoothing)
        non_negative(noise=self.noise, input_noise=self.input_noise)

    def clipped(self, optimizer: Optimizer) -> Optimizer:
        """Return the optimizer with its gradients clipped, if they are to be."""
        return optimizer if self.clip_norm is None else ClippedGradients(optimizer, self.clip_norm)

    def callbacks(self) -> list[Callback]:
        """Return what acts around the steps: the max-norm constraint, the average of the weights, early stopping."""
        callbacks: list[Callback] = []
        if self.max_norm is not None:
            callbacks.append(MaxNorm(self.max_norm))
        if self.ema_decay is not None:
            callbacks.append(WeightAverage(self.ema_decay))  # of weights that are constrained already
        if self.patience is not None:
            callbacks.append(EarlyStopping(self.patience))
        return callbacks
