"""What train.py is told for the networks of a row: a recipe, and how many seeds of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from scratchlab.arguments import ArgumentError, count, nearest

KEYS = ("experiment", "overrides", "seeds")


@dataclass(frozen=True)
class Training:
    """Networks that differ in their seeds alone: 0, 1, ...

    Raises:
        ArgumentError: a value is out of range.
    """

    experiment: str
    """The recipe in conf/experiment."""
    overrides: tuple[str, ...]
    """What is typed beside it."""
    seeds: int
    """How many there are."""

    def __post_init__(self) -> None:
        if not isinstance(self.experiment, str):
            raise ArgumentError("experiment", self.experiment, "the name of a recipe in conf/experiment")
        count(seeds=self.seeds)

    @classmethod
    def of(cls, values: Mapping[str, Any], *, experiment: str) -> Self:
        """Return what a board's entry describes, with the recipe `experiment` unless it names another.

        Raises:
            ArgumentError: for a key that is unknown or missing, or a value that cannot be.
        """
        for key, value in values.items():
            if key not in KEYS:
                raise ArgumentError(key, value, f"one of the keys {', '.join(KEYS)}{nearest(key, KEYS)}")
        if "seeds" not in values:
            raise ArgumentError("seeds", None, "how many networks are trained")
        overrides = values.get("overrides", [])
        if not isinstance(overrides, list) or not all(isinstance(each, str) for each in overrides):
            raise ArgumentError("overrides", overrides, "a list like [model.norm=none]")
        return cls(values.get("experiment", experiment), tuple(overrides), values["seeds"])

    def arguments(self) -> list[str]:
        """Return what train.py is given for all of them."""
        typed = [f"experiment={self.experiment}", *self.overrides]
        return ["-m", *typed, f"seed=range({self.seeds})"] if self.seeds > 1 else typed
