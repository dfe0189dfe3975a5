"""The publication of one run: the records of its journal, carried over to MLflow one after the other."""

import logging
from collections import deque
from itertools import islice
from pathlib import Path
from time import monotonic

from scratchlab.processes.lock import file_lock
from scratchlab.tracking.journal.journal import JOURNAL, read_start
from scratchlab.tracking.journal.reader import RunReader
from scratchlab.tracking.journal.records import RUNNING, Metrics, Record, Start
from scratchlab.tracking.publish.receipt import Published
from scratchlab.tracking.publish.upload import MlflowRun, find_run
from scratchlab.tracking.store.client import connect, experiment_id
from scratchlab.tracking.store.uri import with_credentials, without_credentials

LOCK = "publisher.lock"
RECORDS_AT_ONCE = 1000

_log = logging.getLogger(__name__)


class Publication:
    """Carries a run over to MLflow as its journal grows: in order, and each record at least once.

    A lock in the run's folder keeps two publications of a run apart, and one that dies leaves nothing that the
    next cannot take up. A run that is part of another is shown under it: the parent is published first.

    Args:
        folder: the run's.
        uri: the tracking store; by default the one that the journal names, with the credentials that
            `MLFLOW_TRACKING_URI` holds for it.

    Attributes:
        published: where the run is in MLflow; None before it is there.
        problem: why the last attempt failed, as whoever makes the attempts noted it; None if it did not.
        last_success: when MLflow last took something, or had everything; in seconds of `time.monotonic`.
    """

    def __init__(self, folder: Path, uri: str | None = None) -> None:
        self.folder = folder
        self.published: Published | None = None
        self.problem: str | None = None
        self.last_success = monotonic()
        self._uri = uri
        self._reader = RunReader(folder)
        self._waiting: deque[Record] = deque()
        self._run: MlflowRun | None = None

    @property
    def is_complete(self) -> bool:
        """Tell whether MLflow has the whole run, its end included."""
        return self._run is not None and self._reader.end is not None and not self._waiting

    def advance(self) -> None:
        """Carry over what the journal holds and MLflow does not.

        Whatever MLflow and the network raise is raised, and the next call goes on where this one ended.

        Raises:
            ValueError: the journal is damaged, or the run was deleted in MLflow.
        """
        with file_lock(self.folder / LOCK):
            self._waiting.extend(self._reader.read())
            if self._reader.start is None:
                return
            uri = self._uri or with_credentials(self._reader.start.uri)
            if self._run is None:
                self._run = self._open(uri, self._reader.start)
            while self._waiting:
                self._carry_over(self._run)
                self.last_success = monotonic()
            self.last_success = monotonic()
            self.problem = None
            self._note(uri, self._run)

    def _open(self, uri: str, start: Start) -> MlflowRun:
        client = connect(uri)
        parent_id = None
        if start.parent is not None:
            parent = find_run(client, experiment_id(client, start.experiment), start.parent)
            parent_id = self._publish_parent(uri, start.parent) if parent is None else parent.info.run_id
        run = MlflowRun(client, self.folder, start, parent_id=parent_id)
        if self._reader.end is not None and run.has_ended_like(self._reader.end):
            self._waiting.clear()
        return run

    def _publish_parent(self, uri: str, parent: str) -> str | None:
        """Publish the run's parent from one of the folders above; return its id in MLflow.

        A run that was taken away from its parent is published all the same: on its own.
        """
        for folder in self.folder.resolve().parents:
            if (folder / JOURNAL).exists() and read_start(folder).run_uuid == parent:
                publication = Publication(folder, uri)
                publication.advance()
                assert publication.published is not None
                return publication.published.run_id
        _log.warning("%s: its parent is in no folder above, so it is published without", self.folder)
        return None

    def _carry_over(self, run: MlflowRun) -> None:
        """Carry over the next record or, where metrics come next, as many of them as there are."""
        metrics = []
        for record in islice(self._waiting, RECORDS_AT_ONCE):
            if not isinstance(record, Metrics):
                break
            metrics.append(record)
        if metrics:
            run.log_metrics(metrics)
        else:
            run.log(self._waiting[0])
        for _ in range(max(1, len(metrics))):
            self._waiting.popleft()

    def _note(self, uri: str, run: MlflowRun) -> None:
        """Write down where the run is, for those who show links."""
        end = self._reader.end
        status = RUNNING if end is None else end.status.value
        published = Published(without_credentials(uri), run.experiment_id, run.run_id, status)
        if published != self.published:
            published.save(self.folder)
            self.published = published
