"""What the runs of a row are made of, as the configuration has it today."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from hydra import compose, initialize_config_dir
from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from experiments.scoreboard.row import Row
from experiments.scoreboard.training import Training
from scratchlab.arguments import ArgumentError
from scratchlab.config.build import load
from scratchlab.config.fingerprint import run_fingerprint
from scratchlab.config.project import CONFIG_FOLDER
from scratchlab.data import DataError, Dataset
from scratchlab.ensembles.ensemble import ensemble_fingerprint
from scratchlab.tracking import Fingerprint


class RecipeError(ValueError):
    """A row whose recipe does not compose, or whose data are not to be had."""


@dataclass(frozen=True)
class Composed:
    """A training's configuration with its data: what tells whether a run is one of its networks."""

    training: Training
    config: DictConfig
    dataset: Dataset

    @classmethod
    def of(cls, training: Training) -> Self:
        """Compose a training's configuration, and load its data."""
        with initialize_config_dir(str(CONFIG_FOLDER), version_base="1.3"):
            config = compose("config", [f"experiment={training.experiment}", *training.overrides])
        return cls(training, config, load(config))

    @property
    def fingerprints(self) -> list[Fingerprint]:
        """The fingerprints of its runs, by their seeds."""
        return [self._fingerprint(seed) for seed in range(self.training.seeds)]

    def _fingerprint(self, seed: int) -> Fingerprint:
        config = self.config.copy()
        config.seed = seed
        return run_fingerprint(config, self.dataset, kind="train")


@dataclass(frozen=True)
class Recipe:
    """What tells whether a run is one of a row's."""

    row: Row
    composed: Sequence[Composed]
    """Each of the row's trainings."""

    @classmethod
    def of(cls, row: Row) -> Self:
        """Compose a row's configurations, and load their data.

        Raises:
            RecipeError: the recipe does not compose, or the data are not there.
        """
        try:
            return cls(row, [Composed.of(training) for training in row.trainings])
        except (HydraException, OmegaConfBaseException, ArgumentError, DataError) as error:
            raise RecipeError(f"{row.name}: {str(error).partition(chr(10))[0].rstrip(':')}") from error

    @property
    def trained(self) -> list[Fingerprint]:
        """The fingerprints of the networks that are trained for the row."""
        return [fingerprint for each in self.composed for fingerprint in each.fingerprints]

    @property
    def counted(self) -> list[Fingerprint]:
        """The fingerprints of the runs that count for the row, by their numbers 0, 1, ..."""
        return [ensemble_fingerprint(self.trained)] if self.row.is_ensemble else self.trained

    @property
    def experiment(self) -> str:
        """The experiment in MLflow that its runs are in."""
        return str(self.composed[0].config.tracking.experiment)

    @property
    def num_test(self) -> int:
        """How many test images there are."""
        return len(self.composed[0].dataset.test)

    @property
    def steps_per_epoch(self) -> int:
        """How many updates an epoch has; of an ensemble, one of its first networks."""
        first = self.composed[0]
        return -(-len(first.dataset.train) // first.config.trainer.batch_size)
