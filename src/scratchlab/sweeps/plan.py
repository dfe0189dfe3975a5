"""Which runs a sweep makes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from scratchlab.sweeps.outcome import Outcome

Overrides = list[str]
"""What a run is given: `["model.hidden=100", "optimizer.lr=0.01"]`."""


class Plan(ABC):
    """Propose a sweep's runs in batches. Later batches may depend on earlier results.

    Attributes:
        varied: the keys whose values the sweep varies, and these values as they were typed.
    """

    varied: dict[str, str]

    @property
    @abstractmethod
    def identity(self) -> object:
        """What, besides the overrides, makes another plan of it; as JSON."""

    @property
    @abstractmethod
    def num_runs(self) -> int:
        """How many runs there will be, at most."""

    @abstractmethod
    def samples(self) -> list[Overrides]:
        """Return runs that take every value that is planned, of a range its ends: what is checked before the start."""

    def open(self, folder: Path) -> list[Overrides]:
        """Begin, or go on with what an interrupted sweep has left in `folder`; return the runs that it is done with."""
        return []

    @abstractmethod
    def next_batch(self) -> list[Overrides]:
        """Return runs that may all be started now, none when the sweep is over."""

    def tell(self, outcomes: Sequence[Outcome]) -> None:  # noqa: B027 - a grid has nothing to learn
        """Learn what has become of the runs of the last batch, in their order."""
