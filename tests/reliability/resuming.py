"""Training in processes that end before their time, and what has to be the same as if they had not."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scratchlab.config.project import ROOT
from scratchlab.tracking import JOURNAL, read_journal, read_run
from scratchlab.tracking.journal.records import End, Metrics, Start, Status
from tests.polling import LIMIT_SECONDS

OVERRIDES = (
    *("data=digits", "model.hidden=[30,20]", "model.norm=batch", "optimizer=adam", "augment=shift"),
    *("regularization.dropout=0.2", "trainer.epochs=12", "trainer.batch_size=50", "trainer.threads=1"),
)

APP = f"""
import importlib, math, os, resource, runpy, signal, sys
from scratchlab.tasks import figures
from scratchlab.training import checkpoints
from tests.launched import NoPublisher

checkpoints.SHARE = math.inf  # a checkpoint after every epoch, or after none
if "WITHOUT" in os.environ:
    checkpoints.Checkpoints.on_epoch_end = lambda *arguments: None
if "STOP_AFTER" in os.environ:
    on_epoch_end = checkpoints.Checkpoints.on_epoch_end

    def stop(checkpoints, trainer, metrics):
        on_epoch_end(checkpoints, trainer, metrics)
        if trainer.epoch == int(os.environ["STOP_AFTER"]):
            os.kill(os.getpid(), signal.SIGSTOP)

    checkpoints.Checkpoints.on_epoch_end = stop
figures.save_figure = lambda run, name, draw: None  # a second each
if "PUBLISHED" not in os.environ:
    importlib.import_module("scratchlab.tracking.recorder").Publisher = NoPublisher

if "LARGEST_FILE" in os.environ:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["LARGEST_FILE"]), resource.RLIM_INFINITY))

operations_left = int(os.environ.get("OPERATIONS", "-1"))

def count():
    # Dies before the n-th operation on a file of the checkpoints.
    global operations_left
    operations_left -= 1
    if operations_left == -1:
        os.kill(os.getpid(), signal.SIGKILL)

def audit(event, arguments):
    if event in ("open", "os.rename", "os.remove", "os.mkdir"):
        path = str(arguments[0])
        if "/outputs/" in path and "/checkpoints" in path:
            count()

if operations_left >= 0:
    sys.addaudithook(audit)
    fsync = os.fsync
    os.fsync = lambda file: (count(), fsync(file))

sys.argv[0] = {str(ROOT / "train.py")!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def start(*arguments: str, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start train.py in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", APP, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stopped(*arguments: str, after_epoch: int, cwd: Path) -> subprocess.Popen[str]:
    """Start train.py and wait until it has stopped after the checkpoint of an epoch."""
    process = start(*arguments, cwd=cwd, STOP_AFTER=str(after_epoch))
    found = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert found is not None
    assert found.si_code == os.CLD_STOPPED, process.communicate()
    return process


@dataclass(frozen=True)
class Ended:
    """What a process said before it ended."""

    code: int
    stdout: str
    stderr: str


def end_of(process: subprocess.Popen[str], *, kill_after: float | None = None) -> Ended:
    """Wait for the end of a process, or kill it after so many seconds."""
    try:
        stdout, stderr = process.communicate(timeout=kill_after or LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = process.communicate()
        assert kill_after is not None, stderr
    return Ended(process.returncode, stdout, stderr)


def run(*arguments: str, cwd: Path, **environment: str) -> Ended:
    return end_of(start(*arguments, cwd=cwd, **environment))


@dataclass(frozen=True)
class Result:
    """What has to be the same of two runs: the weights, and every figure that is no time."""

    weights: str
    histories: dict[str, dict[int, float]]


def result_of(cwd: Path) -> Result:
    """Return the result of the only run under `cwd`, after a look at whether it is complete."""
    folder = folder_of(cwd)
    journal = read_journal(folder)
    assert isinstance(journal[0], Start)
    assert isinstance(journal[-1], End)
    assert journal[-1].status is Status.FINISHED
    histories: dict[str, dict[int, float]] = {}
    for record in journal:
        if isinstance(record, Metrics):
            for key, value in record.values.items():
                steps = histories.setdefault(key, {})
                assert record.step not in steps, f"{key} is recorded twice at step {record.step}"
                steps[record.step] = value
    for key, steps in histories.items():
        if key == "speed/threads":  # noted whenever it changes, and where the run goes on
            continue
        first = 0 if key.startswith(("test/", "best/")) else 1
        assert list(steps) == list(range(first, first + len(steps))), f"there is a gap in {key}"
    assert not (folder / "checkpoints").exists()
    assert [path.name for path in (folder / "model").iterdir()].sort() == [
        "network.json",
        "weights.npz",
    ].sort()
    weights = hashlib.sha256((folder / "model" / "weights.npz").read_bytes()).hexdigest()
    timeless = {key: steps for key, steps in histories.items() if not key.startswith(("time/", "speed/"))}
    return Result(weights, timeless)


def folder_of(cwd: Path) -> Path:
    [journal] = cwd.rglob(JOURNAL)
    return journal.parent


def has_begun(cwd: Path) -> bool:
    """Tell whether there is something to go on with: killed at once, a run leaves an empty journal or none."""
    return any(journal.stat().st_size > 0 for journal in cwd.rglob(JOURNAL))


def has_finished(cwd: Path) -> bool:
    """Tell whether the run under `cwd` has come to its end, though its process may not have."""
    return has_begun(cwd) and read_run(folder_of(cwd)).status == Status.FINISHED
