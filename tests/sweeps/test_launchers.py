"""Sweeps whose runs are in processes of their own, started by joblib. Ray and submitit: tests/distributed."""

import os
import signal
from pathlib import Path

import pytest

from scratchlab.tracking.journal.records import Status
from tests.sweeps.sweeping import (
    all_is_in_the_store,
    children,
    end_a_sweep,
    in_store,
    parent,
    swept,
    troubles_stay_apart,
)
from tests.sweeps.troubled import SAID

pytestmark = pytest.mark.system


@pytest.mark.slow
def test_eight_workers_at_once_lose_nothing_where_there_is_no_store_yet(tmp_path: Path) -> None:
    overrides = ("hydra.launcher.n_jobs=8", "trainer.epochs=1", "seed=range(8)")
    code, stdout, stderr = swept("joblib", *overrides, cwd=tmp_path)
    assert (code, stderr) == (0, "")
    assert "8 runs: 8 finished" in stdout.splitlines()
    all_is_in_the_store(tmp_path, finished=8)
    assert len({run.start.pid for run in children(tmp_path)} - {parent(tmp_path).start.pid}) >= 4


def test_each_worker_multiplies_matrices_in_one_thread(tmp_path: Path) -> None:
    overrides = (
        f"hydra.launcher.n_jobs={os.cpu_count()}",
        "task=tests.sweeps.troubled.count_threads",
        "seed=0,1",
    )
    code, stdout, stderr = swept("joblib", *overrides, cwd=tmp_path)
    assert code == 0, stderr  # coverage, where it measures, has something to say there
    assert [line for line in stdout.splitlines() if "threads" in line] == ["threads: 1"] * 2


def test_runs_in_trouble_leave_the_others_alone(tmp_path: Path) -> None:
    stderr = troubles_stay_apart("joblib", cwd=tmp_path)
    assert [stderr.count(f"{said}\n") for said in SAID] == [1] * len(SAID)


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, "interrupted\n"),
        pytest.param(signal.SIGTERM, 143, "ended by SIGTERM\n", marks=pytest.mark.slow),
        (signal.SIGKILL, -9, None),
    ],
)
def test_a_sweep_that_ends_takes_its_workers_with_it(
    tmp_path: Path, number: signal.Signals, code: int, said: str | None
) -> None:
    returned, stderr = end_a_sweep("joblib", number, cwd=tmp_path)
    assert returned == code
    if said is not None:  # joblib's resource tracker has its own words on a kill
        assert stderr == said
    names = [name for name, _ in in_store(tmp_path)]
    assert sorted(names) == ["seed=0", "seed=1", "sweep over seed"]
    assert {status for _, status in in_store(tmp_path)} == {"KILLED"}
    if number == signal.SIGKILL:  # otherwise joblib has killed them before they could say so
        assert {run.status for run in children(tmp_path)} == {Status.KILLED}


@pytest.mark.slow
def test_a_hopeless_sweep_is_given_up_by_all_workers(tmp_path: Path) -> None:
    """Runs that were at work when the first one failed may come to their end; no other starts."""
    overrides = ("hydra.launcher.n_jobs=2", "trainer.epochs=1", "sweep.fail_fast=true")
    lrs = "optimizer.lr=1e30,1e31,1e32,1e33,1e34,1e35"
    code, stdout, _ = swept("joblib", *overrides, lrs, cwd=tmp_path)
    assert code == 1
    failed = len(children(tmp_path))
    assert {run.status for run in children(tmp_path)} == {Status.FAILED}
    assert 1 <= failed <= 2
    assert f"6 runs: {failed} failed, {6 - failed} not started" in stdout.splitlines()
    assert parent(tmp_path).status == Status.FINISHED
