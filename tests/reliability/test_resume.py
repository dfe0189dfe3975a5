"""Runs that are killed for real, and gone on with until they are through."""

import random
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scratchlab.tracking import read_journal
from scratchlab.tracking.journal.records import Resumed
from tests.reliability.resuming import (
    OVERRIDES,
    Result,
    end_of,
    folder_of,
    has_begun,
    has_finished,
    result_of,
    run,
    start,
    stopped,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The result of the run that nobody interrupts."""
    cwd = tmp_path_factory.mktemp("whole")
    ended = run(*OVERRIDES, cwd=cwd)
    assert (ended.code, ended.stderr) == (0, "")
    result = result_of(cwd)
    assert len(result.histories["train/step_loss"]) == 12 * 23
    assert len(result.histories["val/accuracy"]) == 12
    return result


def killed_at_random(cwd: Path, *, seed: int, kills: int) -> None:
    """Start a run, kill it, go on with it, kill it again and so on, then let it come to its end."""
    rng = random.Random(seed)
    process, killed = start(*OVERRIDES, cwd=cwd), 0
    while killed < kills:
        # Until training begins a second has passed, of which 0.3 are enough to try what happens before.
        ended = end_of(process, kill_after=rng.choice((0.3, 1.0)) + rng.uniform(0, 1.5))
        if ended.code == 0 or has_finished(cwd):  # it was through before: once more from the start
            shutil.rmtree(folder_of(cwd))
            process = start(*OVERRIDES, cwd=cwd)
            continue
        assert (ended.code, ended.stderr) == (-signal.SIGKILL, "")
        killed += 1
        if not has_begun(cwd):
            shutil.rmtree(cwd / "outputs", ignore_errors=True)
            process = start(*OVERRIDES, cwd=cwd)
        elif killed < kills:
            process = start("resume=last", cwd=cwd)
    ended = run("resume=last", cwd=cwd) if has_begun(cwd) else end_of(process)
    assert (ended.code, ended.stderr) == (0, "")


@pytest.mark.reliability
def test_a_run_that_is_killed_again_and_again_ends_like_one_that_was_not(
    tmp_path: Path, whole: Result
) -> None:
    killed_at_random(tmp_path, seed=0, kills=3)
    assert result_of(tmp_path) == whole


@pytest.mark.reliability
@pytest.mark.parametrize("seed", range(1, 11))
def test_fifty_kills_at_random_moments(tmp_path: Path, whole: Result, seed: int) -> None:
    killed_at_random(tmp_path, seed=seed, kills=5)
    assert result_of(tmp_path) == whole


def killed_in_a_checkpoint(cwd: Path, operations: list[int]) -> list[str]:
    """Kill a run at these operations on its checkpoints, one after the other; return what was said on the way."""
    said = []
    for number, operation in enumerate(operations):
        arguments = OVERRIDES if number == 0 else ("resume=last",)
        ended = run(*arguments, cwd=cwd, OPERATIONS=str(operation))
        assert (ended.code, ended.stderr) == (-signal.SIGKILL, "")
        said.append(ended.stdout)
    ended = run("resume=last", cwd=cwd)
    assert (ended.code, ended.stderr) == (0, "")
    return [*said, ended.stdout]


def test_a_run_that_is_killed_while_it_writes_checkpoints(tmp_path: Path, whole: Result) -> None:
    said = killed_in_a_checkpoint(tmp_path, [2, 11, 15])
    assert said[1].startswith("going on from the beginning\n")
    assert "going on after epoch " in said[-1]
    assert result_of(tmp_path) == whole


@pytest.mark.reliability
@pytest.mark.parametrize("operation", range(30))
def test_a_kill_before_every_operation_of_a_checkpoint(tmp_path: Path, whole: Result, operation: int) -> None:
    killed_in_a_checkpoint(tmp_path, [operation, operation])
    assert result_of(tmp_path) == whole


def test_mlflow_has_the_run_once_and_every_metric_once(tmp_path: Path, whole: Result) -> None:
    """With the publisher that people have: what is killed here is the training alone."""
    database = tmp_path / "store" / "mlflow.db"
    overrides = (*OVERRIDES, f"tracking.uri=sqlite:///{database}")
    ended = run(*overrides, cwd=tmp_path, PUBLISHED="", OPERATIONS="25")
    assert ended.code == -signal.SIGKILL
    for operations in ("12", "-1"):
        ended = run("resume=last", cwd=tmp_path, PUBLISHED="", OPERATIONS=operations)
    assert (ended.code, ended.stderr) == (0, "")
    assert result_of(tmp_path) == whole
    resumptions = [record for record in read_journal(folder_of(tmp_path)) if isinstance(record, Resumed)]
    assert len(resumptions) == 2
    with closing(sqlite3.connect(database)) as store:
        [(run_uuid, status)] = store.execute("SELECT run_uuid, status FROM runs")
        metrics = store.execute(
            "SELECT key, step, value FROM metrics WHERE run_uuid = ?", [run_uuid]
        ).fetchall()
    assert status == "FINISHED"
    histories: dict[str, dict[int, float]] = {}
    for key, step, value in metrics:
        assert step not in histories.setdefault(key, {})
        histories[key][step] = value
    timeless = {key: steps for key, steps in histories.items() if not key.startswith(("time/", "speed/"))}
    assert timeless == whole.histories


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_last_line_tells_how_to_go_on(tmp_path: Path, whole: Result, number: signal.Signals) -> None:
    process = stopped(*OVERRIDES, after_epoch=3, cwd=tmp_path)
    process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    ended = end_of(process)
    assert ended.code == 128 + number
    folder = folder_of(tmp_path).relative_to(tmp_path)
    said, command = ended.stderr.splitlines()
    assert said == ("interrupted" if number == signal.SIGINT else "ended by SIGTERM")
    assert command == f"to go on with it: python train.py resume={folder}"
    ended = run(*command.split()[-1:], cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert result_of(tmp_path) == whole
