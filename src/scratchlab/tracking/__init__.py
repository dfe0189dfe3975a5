"""Runs and what they record: a journal in the run's folder, published to MLflow.

Importing this package does not import MLflow, which takes seconds: only `publish` and `server`, processes of
their own, do, and calls of `histories`, `signed_runs` and `stored_runs`.
"""

import os

from scratchlab.tracking.histories import histories
from scratchlab.tracking.journal import JOURNAL, read_journal, read_start, run_folders
from scratchlab.tracking.journaled_run import open_run, resume_run
from scratchlab.tracking.links import experiment_link, run_link
from scratchlab.tracking.past_run import PRUNED, PastRun, RunNotFoundError, read_run, read_runs
from scratchlab.tracking.published import Published
from scratchlab.tracking.reachability import UnreachableError
from scratchlab.tracking.run import DESCRIPTION, FOLDER, FilesRun, NullRun, Run, StoppedError
from scratchlab.tracking.signals import Terminated, signals_as_exceptions, signals_held_back
from scratchlab.tracking.signed_runs import SIGNATURE, signed_runs
from scratchlab.tracking.stored_runs import stored_runs
from scratchlab.tracking.table import save_table
from scratchlab.tracking.uri import embedded_uri

# MLflow reads these when it is imported, which only this package does. A user's own settings stay.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")

__all__ = [
    "DESCRIPTION",
    "FOLDER",
    "JOURNAL",
    "PRUNED",
    "SIGNATURE",
    "FilesRun",
    "NullRun",
    "PastRun",
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
    "resume_run",
    "run_folders",
    "run_link",
    "save_table",
    "signals_as_exceptions",
    "signals_held_back",
    "signed_runs",
    "stored_runs",
]
