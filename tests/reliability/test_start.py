"""The first start of all, when there is no store yet: several at once, and one that is cut short."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from scratchlab.tracking.publish.command import main
from scratchlab.tracking.store.database import damage
from tests.polling import LIMIT_SECONDS, wait_until
from tests.reliability.commands import command, in_store
from tests.reliability.counts import counts
from tests.reliability.processes import all_ended, kill_all_of, num_recorded, processes_of, recording, told

NUM_METRICS = 50


@counts("rounds", few=1, all_of_them=10)
def test_four_runs_that_start_at_once(tmp_path: Path, rounds: int) -> None:
    for number in range(rounds):
        root = tmp_path / str(number)
        database = root / "mlruns" / "mlflow.db"
        with all_ended(root):
            runs = [
                recording(root / f"run {each}", f"sqlite:///{database}", live=True, num_metrics=NUM_METRICS)
                for each in range(4)
            ]
            assert [told(run).remedy for run in runs] == [None] * 4
        assert in_store(database) == [(f"run {each}", "FINISHED") for each in range(4)]
        with closing(sqlite3.connect(database)) as store:
            rows = store.execute("SELECT count(*) FROM metrics GROUP BY run_uuid").fetchall()
        assert rows == [(NUM_METRICS,)] * 4


MAKE = """
import sys
from scratchlab.tracking.store.client import connect
print(flush=True)
connect(sys.argv[1])
"""


@counts("moments", few=2, all_of_them=20)
def test_the_making_of_a_store_can_be_killed_at_any_moment(tmp_path: Path, moments: int) -> None:
    """It takes seconds; the next who wants the store makes it."""
    for number in range(moments):
        database = tmp_path / str(number) / "mlflow.db"
        make = [sys.executable, "-c", MAKE, f"sqlite:///{database}"]
        with subprocess.Popen(make, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(2 * number / moments)
            process.kill()
        assert not database.exists() or damage(database) is None
        subprocess.run(make, check=True, capture_output=True)
        assert damage(database) is None
        assert not list(database.parent.glob("*.new*"))


@pytest.mark.reliability
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_the_very_first_command_can_be_cut_short_at_any_moment(
    tmp_path: Path, number: signal.Signals
) -> None:
    """With its publisher, as far as the kill is concerned; then the same command works."""
    for moment in range(20):
        cwd = tmp_path / str(moment)
        cwd.mkdir()
        with command("trainer.epochs=1", cwd=cwd) as process:
            time.sleep(0.1 * moment)
            if number == signal.SIGINT:
                os.kill(process.pid, number)
            else:
                kill_all_of(cwd)
            process.communicate(timeout=LIMIT_SECONDS)
        wait_until(lambda cwd=cwd: not processes_of(cwd))  # type: ignore[misc]
        with command("trainer.epochs=1", cwd=cwd) as process:
            _, stderr = process.communicate(timeout=LIMIT_SECONDS)
        assert (process.returncode, stderr) == (0, "")
        wait_until(lambda cwd=cwd: not processes_of(cwd))  # type: ignore[misc]
        statuses = [status for _, status in in_store(cwd / "mlruns" / "mlflow.db")]
        assert "FINISHED" in statuses
        assert "RUNNING" not in statuses


@counts("counted", few=[1, 2, 50, 200], all_of_them=list(range(1, 201)))
def test_a_run_that_is_killed_after_any_number_of_metrics(
    tmp_path: Path, uri: str, counted: list[int]
) -> None:
    """Everything that was recorded before is in the journal and, once it is published, in MLflow."""
    for start in range(0, len(counted), 20):  # so many at once
        forked = subprocess.run(
            [
                sys.executable,
                "-c",
                KILL_AFTER,
                str(tmp_path / "outputs"),
                uri,
                *map(str, counted[start : start + 20]),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        assert forked.stdout.split() == ["-9"] * len(counted[start : start + 20])
    for number in counted:
        assert num_recorded(tmp_path / "outputs" / str(number)) >= number
    assert main([str(tmp_path / "outputs")]) == 0
    database = Path(uri.removeprefix("sqlite:///"))
    assert in_store(database) == sorted((str(number), "KILLED") for number in counted)
    with closing(sqlite3.connect(database)) as store:
        rows = store.execute(
            "SELECT name, max(step) + 1, count(*) FROM runs JOIN metrics USING (run_uuid) GROUP BY name"
        ).fetchall()
    for name, num_steps, num_rows in rows:
        assert num_rows == num_steps
        assert num_rows >= int(name)
    assert len(rows) == len(counted)


KILL_AFTER = """
import os, signal, sys
from pathlib import Path
from scratchlab.tracking import open_run

def record(folder, uri, pipe):
    with open_run(folder, experiment="mnist", name=folder.name, uri=uri, params={}, tags={}, live=False) as run:
        for step in range(10**9):
            run.log_metrics({"loss": 1 / (step + 1)}, step=step)
            os.write(pipe, b".")

children = {}
for number in sys.argv[3:]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        record(Path(sys.argv[1]) / number, sys.argv[2], write)
    os.close(write)
    seen = 0
    while seen < int(number):
        seen += len(os.read(read, int(number) - seen))
    os.kill(child, signal.SIGKILL)
    print(-os.WTERMSIG(os.waitpid(child, 0)[1]))
    os.close(read)
"""
"""For each number: a run in a process of its own that is killed when it has said that so many metrics are recorded."""
