"""train.py as a person starts it, with a clock beside it."""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from scratchlab.tracking import JOURNAL, read_journal, read_start
from scratchlab.tracking.journal.records import Metrics

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "outputs" / "speed"
BUSY = ("time/train_seconds", "time/evaluation_seconds")


@dataclass(frozen=True)
class AppRun:
    """A command that has ended.

    Attributes:
        wall_seconds: from its start to its end, all that is recorded published.
        lines: what it printed, with the seconds until it did.
        peak_mib: the most memory that it had at once, without the process that publishes.
        folder: what it left behind.
        load: processes that wanted a core, on average over the minute before.
    """

    command: str
    wall_seconds: float
    lines: Sequence[tuple[float, str]]
    peak_mib: float
    folder: Path
    load: float

    @property
    def runs(self) -> list[Path]:
        """The folders of its runs that trained."""
        folders = [journal.parent for journal in self.folder.rglob(JOURNAL)]
        return [folder for folder in folders if read_start(folder).tags["scratchlab.kind"] == "train"]

    @property
    def busy_seconds(self) -> float:
        """The seconds of training and evaluation in all of its runs."""
        return sum(
            record.values.get(key, 0)
            for folder in self.runs
            for record in read_journal(folder)
            if isinstance(record, Metrics)
            for key in BUSY
        )


def app_run(name: str, *arguments: str) -> AppRun:
    """Run train.py in an empty folder of its own, with a store of its own beside it."""
    folder = FOLDER / f"{name}-{os.getpid()}-{perf_counter():.0f}"
    place = "sweep" if "-m" in arguments else "run"
    load = os.getloadavg()[0]
    command = [sys.executable, "-u", "train.py", *arguments]
    own = [f"hydra.{place}.dir={folder}", f"tracking.uri=sqlite:///{FOLDER}/mlflow.db"]
    lines = []
    start = perf_counter()
    process = subprocess.Popen([*command, *own], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        lines.append((perf_counter() - start, line.rstrip()))
    _, status, used = os.wait4(process.pid, 0)
    wall_seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{shlex.join(command)} ended with {process.returncode}")
    peak_mib = used.ru_maxrss / 2 ** (20 if sys.platform == "darwin" else 10)
    shown = shlex.join(["python", "train.py", *arguments])
    return AppRun(shown, wall_seconds, lines, peak_mib, folder, load)
