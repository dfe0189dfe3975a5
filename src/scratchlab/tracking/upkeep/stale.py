"""Stale runs: MLflow shows them as RUNNING, but their process is gone, and so is the one that was to publish the end.

A run whose process is not certainly gone is left alone: one that was stopped for a while, one on another machine, one
that was not made here.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socket import gethostname

from mlflow import MlflowClient
from mlflow.entities import Run

from scratchlab.processes.process import Process
from scratchlab.tracking.journal.journal import read_start
from scratchlab.tracking.journal.reader import RunReader
from scratchlab.tracking.journal.records import Status
from scratchlab.tracking.publish.follow import Publication
from scratchlab.tracking.publish.upload import PROCESS, RUN_UUID
from scratchlab.tracking.run import FOLDER
from scratchlab.tracking.store.client import all_runs, connect
from scratchlab.tracking.store.errors import reason

_log = logging.getLogger(__name__)


def stale_runs(client: MlflowClient) -> list[Run]:
    """Return the stale runs of this machine."""
    return [run for run in _running_here(client) if _is_stale(run)]


def mend_stale_run(client: MlflowClient, uri: str, run: Run) -> str:
    """Bring a stale run in the store at `uri` to its end; return its status.

    A run whose folder is there is published from it: with all that it recorded, and the status that its journal tells.
    Of any other it is only known that it was KILLED, at the time of its last metric.
    """
    folder, run_id = _folder(run), run.info.run_id
    if folder is not None:
        publication = Publication(folder, uri)
        try:
            publication.advance()
        except ValueError as error:
            _log.warning("%s is published only as far as it can be read: %s", folder, reason(error))
        else:
            assert publication.published is not None
            return publication.published.status
    histories = [client.get_metric_history(run_id, name) for name in run.data.metrics]
    times = [metric.timestamp for history in histories for metric in history]
    client.set_terminated(run_id, Status.KILLED, max(times, default=run.info.start_time))
    return Status.KILLED


def mend_stale_runs(uri: str) -> None:
    """Bring all stale runs in the store at `uri` to their end; one that cannot be mended keeps no other from it."""
    client = connect(uri)
    for run in stale_runs(client):
        try:
            mend_stale_run(client, uri, run)
        except Exception as error:  # the store is busy, or away: the next command tries again
            _log.warning("%s stays RUNNING, though its process is gone: %s", run.info.run_id, reason(error))


def _running_here(client: MlflowClient) -> Iterator[Run]:
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    wanted = f"attributes.status = 'RUNNING' AND tags.`{PROCESS}` LIKE '{gethostname()} %'"
    return all_runs(client, experiments, wanted)


def _is_stale(run: Run) -> bool:
    if not Process.parse(run.data.tags[PROCESS]).is_gone():
        return False
    folder = _folder(run)
    if folder is None:
        return True
    reader = RunReader(folder)
    with suppress(ValueError):  # the journal is damaged, which changes nothing about the process
        reader.read()
        return reader.end is not None  # else it was resumed since
    return True


def _folder(run: Run) -> Path | None:
    """Return the folder that the run was recorded in, None if it is not there any more."""
    folder = Path(run.data.tags[FOLDER])
    try:
        return folder if read_start(folder).run_uuid == run.data.tags[RUN_UUID] else None
    except (OSError, ValueError):
        return None
