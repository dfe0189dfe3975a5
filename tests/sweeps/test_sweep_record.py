"""Sweeps in processes of their own that are killed, and go on by the same command: as the same run in MLflow."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from optuna.trial import TrialState

from scratchlab.sweeps.study import open_study
from scratchlab.tracking import FINGERPRINT, JOURNAL, PRUNED, read_run
from tests.launched import Ended
from tests.polling import wait_until
from tests.sweeps.sweeping import DEADLINE_SECONDS, SweptRun, children, in_store, living, parent, sweeping
from tests.sweeps.test_sweep import sweep


def status(run: SweptRun) -> str:
    """How a run ended; one that was killed could not say so itself."""
    return read_run(run.folder).status


def finished(cwd: Path) -> Counter[str]:
    """How often each configuration has come to its end."""
    return Counter(run.start.tags[FINGERPRINT] for run in children(cwd) if status(run) == "FINISHED")


def given(*overrides: str, cwd: Path) -> list[str]:
    """Give a command that ends well; return what it prints."""
    with sweeping("basic", *overrides, cwd=cwd) as process:
        stdout, stderr = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, stderr) == (0, "")
    return stdout.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_a_sweep_that_was_killed_at_any_moment_is_finished_by_the_same_command(
    tmp_path: Path, seed: int
) -> None:
    """At once: nobody waits until MLflow has heard of the first attempt, which takes seconds."""
    overrides = ("trainer.epochs=1", "model.hidden=4,8,12", "optimizer.lr=0.1,0.2", "seed=0,1")
    moment = random.Random(seed).uniform(0, 3)
    with sweeping("basic", *overrides, cwd=tmp_path) as process:
        wait_until(lambda: list(tmp_path.glob(f"outputs/*/*/0/{JOURNAL}")), "the first run")
        time.sleep(moment)
        process.kill()
        process.wait()
    before = finished(tmp_path)
    assert len(before) < 12, "the moment was too late to interrupt anything"
    lines = given(*overrides, cwd=tmp_path)
    counted = f"{12 - len(before)} finished" + (f", {len(before)} had finished before" if before else "")
    assert f"12 runs: {counted}" in lines
    assert list(finished(tmp_path).values()) == [1] * 12
    wait_until(
        lambda: not living(tmp_path), "the end of all publishers"
    )  # the first publisher has nothing left to do, either
    statuses = Counter(ended for _, ended in in_store(tmp_path))
    assert statuses["FINISHED"] == 12 + 1
    assert statuses["KILLED"] == len(children(tmp_path)) - 12 <= 1
    assert statuses.total() == len(children(tmp_path)) + 1
    assert parent(tmp_path).status == "FINISHED"


@pytest.mark.slow
def test_a_search_that_was_killed_goes_on_with_its_study(tmp_path: Path) -> None:
    overrides = (
        "sweep=tpe",
        "sweep.n_trials=6",
        "trainer.epochs=2",
        "optimizer.lr=tag(log,interval(1e-3,1))",
    )
    with sweeping("basic", *overrides, cwd=tmp_path) as process:
        third = f"outputs/*/*/2/{JOURNAL}"
        wait_until(lambda: any(path.stat().st_size for path in tmp_path.glob(third)), "the third run")
        process.kill()
        process.wait()
    given(*overrides, cwd=tmp_path)
    study = open_study(parent(tmp_path).folder)
    done = study.get_trials(states=(TrialState.COMPLETE, TrialState.PRUNED))
    assert len(done) == 6
    assert study.get_trials(states=(TrialState.RUNNING, TrialState.WAITING)) == []
    ended = [run for run in children(tmp_path) if status(run) == "FINISHED" or PRUNED in run.tags]
    assert len({run.start.tags[FINGERPRINT] for run in ended}) == len(ended) == 6
    wait_until(lambda: not living(tmp_path), "the end of all publishers")
    assert {ended for _, ended in in_store(tmp_path)} <= {"FINISHED", "KILLED"}
    assert len(in_store(tmp_path)) == len(children(tmp_path)) + 1


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A sweep that was given up at its first failure, of a configuration that always fails."""
    overrides = ("sweep.fail_fast=true", "trainer.epochs=1", "optimizer.lr=1e30,0.1,0.2")
    return sweep(*overrides, cwd=tmp_path_factory.mktemp("failed"))


def test_a_hopeless_sweep_starts_no_further_run(failed: Ended) -> None:
    assert failed.code == 1
    assert [run.status for run in children(failed.cwd)] == ["FAILED"]
    assert "3 runs: 1 failed, 2 not started" in failed.stdout.splitlines()
    assert parent(failed.cwd).status == "FINISHED"


@pytest.mark.usefixtures("no_figures")
def test_it_is_tried_again_by_the_same_command(failed: Ended) -> None:
    """With a higher limit all goes on: what failed before does not count."""
    again = sweep(*("sweep.max_failures=2", "trainer.epochs=1", "optimizer.lr=1e30,0.1,0.2"), cwd=failed.cwd)
    assert again.code == 1
    assert "3 runs: 2 finished, 1 failed" in again.stdout.splitlines()
    assert [run.status for run in children(failed.cwd)] == ["FAILED", "FAILED", "FINISHED", "FINISHED"]
    assert parent(failed.cwd).status == "FINISHED"


@pytest.mark.usefixtures("no_figures")
def test_another_sweep_is_not_continued(tmp_path: Path) -> None:
    for width in (8, 9):
        assert sweep("trainer.epochs=1", f"model.hidden={width}", "seed=0,1", cwd=tmp_path).code == 0
    assert len(list(tmp_path.glob(f"outputs/*/*-sweep/{JOURNAL}"))) == 2


@pytest.mark.usefixtures("no_figures")
def test_without_resume_all_is_done_anew_and_in_a_folder_of_its_own(tmp_path: Path) -> None:
    overrides = ("trainer.epochs=1", "model.hidden=8", "seed=0,1")
    assert sweep(*overrides, cwd=tmp_path).code == 0
    again = sweep(*overrides, cwd=tmp_path)
    assert "2 runs: 2 had finished before" in again.stdout.splitlines()
    anew = sweep(*overrides, "sweep.reuse=false", cwd=tmp_path)
    assert "2 runs: 2 finished" in anew.stdout.splitlines()
    assert len(list(tmp_path.glob(f"outputs/*/*-sweep/{JOURNAL}"))) == 2
