"""What the runs of a row are made of, as the configuration has it today."""

from dataclasses import dataclass
from typing import Self

from hydra import compose, initialize_config_dir
from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from scratchlab.app.committee import committee_signature
from scratchlab.app.launch import CONFIG_FOLDER
from scratchlab.app.parts import load
from scratchlab.app.record import run_signature
from scratchlab.app.scoreboard.row import Row
from scratchlab.arguments import ArgumentError
from scratchlab.data import DataError, Dataset


class RecipeError(ValueError):
    """A row whose recipe does not compose, or whose data are not to be had."""


@dataclass(frozen=True)
class Recipe:
    """A row's configuration with its data: what tells whether a run is one of the row's."""

    row: Row
    config: DictConfig
    dataset: Dataset

    @classmethod
    def of(cls, row: Row) -> Self:
        """Compose a row's configuration, and load its data.

        Raises:
            RecipeError: the recipe does not compose, or the data are not there.
        """
        try:
            with initialize_config_dir(str(CONFIG_FOLDER), version_base="1.3"):
                config = compose("config", [f"experiment={row.experiment}", *row.overrides])
            return cls(row, config, load(config))
        except (HydraException, OmegaConfBaseException, ArgumentError, DataError) as error:
            raise RecipeError(f"{row.name}: {str(error).partition(chr(10))[0].rstrip(':')}") from error

    @property
    def trained(self) -> dict[str, int]:
        """The seeds of the networks that are trained for the row, by the signatures of their runs."""
        return {self._signature(seed): seed for seed in range(self.row.num_trained)}

    @property
    def counted(self) -> dict[str, int]:
        """The numbers 0, 1, ... of the runs that count for the row, by their signatures.

        Those that train or, of a committee, those that average: the nth has the nth seeds.
        """
        members = self.row.members
        if members is None:
            return self.trained
        signatures = list(self.trained)
        return {
            committee_signature(signatures[first : first + members]): first // members
            for first in range(0, len(signatures), members)
        }

    @property
    def steps_per_epoch(self) -> int:
        """How many updates an epoch has."""
        return -(-len(self.dataset.train) // self.config.trainer.batch_size)

    def _signature(self, seed: int) -> str:
        config = self.config.copy()
        config.seed = seed
        return run_signature(config, self.dataset, kind="train")
