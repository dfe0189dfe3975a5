"""The records of a run's journal, one class per kind.

Times are milliseconds since 1970 in UTC, as MLflow counts them. Paths are relative to the run's folder, so
that the folder may be moved.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from scratchlab.processes.process import Process

RUNNING = "RUNNING"
"""What MLflow calls a run that has not ended."""


class Status(StrEnum):
    """How a run ended, in MLflow's words."""

    FINISHED = "FINISHED"
    """The whole of it was done."""
    FAILED = "FAILED"
    """It ended with an exception."""
    KILLED = "KILLED"
    """It was stopped before its end, or its process was gone."""


@dataclass(frozen=True)
class Start:
    """The first record: what was run, and the process that runs it."""

    run_uuid: str
    experiment: str
    name: str
    uri: str
    """Of the tracking store, without credentials."""
    params: dict[str, object]
    tags: dict[str, str]
    host: str
    pid: int
    process_started: str
    time_ms: int
    parent: str | None = None
    """The `run_uuid` of the run that this one is a part of (a sweep); None for a run of its own."""

    @property
    def process(self) -> Process:
        """The process that runs it."""
        return Process(self.host, self.pid, self.process_started)


@dataclass(frozen=True)
class Resumed:
    """The run goes on after its end, or after the death of its process: in this one."""

    host: str
    pid: int
    process_started: str
    time_ms: int

    @property
    def process(self) -> Process:
        """The process that runs it from now on."""
        return Process(self.host, self.pid, self.process_started)


@dataclass(frozen=True)
class Metrics:
    """Values measured at one step (or epoch)."""

    step: int
    time_ms: int
    values: dict[str, float]


@dataclass(frozen=True)
class Tag:
    """A tag set while the run goes on."""

    key: str
    value: str


@dataclass(frozen=True)
class Artifact:
    """A file of the run, complete when this is written."""

    path: str
    folder: str
    """Where MLflow shows it; empty for the top."""


@dataclass(frozen=True)
class Dataset:
    """The data that the run uses."""

    name: str
    digest: str
    source: str
    num_train: int
    num_val: int
    num_test: int


@dataclass(frozen=True)
class Model:
    """The folder with the trained network."""

    path: str


@dataclass(frozen=True)
class End:
    """The last record, unless the run is resumed. A journal without one belongs to a run that goes on or was killed."""

    status: Status
    time_ms: int


Record = Start | Resumed | Metrics | Tag | Artifact | Dataset | Model | End

_KINDS: dict[str, type[Record]] = {kind.__name__.lower(): kind for kind in get_args(Record)}
_ENCODER = json.JSONEncoder(separators=(",", ":"), default=str)


def encode(record: Record) -> bytes:
    """Return the record as one line of JSON.

    NaN and infinities are written as Python's json module writes them (`NaN`, `Infinity`) and every float is read
    back exactly. What JSON cannot express (a parameter that is a path, say) is written as text.
    """
    fields = {"record": type(record).__name__.lower(), **vars(record)}
    return _ENCODER.encode(fields).encode() + b"\n"


def decode(line: bytes) -> Record:
    """Return the record that `encode` wrote.

    Raises:
        ValueError: the line is no record.
    """
    try:
        fields = json.loads(line)
        record = _KINDS[fields.pop("record")](**fields)
        return End(Status(record.status), record.time_ms) if isinstance(record, End) else record
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"expected a record of a journal, found {line[:80]!r}") from error
