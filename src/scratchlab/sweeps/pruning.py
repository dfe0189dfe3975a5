"""The early end of a run that does worse than the other runs of its search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from omegaconf import DictConfig

from scratchlab.config.build import part
from scratchlab.config.invocation import is_child, sweep_folder, typed_overrides
from scratchlab.sweeps.study import OVERRIDES, STUDY, open_study
from scratchlab.tracking import PRUNED, PrunedError, Run
from scratchlab.training import Callback, Trainer

if TYPE_CHECKING:
    from optuna import Trial


class Pruning(Callback):
    """Reports the validation accuracy of every epoch to a trial, and ends the run when its study's pruner says so.

    Without validation examples it is the accuracy on training examples, as everywhere.
    """

    def __init__(self, trial: Trial, run: Run) -> None:
        self._trial = trial
        self._run = run

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Report the epoch.

        Raises:
            PrunedError: the pruner gives the trial up.
        """
        accuracy = metrics.get("val/accuracy", metrics["train/accuracy"])
        self._trial.report(accuracy, trainer.epoch)
        if self._trial.should_prune():
            self._run.set_tag(PRUNED, f"after epoch {trainer.epoch}")
            raise PrunedError(f"pruned after epoch {trainer.epoch} with {100 * accuracy:.2f} %")


def pruning(config: DictConfig, run: Run) -> list[Pruning]:
    """Return what prunes this run, nothing where it is no trial of a search."""
    if not is_child() or not (folder := sweep_folder()).joinpath(STUDY).exists():
        return []
    from optuna.trial import Trial, TrialState

    study, overrides = open_study(folder, pruner=part(config.sweep.pruner)), typed_overrides()
    trials = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    return [
        Pruning(Trial(study, trial._trial_id), run)
        for trial in trials
        if trial.user_attrs.get(OVERRIDES) == overrides
    ]
