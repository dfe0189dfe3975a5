"""A row of the scoreboard: a published result, and what to run here to be held against it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from scratchlab.app.scoreboard.pictures import FIGURES
from scratchlab.arguments import ArgumentError, count, flag, nearest, one_of, positive

DATA = {"mnist": "MNIST", "cifar10": "CIFAR-10"}
"""The data sets that rows are about, and how the page calls them."""
STATUSES = {
    "S": "read in a primary source or in the author's code",
    "T": "read in transcriptions that agree",
    "M": "from memory: a target rather than a citation",
}
"""How sure a published number is."""
SHORT_RUN_MINUTES = 5
SEEDS, SEEDS_OF_SHORT_RUNS = 3, 5


@dataclass(frozen=True, kw_only=True)
class Row:
    """A published result and its recipe here.

    Raises:
        ArgumentError: a value is out of range, or values do not belong together.
    """

    name: str
    """Its key, and the name of its file under `results/`."""
    paper: str
    network: str
    data: str
    """One of `DATA`."""
    minutes: float
    """How long a run takes, roughly: the shortest are run first."""
    seeds: int
    """How many runs there are to be, with the seeds 0, 1, ..."""
    experiment: str = ""
    """The recipe in conf/experiment; by default the one called like the row."""
    overrides: tuple[str, ...] = ()
    """What is typed beside it."""
    is_drawn: bool = True
    """Whether anything in a run is left to chance."""
    members: int | None = None
    """Of a committee: how many networks are averaged. Its nth run has the nth `members` seeds of the recipe."""
    error: float | None = None
    """The published test error in per cent; None where the paper draws curves instead."""
    spread: str = ""
    """What the paper says beside it: `± 0.03`."""
    status: str = ""
    """One of `STATUSES`, empty where it is not known."""
    hours: str = ""
    """How long the paper trained."""
    page: str = ""
    """The page about it, beside the scoreboard's."""
    is_quick: bool = False
    """Whether it belongs to the rows that take a quarter of an hour together."""
    figure: str | None = None
    """The one of `FIGURES` that it is a curve of."""
    label: str = ""
    """What the figure calls it."""

    def __post_init__(self) -> None:
        if not self.experiment:
            object.__setattr__(self, "experiment", self.name)
        _texts(self, "paper", "network", "experiment", "spread", "hours", "page", "label")
        one_of(DATA, data=self.data)
        positive(minutes=self.minutes)
        count(seeds=self.seeds)
        flag(is_drawn=self.is_drawn, is_quick=self.is_quick)
        if self.members is not None:
            count(minimum=2, members=self.members)
        if self.error is not None:
            positive(error=self.error)
            if self.status:
                one_of(STATUSES, status=self.status)
            self._demand_seeds()
        elif self.figure is None:
            raise ArgumentError(
                "error", self.error, "a number above 0, or a figure that the row is a curve of"
            )
        if self.figure is not None:
            one_of(FIGURES, figure=self.figure)
            if not self.label:
                raise ArgumentError("label", self.label, "what the figure calls the row")

    def _demand_seeds(self) -> None:
        if not self.is_drawn or self.members is not None:
            return
        is_short = self.minutes < SHORT_RUN_MINUTES
        count(minimum=SEEDS_OF_SHORT_RUNS if is_short else SEEDS, seeds=self.seeds)

    @classmethod
    def of(cls, name: str, values: Mapping[str, Any]) -> Self:
        """Return the row that a board's entry describes.

        Raises:
            ArgumentError: for a key that is unknown or missing, or a value that cannot be.
        """
        known = {each.name: each for each in fields(cls) if each.name != "name"}
        for key, value in values.items():
            if key not in known:
                raise ArgumentError(key, value, f"one of the keys {', '.join(known)}{nearest(key, known)}")
        for key in ("paper", "network", "data", "minutes", "seeds"):
            if key not in values:
                raise ArgumentError(key, None, "a value: every row has one")
        overrides = values.get("overrides", [])
        if not isinstance(overrides, list) or not all(isinstance(each, str) for each in overrides):
            raise ArgumentError("overrides", overrides, "a list like [model.norm=none]")
        return cls(name=name, **{**values, "overrides": tuple(overrides)})

    @property
    def num_trained(self) -> int:
        """How many networks are trained for it."""
        return self.seeds * (self.members or 1)

    def arguments(self) -> list[str]:
        """Return what train.py is given for all that the row needs."""
        typed = [f"experiment={self.experiment}", *self.overrides]
        return ["-m", *typed, f"seed=range({self.num_trained})"] if self.num_trained > 1 else typed


def _texts(row: Row, *names: str) -> None:
    for name in names:
        value = getattr(row, name)
        if not isinstance(value, str):
            raise ArgumentError(name, value, "text (in quotes, where it looks like a number)")
