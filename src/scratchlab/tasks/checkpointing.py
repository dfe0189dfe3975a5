"""What a run leaves behind so that it can go on after an interruption, and what it says about it."""

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scratchlab.config.invocation import is_child, run_folder
from scratchlab.tasks.console import shown_path
from scratchlab.tracking import NullRun, Run
from scratchlab.training import Checkpoints, DivergenceError


def checkpoints(run: Run) -> list[Checkpoints]:
    """Return what writes the checkpoints of this run.

    A run that is not recorded has nothing to go on with, and one of a sweep is started anew by its sweep: for those
    it is empty.
    """
    if isinstance(run, NullRun) or is_child():
        return []
    return [Checkpoints(run_folder() / "checkpoints", sync=run.sync)]


@contextmanager
def resumable(kept: Sequence[Checkpoints]) -> Iterator[None]:
    """Add to what ends the run inside the block how to go on with it."""
    try:
        yield
    except BaseException as error:
        for each in kept:
            if not isinstance(error, DivergenceError):
                script, folder = Path(sys.argv[0]).name, shlex.quote(str(shown_path(run_folder())))
                error.add_note(f"to go on with it: python {script} resume={folder}")
            elif paths := each.paths():  # to go on would lead there again
                error.add_note(f"the last checkpoint from before that: {shown_path(paths[-1])}")
        raise
