"""Runs that are in a tracking store: a sweep of five seeds, a run that was shortened, and one that has failed."""

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch as patched

from scratchlab.tracking import embedded_uri, run_folders
from tests.launched import launch, without_figures

with warnings.catch_warnings():
    # When it is imported, MLflow warns about its own type hints and database models.
    warnings.simplefilter("ignore")
    from scratchlab.tracking.publish.command import publish
    from scratchlab.tracking.store.client import SETTINGS

TINY = ["data=digits", "trainer.epochs=2"]
"""Overrides of `experiment=starter` that make it a matter of milliseconds."""


@dataclass(frozen=True)
class Stored:
    """A folder in which runs were made, with their store."""

    cwd: Path
    uri: str


def store_runs(cwd: Path) -> Stored:
    """Make the runs and publish them, all in this process."""
    uri = embedded_uri(cwd)
    given = ("experiment=starter", *TINY, f"tracking.uri={uri}")
    commands = (
        (("-m", *given, "seed=range(5)"), 0),
        ((*given, "trainer.max_steps=1", "seed=0"), 0),
        ((*given, "optimizer.lr=1e30", "seed=0"), 1),
    )
    with without_figures(), patched.dict(os.environ, SETTINGS):
        for overrides, code in commands:
            assert launch("train.py", *overrides, cwd=cwd).code == code
        for folder in run_folders(cwd):
            publish(folder)
    return Stored(cwd, uri)
