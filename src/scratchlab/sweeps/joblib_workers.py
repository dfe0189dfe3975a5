"""The workers of a sweep on joblib, which end with it also while they have no run yet."""

import os
from functools import partial
from pathlib import Path

from scratchlab.processes.process import Process
from scratchlab.processes.signals import Terminated
from scratchlab.tracking.journal.lifeline import Lifeline


def tie_workers(folder: Path) -> None:
    """Tie the workers that joblib starts from now on to this process, which runs the sweep in `folder`.

    Hydra's launcher asks joblib for the backend `loky` by name, and knows no way to give it an initializer.
    """
    # Imported here: joblib takes a while, and sweeps in one process do without.
    from joblib import register_parallel_backend
    from joblib.parallel import LokyBackend

    tie = partial(_tie, Lifeline(Process.current(), folder))
    register_parallel_backend("loky", partial(LokyBackend, initializer=tie))


def _tie(lifeline: Lifeline) -> None:
    try:
        lifeline.hold()
    except Terminated:
        os._exit(1)  # nobody is there whom an exception would tell anything
