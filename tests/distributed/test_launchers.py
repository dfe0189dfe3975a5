"""Sweeps on Ray, with two workers on this machine, and as jobs of submitit's local executor."""

import signal
from pathlib import Path

import pytest

from tests.sweeps.sweeping import all_is_in_the_store, end_a_sweep, in_store, swept, troubles_stay_apart
from tests.sweeps.troubled import SAID

LAUNCHERS = {"ray": ("hydra.launcher.init.num_cpus=2",), "submitit_local": ()}


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_sweep_is_one_parent_with_all_its_runs(tmp_path: Path, launcher: str) -> None:
    overrides = ("trainer.epochs=2", "model.hidden=8,16", "seed=0,1", *LAUNCHERS[launcher])
    code, stdout, stderr = swept(launcher, *overrides, cwd=tmp_path)
    assert (code, stderr) == (0, "")
    assert "4 runs: 4 finished" in stdout.splitlines()
    all_is_in_the_store(tmp_path, finished=4)


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_runs_in_trouble_leave_the_others_alone(tmp_path: Path, launcher: str) -> None:
    stderr = troubles_stay_apart(launcher, *LAUNCHERS[launcher], cwd=tmp_path)
    if launcher == "ray":  # submitit has written it into a file of each run
        assert [stderr.count(f"{said}\n") for said in SAID] == [1] * len(SAID)


@pytest.mark.parametrize("launcher", LAUNCHERS)
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "ended by SIGTERM"),
        (signal.SIGKILL, -9, ""),
    ],
)
def test_a_sweep_that_ends_takes_its_workers_with_it(
    tmp_path: Path, launcher: str, number: signal.Signals, code: int, said: str
) -> None:
    returned, stderr = end_a_sweep(launcher, number, *LAUNCHERS[launcher], cwd=tmp_path)
    assert returned == code
    assert stderr.endswith(f"{said}\n") or not said
    assert {status for _, status in in_store(tmp_path)} == {"KILLED"}


def test_a_run_whose_worker_dies_leaves_the_others_alone(tmp_path: Path) -> None:
    overrides = ("task=tests.sweeps.troubled.die", "trainer.epochs=1", "seed=0,1,2", *LAUNCHERS["ray"])
    code, stdout, stderr = swept("ray", *overrides, cwd=tmp_path)
    assert code == 1
    assert "3 runs: 2 finished, 1 killed" in stdout.splitlines()
    assert stderr.startswith("run 0: The worker died unexpectedly")
    assert sorted(status for _, status in in_store(tmp_path)) == ["FINISHED"] * 3 + ["KILLED"]
