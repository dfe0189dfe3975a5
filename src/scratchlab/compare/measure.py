"""Which accuracy runs are ranked by."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self


class Measure(StrEnum):
    """The accuracy that each run has: on validation images or, without any, on those it was trained on."""

    VALIDATION = "validation accuracy"
    TRAINING = "training accuracy"
    EITHER = "validation or training accuracy"

    @classmethod
    def of(cls, is_validated: Iterable[bool]) -> Self:
        """Return the measure of runs, by whether each has a validation accuracy."""
        found = set(is_validated)
        if len(found) > 1:
            return cls.EITHER
        return cls.TRAINING if found == {False} else cls.VALIDATION

    @property
    def short(self) -> str:
        """Its name over a column: `val accuracy`."""
        return self.replace("validation", "val").replace("training", "train")

    @property
    def key(self) -> str:
        """Its name in files and metrics: `val_accuracy`."""
        return self.short.replace(" ", "_")
