"""Runs in processes of their own, as far as the tracker is concerned: they record, and leave training out."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scratchlab.tracking.journal.journal import JOURNAL
from tests.polling import LIMIT_SECONDS

RECORD = """
import json, statistics, sys, time
from pathlib import Path
from scratchlab.tracking import open_run, signals_as_exceptions
folder, uri, live, num_metrics, seconds = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "live", *sys.argv[4:6]
took = []
with signals_as_exceptions(), open_run(
    folder, experiment="mnist", name=folder.name, uri=uri, params={"lr": 0.1}, tags={}, live=live
) as run:
    for step in range(int(num_metrics)):
        before = time.perf_counter()
        run.log_metrics({"loss": 1 / (step + 1)}, step=step)
        took.append(time.perf_counter() - before)
        time.sleep(float(seconds))
    ended = time.perf_counter()
told = {"seconds": sum(took), "p99_seconds": statistics.quantiles(took, n=100)[-1]}
print(json.dumps(told | {"end_seconds": time.perf_counter() - ended, "remedy": run.remedy}))
"""
"""A run that records `num_metrics` losses, one every so many seconds, and tells what that cost it."""


@dataclass(frozen=True)
class Told:
    """What a run says of itself."""

    seconds: float
    """All the time that it spent recording: how much longer training takes."""
    p99_seconds: float
    """The 99th percentile of the time that one call took."""
    end_seconds: float
    """How long it waited for its publication."""
    remedy: str | None


def told(recorded: subprocess.Popen[str]) -> Told:
    """Wait for the end of a run and return what it says of itself."""
    stdout, stderr = recorded.communicate(timeout=LIMIT_SECONDS)
    assert (recorded.returncode, stderr) == (0, "")
    return Told(**json.loads(stdout))


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


def num_recorded(folder: Path) -> int:
    """Return how many metrics the journal in `folder` has, 0 without a journal."""
    journal = folder / JOURNAL
    return journal.read_bytes().count(b'{"record":"metrics"') if journal.exists() else 0
