"""Training: the loop, and what may happen around its step."""

from scratchlab.training.best_epoch import BestEpoch
from scratchlab.training.callback import Callback
from scratchlab.training.divergence import DivergenceError, StopOnDivergence
from scratchlab.training.evaluation import Evaluation, evaluate, logits_of, score
from scratchlab.training.history import History
from scratchlab.training.progress import ProgressTable
from scratchlab.training.trainer import Trainer, num_steps

__all__ = [
    "BestEpoch",
    "Callback",
    "DivergenceError",
    "Evaluation",
    "History",
    "ProgressTable",
    "StopOnDivergence",
    "Trainer",
    "evaluate",
    "logits_of",
    "num_steps",
    "score",
]
