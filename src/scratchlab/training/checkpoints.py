"""The checkpoints of a run."""

import logging
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic

from scratchlab.training.callback import Callback
from scratchlab.training.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from scratchlab.training.trainer import Trainer

KEPT = 2
"""Checkpoints in the folder: should the last one be damaged, there is the one before."""
SHARE = 0.02
"""Of the time of training that may go into writing checkpoints."""

_log = logging.getLogger(__name__)


class Checkpoints(Callback):
    """Writes the state of the trainer to the disk after an epoch, so that a training can go on where another ended.

    That takes about 30 ms for half a million parameters, most of them spent waiting for the disk. The next checkpoint
    is written after the first epoch that ends when fifty times as long has passed: after every epoch of a second or
    two, and not after each of a hundred that take a moment.

    It has to be the last of the trainer's callbacks: what the others make of an epoch belongs to the state after it.

    Args:
        folder: made if it is not there. Nothing else is in it.
        sync: called before a checkpoint is written: brings to the disk what is recorded of the steps before it.
    """

    def __init__(self, folder: Path, *, sync: Callable[[], object] = lambda: None) -> None:
        self._folder = folder
        self._sync = sync
        self._next_time = 0.0

    def resume(self, trainer: Trainer) -> None:
        """Bring the trainer to the state of the last whole checkpoint, and leave it alone where there is none."""
        for path in reversed(self.paths()):
            try:
                trainer.load_state(read_checkpoint(path))
            except CheckpointError as error:
                _log.warning("%s, so training goes on from an earlier epoch", error)
                path.unlink()
            else:
                return

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Write a checkpoint, and remove those before the one before it."""
        start = monotonic()
        if start < self._next_time:
            return
        self._sync()
        self._folder.mkdir(parents=True, exist_ok=True)
        write_checkpoint(self._folder / f"epoch-{trainer.epoch}.npz", trainer.state())
        for old in self.paths()[:-KEPT]:
            old.unlink()
        end = monotonic()
        self._next_time = end + (end - start) / SHARE

    def paths(self) -> list[Path]:
        """Return the files in the folder, the last one last."""
        return sorted(
            self._folder.glob("epoch-*.npz"), key=lambda path: int(path.stem.removeprefix("epoch-"))
        )

    def remove(self) -> None:
        """Remove the folder: training is over."""
        shutil.rmtree(self._folder, ignore_errors=True)
