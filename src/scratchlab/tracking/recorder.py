"""A run that is recorded: in its journal at once, and from there in MLflow."""

import logging
import shlex
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from types import TracebackType

from scratchlab.processes.files import written_whole
from scratchlab.processes.process import Process
from scratchlab.processes.signals import Terminated, signals_held_back
from scratchlab.tracking.journal.journal import Journal, read_journal, read_start
from scratchlab.tracking.journal.records import (
    Artifact,
    Dataset,
    End,
    Metrics,
    Model,
    Resumed,
    Start,
    Status,
    Tag,
)
from scratchlab.tracking.publish.publisher import LOG, Publisher
from scratchlab.tracking.publish.receipt import Published
from scratchlab.tracking.run import Run, StoppedError
from scratchlab.tracking.source import own_tags
from scratchlab.tracking.store.reachability import UnreachableError, why_unreachable
from scratchlab.tracking.store.uri import absolute_uri, without_credentials

ARTIFACTS = "artifacts"
PUBLISHING_SECONDS = 60.0
"""The longest that the end of a run waits for its publication. For a server that is away it does not wait at all."""

_log = logging.getLogger(__name__)


def open_run(
    folder: Path,
    *,
    experiment: str,
    name: str,
    uri: str,
    params: Mapping[str, object],
    tags: Mapping[str, str],
    parent: str | None = None,
    live: bool = True,
    require: bool = False,
) -> Run:
    """Start a run that is recorded in `folder` and published to the tracking store at `uri`.

        with open_run(folder, experiment="mnist", name="adam", uri=uri, params=..., tags=...) as run:
            run.log_metrics({"val/accuracy": 0.98}, step=1)

    Args:
        folder: the run's own; made if it is not there.
        experiment: the experiment in MLflow that the run belongs to; made if it is not there.
        name: the run's name in MLflow.
        uri: a server (`http://...`) or a file (`sqlite:///...`); credentials in it are written nowhere.
        params: what the run was configured with, flat. What is not text is shown as JSON, as it is typed on the
            command line: `true`, `null`, `[500, 300]`.
        tags: added to the script, user and git commit that every run is tagged with.
        parent: the `run_uuid` of the run that this one is a part of, whose folder is above this one's.
        live: publish what is recorded in the folder and in those below it while the run goes on, and wait at
            its end until all of that is published. Without, somebody else publishes: a sweep for all its runs.
        require: start no run that cannot be published at once. Without, a store that cannot be reached is a warning.

    Raises:
        FileExistsError: the folder holds a run already.
        ArgumentError: `uri` is none.
        UnreachableError: the store is required and cannot be reached.
    """
    folder, uri = folder.absolute(), absolute_uri(uri)
    if live:
        _look_for_store(uri, require=require)
    process = Process.current()
    start = Start(
        run_uuid=uuid.uuid4().hex,
        experiment=experiment,
        name=name,
        uri=without_credentials(uri),
        params=dict(params),
        tags={**own_tags(), **tags},
        host=process.host,
        pid=process.pid,
        process_started=process.started,
        time_ms=_now_ms(),
        parent=parent,
    )
    journal = Journal(folder)
    journal.write(start)
    journal.sync()
    return _JournaledRun(folder, start.uri, journal, Publisher(folder, uri=uri) if live else None)


def resume_run(folder: Path, *, uri: str, repeats: bool = False, require: bool = False) -> Run:
    """Go on with the run in `folder`, which has ended or whose process is gone: in MLflow it is the same run.

    Args:
        folder: the run's.
        uri: the tracking store that the run was started with, with the credentials that it needs.
        repeats: the run does again what it did before, from its beginning or from a checkpoint: of each metric the
            steps that are on record are not recorded twice.
        require: do not go on while the store cannot be reached.

    Raises:
        FileNotFoundError: there is no run in the folder.
        BlockingIOError: another process is at it.
        UnreachableError: the store is required and cannot be reached.
    """
    folder, uri = folder.absolute(), absolute_uri(uri)
    _look_for_store(uri, require=require)
    start, process = read_start(folder), Process.current()
    journal = Journal.reopen(folder)
    recorded = _last_steps(folder) if repeats else {}
    journal.write(Resumed(process.host, process.pid, process.started, _now_ms()))
    journal.sync()
    return _JournaledRun(folder, start.uri, journal, Publisher(folder, uri=uri), recorded)


