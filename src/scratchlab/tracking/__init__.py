"""Runs and what they record: a journal in the run's folder, published to MLflow.

- `run`: what a run can record: the contract
- `recorder`: a run that is recorded, in its journal first
- `source`: which code a run was made with: commit, script, user
- `table`: tables as artifacts
- `journal`: the append-only file of a run
- `store`: the tracking store
- `publish`: from journals to MLflow
- `query`: past runs
- `upkeep`: doctor, stale runs, server

Importing this package does not import MLflow, which takes seconds: only `publish` and `server`, processes of
their own, do, and calls of `histories`, `runs_by_fingerprint` and `runs_by_id`.
"""

import os

from scratchlab.processes.signals import Terminated, signals_as_exceptions, signals_held_back
from scratchlab.tracking.journal.journal import JOURNAL, read_journal, read_start, run_folders
from scratchlab.tracking.publish.receipt import Published
from scratchlab.tracking.query.by_fingerprint import (
    EARLIER,
    FINGERPRINT,
    Fingerprint,
    recorded_fingerprint,
    runs_by_fingerprint,
)
from scratchlab.tracking.query.by_id import runs_by_id
from scratchlab.tracking.query.histories import histories
from scratchlab.tracking.query.past_run import PRUNED, PastRun, RunNotFoundError, read_run, read_runs
from scratchlab.tracking.recorder import open_run, resume_run
from scratchlab.tracking.run import (
    DESCRIPTION,
    FOLDER,
    KIND,
    OVERRIDES,
    FilesRun,
    NullRun,
    PrunedError,
    Run,
    StoppedError,
)
from scratchlab.tracking.store.links import experiment_link, run_link
from scratchlab.tracking.store.reachability import UnreachableError
from scratchlab.tracking.store.uri import embedded_uri
from scratchlab.tracking.table import save_table

# MLflow reads these when it is imported, which only this package does. A user's own settings stay.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")

__all__ = [
    "DESCRIPTION",
    "EARLIER",
    "FINGERPRINT",
    "FOLDER",
    "JOURNAL",
    "KIND",
    "OVERRIDES",
    "PRUNED",
    "FilesRun",
    "Fingerprint",
    "NullRun",
    "PastRun",
    "PrunedError",
    "Published",
    "Run",
    "RunNotFoundError",
    "StoppedError",
    "Terminated",
    "UnreachableError",
    "embedded_uri",
    "experiment_link",
    "histories",
    "open_run",
    "read_journal",
    "read_run",
    "read_runs",
    "read_start",
    "recorded_fingerprint",
    "resume_run",
    "run_folders",
    "run_link",
    "runs_by_fingerprint",
    "runs_by_id",
    "save_table",
    "signals_as_exceptions",
    "signals_held_back",
]
