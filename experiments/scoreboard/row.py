"""A row of the scoreboard: a published result, and what to run here to be held against it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from experiments.scoreboard.pictures import FIGURES
from experiments.scoreboard.training import KEYS, Training
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
    trainings: tuple[Training, ...]
    """The networks that are trained for it."""
    is_drawn: bool = True
    """Whether anything in a run is left to chance."""
    is_ensemble: bool = False
    """Whether the networks are averaged, and their mean is what counts."""
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
        _texts(self, "paper", "network", "spread", "hours", "page", "label")
        one_of(DATA, data=self.data)
        positive(minutes=self.minutes)
        flag(is_drawn=self.is_drawn, is_quick=self.is_quick)
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
        if self.is_drawn and not self.is_ensemble:
            is_short = self.minutes < SHORT_RUN_MINUTES
            count(minimum=SEEDS_OF_SHORT_RUNS if is_short else SEEDS, seeds=self.num_trained)

    @classmethod
    def of(cls, name: str, values: Mapping[str, Any]) -> Self:
        """Return the row that a board's entry describes.

        Raises:
            ArgumentError: for a key that is unknown or missing, or a value that cannot be.
        """
        own = [each.name for each in fields(cls) if each.name not in ("name", "trainings", "is_ensemble")]
        known = [*own, *KEYS, "members"]
        for key, value in values.items():
            if key not in known:
                raise ArgumentError(key, value, f"one of the keys {', '.join(known)}{nearest(key, known)}")
        for key in ("paper", "network", "data", "minutes"):
            if key not in values:
                raise ArgumentError(key, None, "a value: every row has one")
        members = values.get("members")
        return cls(
            name=name,
            trainings=_trainings(name, values) if members is None else _members(name, values, members),
            is_ensemble=members is not None,
            **{key: values[key] for key in own if key in values},
        )

    @property
    def num_trained(self) -> int:
        """How many networks are trained for it."""
        return sum(training.seeds for training in self.trainings)

    @property
    def num_runs(self) -> int:
        """How many runs count for it: each of the networks, or the one that averages them."""
        return 1 if self.is_ensemble else self.num_trained


def _trainings(name: str, values: Mapping[str, Any]) -> tuple[Training, ...]:
    """Return the networks of a row that is no ensemble."""
    return (Training.of({key: values[key] for key in KEYS if key in values}, experiment=name),)


def _members(name: str, values: Mapping[str, Any], members: object) -> tuple[Training, ...]:
    """Return the networks that an ensemble averages."""
    if not isinstance(members, list) or not all(isinstance(each, Mapping) for each in members):
        raise ArgumentError(
            "members", members, "a list like [{seeds: 3}, {overrides: [model=linear], seeds: 2}]"
        )
    for key in KEYS:
        if key in values:
            raise ArgumentError(key, values[key], "it with the members of an ensemble, not beside them")
    trainings = tuple(Training.of(each, experiment=name) for each in members)
    if sum(training.seeds for training in trainings) < 2:
        raise ArgumentError("members", members, "at least two networks")
    return trainings


def _texts(row: Row, *names: str) -> None:
    for name in names:
        value = getattr(row, name)
        if not isinstance(value, str):
            raise ArgumentError(name, value, "text (in quotes, where it looks like a number)")
