"""Training: the loop, and callbacks for everything that is not the step.

- `trainer`: the training loop
- `callback`: the contract of every callback
- `evaluation`: loss and accuracy on a split
- `history`: losses and metrics so far
- `best_epoch`: keeps the weights of the best epoch
- `early_stopping`: stops when validation no longer improves
- `weight_average`: a running average of the weights
- `max_norm`: limits the length of each unit's weights
- `divergence`: ends a run whose loss is not a number
- `checkpoint`: a checkpoint file, complete or absent
- `checkpoints`: the checkpoints of a run
- `state`: what a checkpoint contains: arrays by name
- `blas_threads`: chooses the number of threads for matrix products
- `diagnostics`: activations, gradients, and update sizes, layer by layer
- `progress`: the progress bar and a line per epoch
"""

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
