"""The apps as a person starts them, in this process: several times quicker than in one of their own."""

import logging
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch as patched

import pytest

from scratchlab.config.project import ROOT
from scratchlab.tracking import JOURNAL, read_journal
from scratchlab.tracking.journal.records import Metrics, Record
from scratchlab.tracking.source import own_tags

Kind = TypeVar("Kind", bound=Record)


class NoPublisher:
    """Publishes nothing, and says that all is well."""

    def __init__(self, folder: Path, *, uri: str) -> None:
        pass

    def close(self, *, timeout_seconds: float) -> bool:
        return True


@dataclass(frozen=True)
class Ended:
    """What is left of an app that has ended: its exit code, what it printed, and the folder it ran in."""

    code: int
    stdout: str
    stderr: str
    cwd: Path

    @property
    def folder(self) -> Path:
        """The folder of its only run."""
        [journal] = self.cwd.rglob(JOURNAL)
        return journal.parent

    @property
    def journal(self) -> list[Record]:
        """All that its only run has recorded."""
        return read_journal(self.folder)

    def of_kind(self, kind: type[Kind]) -> list[Kind]:
        """The records of one kind."""
        return [record for record in self.journal if isinstance(record, kind)]

    def metric(self, key: str) -> dict[int, float]:
        """A metric's values by step, each recorded once."""
        recorded = [(each.step, each.values[key]) for each in self.of_kind(Metrics) if key in each.values]
        assert len(dict(recorded)) == len(recorded)
        return dict(recorded)

    def once(self, key: str) -> float:
        """The value of a metric that was recorded once."""
        [value] = self.metric(key).values()
        return value


def launch(script: str, *arguments: str, cwd: Path) -> Ended:
    """Run `python SCRIPT ARGUMENTS...` in the folder `cwd`. Its runs are recorded, but published nowhere."""
    stdout, stderr = StringIO(), StringIO()
    # `launch` adds variables of its own.
    environment = patched.dict(os.environ, COLUMNS="120", FORCE_COLOR="")
    with pytest.MonkeyPatch.context() as patch, environment, _logging_restored():
        patch.chdir(cwd)
        patch.setattr(sys, "argv", [str(ROOT / script), *arguments])
        patch.setattr("scratchlab.tracking.recorder.Publisher", NoPublisher)
        own_tags.cache_clear()  # those of another command in this process
        with redirect_stdout(stdout), redirect_stderr(stderr):
            code = 0
            try:
                runpy.run_path(sys.argv[0], run_name="__main__")
            except SystemExit as ended:
                code = int(ended.code or 0)
    return Ended(code, stdout.getvalue(), stderr.getvalue(), cwd)


@contextmanager
def without_figures() -> Iterator[None]:
    """Draw nothing of runs, which takes most of the time of a short one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scratchlab.tasks.figures.save_figure", lambda run, name, draw: None)
        yield


@contextmanager
def _logging_restored() -> Iterator[None]:
    """Undo what Hydra does to the root logger."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
