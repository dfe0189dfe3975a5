"""Runs in processes of their own, as far as the tracker is concerned: they record, and leave training out."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scratchlab.tracking.journal import JOURNAL

RECORD = """
import signal, sys, time
from pathlib import Path
from scratchlab.tracking import open_run, signals_as_exceptions
folder, uri, live, num_metrics, seconds = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "live", *sys.argv[4:6]
signal.signal(signal.SIGINT, signal.default_int_handler)  # pytest may be run where it is ignored
with signals_as_exceptions(), open_run(
    folder, experiment="mnist", name=folder.name, uri=uri, params={"lr": 0.1}, tags={}, live=live
) as run:
    for step in range(int(num_metrics)):
        run.metrics({"loss": 1 / (step + 1)}, step=step)
        time.sleep(float(seconds))
"""
"""A run that records `num_metrics` losses, one every so many seconds."""


def recording(
    folder: Path, uri: str, *, live: bool, num_metrics: int, seconds: float = 0.0, **environment: str
) -> subprocess.Popen[str]:
    """Start a run in `folder`, in a session of its own."""
    arguments = [str(folder), uri, "live" if live else "later", str(num_metrics), str(seconds)]
    return subprocess.Popen(
        [sys.executable, "-c", RECORD, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        start_new_session=True,
    )


def processes_of(folder: Path) -> list[int]:
    """Return the ids of the processes that have something under `folder` on their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:  # it has just ended
            continue
    return [pid for pid in found if pid != os.getpid()]


def kill_all_of(folder: Path) -> None:
    """Kill a run and its publisher at once, as a machine does that loses its power."""
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGSTOP)
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def all_ended(folder: Path) -> Iterator[None]:
    """Leave no process behind that works under `folder`."""
    try:
        yield
    finally:
        kill_all_of(folder)


def has_recorded(folder: Path, num_bytes: int = 1) -> bool:
    """Tell whether the run in `folder` has recorded so much."""
    return (folder / JOURNAL).exists() and (folder / JOURNAL).stat().st_size >= num_bytes
