"""A run is FINISHED only if its training was completed, KILLED or FAILED otherwise, and RUNNING while it runs."""

import os
import signal
import time
from pathlib import Path

import pytest

from scratchlab.tracking import Published
from scratchlab.tracking.journal.reader import RunReader
from scratchlab.tracking.journal.records import End, Status
from tests.polling import LIMIT_SECONDS, wait_until
from tests.reliability.commands import command, in_store
from tests.reliability.counts import counts
from tests.reliability.endings import ENDING, ENDINGS
from tests.reliability.processes import all_ended, processes_of, recording

TASK = "task=tests.reliability.endings.train"


def end_of(folder: Path) -> End | None:
    reader = RunReader(folder)
    reader.read()
    return reader.end


def ended(*arguments: str, ending: str, cwd: Path) -> tuple[int, list[tuple[str, str]]]:
    """Run train.py until it and all that it has started are gone; return its exit code and the runs in the store."""
    with command(*arguments, TASK, "trainer.epochs=1", cwd=cwd, environment={ENDING: ending}) as process:
        process.communicate(timeout=LIMIT_SECONDS)
    wait_until(lambda: not processes_of(cwd))
    return process.returncode, in_store(cwd / "mlruns" / "mlflow.db")


@pytest.mark.parametrize(
    "ending",
    [pytest.param(name, marks=[] if name == "os._exit" else pytest.mark.reliability) for name in ENDINGS],
)
def test_of_a_single_run(tmp_path: Path, ending: str) -> None:
    code, runs = ended("seed=1", ending=ending, cwd=tmp_path)
    assert [status for _, status in runs] == [ENDINGS[ending][1]]
    assert code != 0 or ending == "os._exit"  # which says 0 itself


@pytest.mark.reliability
@pytest.mark.parametrize("ending", ENDINGS)
def test_in_a_sweep_in_one_process(tmp_path: Path, ending: str) -> None:
    code, runs = ended("-m", "seed=0,1", ending=ending, cwd=tmp_path)
    status = ENDINGS[ending][1]
    # What ends the run alone does not end the sweep, which says how many failed.
    sweep = Status.KILLED if status is Status.KILLED else Status.FINISHED
    assert runs == [("seed=0", "FINISHED"), ("seed=1", status), ("sweep over seed", sweep)]
    assert code != 0 or ending == "os._exit"


@pytest.mark.reliability
@pytest.mark.parametrize("ending", ENDINGS)
def test_in_a_sweep_with_workers(tmp_path: Path, ending: str) -> None:
    """The run that ends so is repeated alone where that tells which of two was to blame."""
    code, runs = ended("-m", "hydra/launcher=joblib", "seed=0,1", ending=ending, cwd=tmp_path)
    statuses = {name: {status for each, status in runs if each == name} for name, _ in runs}
    assert statuses["seed=1"] == {ENDINGS[ending][1]}
    assert statuses.get("seed=0", set()) <= {"FINISHED", "KILLED"}  # a signal may come before it has started
    assert statuses["sweep over seed"] <= {"FINISHED", "KILLED"}
    assert code != 0


CATCHABLE = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


@counts("rounds", few=1, all_of_them=5)
def test_a_signal_is_seen_in_the_store_within_seconds(tmp_path: Path, uri: str, rounds: int) -> None:
    """The time is printed, not judged: it is that of a machine that others use, too."""
    for number in CATCHABLE * rounds:
        folder = tmp_path / f"{number.name} {time.monotonic_ns()}"
        with (
            all_ended(folder),
            recording(folder, uri, live=True, num_metrics=10**9, seconds=0.001) as training,
        ):
            wait_until(lambda folder=folder: Published.load(folder) is not None)  # type: ignore[misc]
            os.kill(training.pid, number)
            sent = time.monotonic()
            wait_until(lambda folder=folder: _published(folder) == "KILLED")  # type: ignore[misc]
            print(f"{number.name}: KILLED in the store after {time.monotonic() - sent:.2f} s")
            training.communicate(timeout=LIMIT_SECONDS)
        assert end_of(folder) is not None


def _published(folder: Path) -> str | None:
    published = Published.load(folder)
    return None if published is None else published.status
