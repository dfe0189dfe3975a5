from pathlib import Path
from typing import Any, cast

import pytest
from optuna.distributions import FloatDistribution
from optuna.pruners import MedianPruner
from optuna.trial import TrialState

from scratchlab.sweeps.pruning import Pruning
from scratchlab.sweeps.study import open_study
from scratchlab.tracking import PRUNED, NullRun, PrunedError
from scratchlab.training import Trainer
from tests.launched import Ended, without_figures
from tests.sweeps.sweeping import children, parent
from tests.sweeps.test_sweep import sweep


class Tagged(NullRun):
    def __init__(self) -> None:
        self.tags: dict[str, str] = {}

    def set_tag(self, key: str, value: str) -> None:
        self.tags[key] = value


class AtEpoch:
    """What a callback sees of a trainer."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch


def report(pruning: Pruning, *accuracies: float, key: str = "val/accuracy") -> None:
    """Tell of epochs, the first one first."""
    for epoch, accuracy in enumerate(accuracies, start=1):
        trainer = cast(Trainer, AtEpoch(epoch))
        pruning.on_epoch_end(trainer, {"train/accuracy": 0.0, key: accuracy})


@pytest.fixture
def study(tmp_path: Path) -> Any:
    """A study that prunes what is worse than the median of the trials before, of which there are three."""
    study = open_study(tmp_path, pruner=MedianPruner(n_startup_trials=1, n_warmup_steps=0))
    for accuracies in ((0.2, 0.5), (0.3, 0.6), (0.4, 0.7)):
        trial = study.ask({"lr": FloatDistribution(0, 1)})
        report(Pruning(trial, Tagged()), *accuracies)
        study.tell(trial, accuracies[-1])
    return study


def test_a_run_below_the_median_of_an_epoch_is_given_up(study: Any) -> None:
    trial, run = study.ask({"lr": FloatDistribution(0, 1)}), Tagged()
    with pytest.raises(PrunedError, match=r"^pruned after epoch 2 with 59\.00 %$"):
        report(Pruning(trial, run), 0.35, 0.59)
    assert run.tags == {PRUNED: "after epoch 2"}
    assert study.trials[-1].intermediate_values == {1: 0.35, 2: 0.59}


def test_a_run_above_it_goes_on(study: Any) -> None:
    trial, run = study.ask({"lr": FloatDistribution(0, 1)}), Tagged()
    report(Pruning(trial, run), 0.35, 0.61)
    assert run.tags == {}


def test_without_validation_examples_it_is_the_training_accuracy(tmp_path: Path) -> None:
    study = open_study(tmp_path)
    trial = study.ask({"lr": FloatDistribution(0, 1)})
    report(Pruning(trial, Tagged()), 0.5, 0.75, key="train/accuracy")
    assert study.trials[0].intermediate_values == {1: 0.5, 2: 0.75}


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A search in which learning rates of nearly nothing are given up: 8 trials of up to 3 epochs."""
    with without_figures():
        return sweep(
            *("sweep=tpe", "sweep.n_trials=8", "sweep.pruner.n_startup_trials=2", "trainer.epochs=3"),
            "optimizer.lr=tag(log,interval(1e-6,1e-1))",
            cwd=tmp_path_factory.mktemp("searched"),
        )


def test_a_pruned_run_ends_killed_with_a_tag_and_its_curve(searched: Ended) -> None:
    assert (searched.code, searched.stderr) == (0, "")
    runs = children(searched.cwd)
    assert len(runs) == 8
    pruned = [run for run in runs if PRUNED in run.tags]
    assert 0 < len(pruned) < 6
    for run in pruned:
        assert run.status == "KILLED"
        assert run.tags[PRUNED].startswith("after epoch ")
        assert "val/accuracy" in run.values
        assert "test/accuracy" not in run.values
        assert "artifacts/traceback.txt" not in run.artifacts
    for run in runs:
        if run not in pruned:
            assert run.status == "FINISHED"
            assert "test/accuracy" in run.values
    assert parent(searched.cwd).status == "FINISHED"


def test_a_pruned_run_is_a_line_and_is_counted(searched: Ended) -> None:
    pruned = [run for run in children(searched.cwd) if PRUNED in run.tags]
    lines = searched.stdout.splitlines()
    for run in pruned:
        [line] = [line for line in lines if f"  {run.start.name}  pruned after epoch " in line]
        assert line.endswith(f"with {100 * run.values['val/accuracy']:.2f} %")
    assert f"8 runs: {8 - len(pruned)} finished, {len(pruned)} pruned" in lines


def test_the_study_has_the_curves_and_ends_of_all_runs(searched: Ended) -> None:
    runs = children(searched.cwd)
    trials = open_study(parent(searched.cwd).folder).trials
    assert len(trials) == 8
    for trial, run in zip(trials, runs, strict=True):
        assert f"{trial.params['optimizer.lr']:.4g}" == f"{run.start.params['optimizer.lr']:.4g}"
        was_pruned = PRUNED in run.tags
        assert trial.state is (TrialState.PRUNED if was_pruned else TrialState.COMPLETE)
        assert list(trial.intermediate_values)[-1] == (int(run.tags[PRUNED].split()[-1]) if was_pruned else 3)
        if not was_pruned:
            assert trial.value == run.values["best/val_accuracy"]