def _look_for_store(uri: str, *, require: bool) -> None:
    """Warn, or raise UnreachableError, where the store cannot be reached."""
    why = why_unreachable(uri)
    if why is None:
        return
    missing = f"tracking.uri={without_credentials(uri)} cannot be reached ({why})"
    if require:
        raise UnreachableError(
            f"{missing}: start it, or type tracking.require=false to train without, tracking.uri=null for the "
            "embedded store"
        )
    _log.warning(
        "%s: training goes on, all is recorded in the run's folder and published when it is there again; "
        "tracking.require=true would stop here",
        missing,
    )


class _JournaledRun(Run):
    """Writes what it is told into the journal; `publisher` carries it on to MLflow.

    `recorded` has the last step of each metric that is in the journal: up to there it is not recorded again.
    """

    def __init__(
        self,
        folder: Path,
        uri: str,
        journal: Journal,
        publisher: Publisher | None,
        recorded: Mapping[str, int] | None = None,
    ) -> None:
        self._folder = folder
        self._uri = uri
        self._journal = journal
        self._publisher = publisher
        self._recorded = recorded or {}

    def log_metrics(self, values: Mapping[str, float], *, step: int) -> None:
        floats = {
            name: float(value) for name, value in values.items() if step > self._recorded.get(name, step - 1)
        }
        if floats:
            self._journal.write(Metrics(step, _now_ms(), floats))

    def set_tag(self, key: str, value: str) -> None:
        self._journal.write(Tag(key, value))

    def log_artifact(self, path: str, write: Callable[[Path], object]) -> None:
        artifact = PurePosixPath(path)
        if artifact.is_absolute() or ".." in artifact.parts or not artifact.name:
            raise ValueError(
                f"{path!r}: expected the path of an artifact inside the run, like plots/curves.png"
            )
        place = self._folder / ARTIFACTS / artifact
        place.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(place) as unfinished:
            write(unfinished)
        parent = artifact.parent.as_posix()
        self._journal.write(Artifact(f"{ARTIFACTS}/{artifact}", "" if parent == "." else parent))

    def log_dataset(
        self, *, name: str, digest: str, source: str, num_train: int, num_val: int, num_test: int
    ) -> None:
        self._journal.write(Dataset(name, digest, source, num_train, num_val, num_test))

    def log_model(self, folder: Path) -> None:
        self._journal.write(Model(folder.resolve().relative_to(self._folder.resolve()).as_posix()))

    def sync(self) -> None:
        self._journal.sync()

    @property
    def published(self) -> Published | None:
        return Published.load(self._folder)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with signals_held_back():  # without its end a run seems to go on until its process is gone
            self._end(error)
        if self._publisher is None:
            return
        is_away = why_unreachable(self._uri) is not None
        if self._publisher.close(timeout_seconds=0 if is_away else PUBLISHING_SECONDS):
            return
        command = f"python -m scratchlab.tracking.publish {shlex.quote(str(self._folder))}"
        self.remedy = f"{command} (the run is recorded, but {self._uri} does not have all of it: see {LOG})"
        if error is not None:  # else the result is going to be announced, and the remedy with it
            _log.warning("to publish the run: %s", self.remedy)

    def _end(self, error: BaseException | None) -> None:
        status = _status(error)
        if status is Status.FAILED:
            text = "".join(traceback.format_exception(error))
            with suppress(OSError):  # the disk may be full, and that may be the very error
                self.log_artifact("traceback.txt", lambda place: place.write_text(text))
        try:
            self._journal.write(End(status, _now_ms()))
            self._journal.sync()
        except OSError:
            # On a full disk there may be no room for it; readers see that the process is gone.
            if error is None:
                raise
        finally:
            self._journal.close()


def _last_steps(folder: Path) -> dict[str, int]:
    """Return the last step on record of each metric of the run in `folder`."""
    return {
        name: record.step
        for record in read_journal(folder)
        if isinstance(record, Metrics)
        for name in record.values
    }


def _status(error: BaseException | None) -> Status:
    if error is None:
        return Status.FINISHED
    if isinstance(error, (KeyboardInterrupt, Terminated, StoppedError)):
        return Status.KILLED
    return Status.FAILED


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
