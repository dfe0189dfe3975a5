"""Training: the loop, and what may happen around its step."""

from scratchlab.training.best_epoch import BestEpoch
from scratchlab.training.blas_threads import BlasThreads
from scratchlab.training.callback import Callback
from scratchlab.training.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from scratchlab.training.checkpoints import Checkpoints
from scratchlab.training.diagnostics import Diagnostics, Samples, histograms
from scratchlab.training.divergence import DivergenceError, StopOnDivergence
from scratchlab.training.early_stopping import EarlyStopping
from scratchlab.training.evaluation import Evaluation, evaluate, logits_of, score
from scratchlab.training.history import History
from scratchlab.training.max_norm import MaxNorm
from scratchlab.training.progress import ProgressBar, ProgressTable
from scratchlab.training.state import State
from scratchlab.training.trainer import Trainer, num_steps
from scratchlab.training.weight_average import WeightAverage

__all__ = [
    "BestEpoch",
    "BlasThreads",
    "Callback",
    "CheckpointError",
    "Checkpoints",
    "Diagnostics",
    "DivergenceError",
    "EarlyStopping",
    "Evaluation",
    "History",
    "MaxNorm",
    "ProgressBar",
    "ProgressTable",
    "Samples",
    "State",
    "StopOnDivergence",
    "Trainer",
    "WeightAverage",
    "evaluate",
    "histograms",
    "logits_of",
    "num_steps",
    "read_checkpoint",
    "score",
    "write_checkpoint",
]
