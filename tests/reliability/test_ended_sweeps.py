"""Sweeps that are told to end, or killed, at any moment: their workers go, and the same command finishes the rest."""

import os
import signal
import time
from pathlib import Path

import pytest

from scratchlab.tracking import read_journal, read_run, run_folders
from scratchlab.tracking.journal.records import End, Status
from tests.polling import LIMIT_SECONDS, wait_until
from tests.reliability.commands import in_store
from tests.reliability.processes import kill_all_of
from tests.sweeps.sweeping import living, sweeping

MOMENTS = [0.3 + 0.6 * number for number in range(10)]
"""In seconds, from the imports to the last runs."""
WORKER = "joblib.externals.loky"
"""What is on the command line of those that joblib starts."""


@pytest.mark.parametrize(
    ("launcher", "number", "num_runs", "moments"),
    [
        pytest.param("basic", signal.SIGKILL, 3, [2.5], id="few"),
        *(
            pytest.param(
                launcher, number, 10, MOMENTS, id=f"{launcher}-{number.name}", marks=pytest.mark.reliability
            )
            for launcher in ("basic", "joblib")
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
        ),
    ],
)
def test_the_same_command_finishes_the_rest(
    tmp_path: Path, launcher: str, number: signal.Signals, num_runs: int, moments: list[float]
) -> None:
    typed = ("trainer.epochs=5", f"seed=range({num_runs})")
    names = [*(f"seed={seed}" for seed in range(num_runs)), "sweep over seed"]
    for moment in moments:
        cwd = tmp_path / f"after {moment:.1f} s"
        cwd.mkdir()
        end_a_sweep(launcher, number, *typed, after_seconds=moment, cwd=cwd)
        before = finished_in(cwd)
        with sweeping(launcher, *typed, cwd=cwd) as process:
            stdout, stderr = process.communicate(timeout=LIMIT_SECONDS)
        assert (process.returncode, stderr) == (0, "")
        wait_until(lambda cwd=cwd: not living(cwd))  # type: ignore[misc]
        assert before <= finished_in(cwd)
        assert stdout.count("%  seed=") == num_runs
        assert stdout.count("  had finished before\n") == len(before)
        # Each run and the sweep have finished once, and what else there is was cut off.
        statuses = in_store(cwd / "mlruns" / "mlflow.db")
        assert [name for name, status in statuses if status == Status.FINISHED] == names
        assert {status for _, status in statuses} <= {Status.FINISHED, Status.KILLED}


def end_a_sweep(launcher: str, number: signal.Signals, *typed: str, after_seconds: float, cwd: Path) -> None:
    """Start a sweep, end it, and see that it takes its workers with it and starts no further run.

    As at a terminal, Ctrl-C (SIGINT) goes to all its processes; SIGKILL takes its publisher, too.
    """
    with sweeping(launcher, *typed, cwd=cwd) as process:
        time.sleep(after_seconds)
        sent_ms = now_ms()
        if number == signal.SIGKILL:
            kill_all_of(cwd)
        elif number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        killed_ms = now_ms()
        wait_until(lambda: not any(WORKER in line for line in living(cwd)))
        seconds = (now_ms() - sent_ms) / 1000
        process.wait(timeout=LIMIT_SECONDS)
        print(
            f"{launcher}, {number.name} after {after_seconds:.1f} s: {seconds:.1f} s later no worker, "
            f"exit code {process.returncode}; {len(finished_in(cwd))} runs had finished"
        )
        wait_until(lambda: not living(cwd))
    runs = [folder for folder in run_folders(cwd) if read_run(folder).is_training]
    ends = [end.time_ms for folder in set(run_folders(cwd)) - set(runs) for end in ends_of(folder)]
    over_ms = killed_ms if number == signal.SIGKILL else max(ends, default=killed_ms)
    assert all(hydra_began_ms(folder) <= over_ms for folder in runs)
    if process.returncode == 0:  # the signal came too late
        assert max(ends) <= sent_ms
    if number != signal.SIGKILL:
        statuses = {status for _, status in in_store(cwd / "mlruns" / "mlflow.db")}
        assert statuses <= {Status.FINISHED, Status.KILLED}


def hydra_began_ms(folder: Path) -> int:
    """When Hydra began with a run, which takes a moment to get to its first record."""
    return (folder / ".hydra" / "config.yaml").stat().st_mtime_ns // 1_000_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def ends_of(folder: Path) -> list[End]:
    return [record for record in read_journal(folder) if isinstance(record, End)]


def finished_in(cwd: Path) -> set[str]:
    """The runs of the sweep that have come to their end, by the names of their folders."""
    runs = {folder: read_run(folder) for folder in run_folders(cwd)}
    return {
        str(folder.relative_to(cwd))
        for folder, run in runs.items()
        if run.is_training and run.status == Status.FINISHED
    }
