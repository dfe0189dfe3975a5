"""What has become of a run of a sweep."""

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from scratchlab.tracking import PRUNED, PastRun
from scratchlab.tracking.journal.records import Status


class State(StrEnum):
    """How a run of a sweep ended, in the words of its summary."""

    FINISHED = "finished"
    REUSED = "had finished before"
    PRUNED = "pruned"
    FAILED = "failed"
    KILLED = "killed"
    SKIPPED = "not started"


@dataclass(frozen=True)
class Outcome:
    """The end of a run, and what it is compared by."""

    state: State
    score: float = math.nan
    """The accuracy, a fraction; nan where the run has not come to its end."""
    run: PastRun | None = None
    """What is on record of it."""
    folder: Path | None = None
    """Its own, in that of the sweep."""

    @classmethod
    def of(cls, run: PastRun, folder: Path) -> Self:
        """Return the outcome of a run that has ended."""
        if PRUNED in run.tags:
            return cls(State.PRUNED, run=run, folder=folder)
        match Status(run.status):
            case Status.FINISHED:
                return cls(State.FINISHED, run.score, run, folder)
            case Status.FAILED:
                return cls(State.FAILED, run=run, folder=folder)
            case Status.KILLED:
                return cls(State.KILLED, run=run, folder=folder)

    @property
    def is_settled(self) -> bool:
        """Whether nothing would be learned from running it again."""
        return self.state in (State.FINISHED, State.REUSED, State.PRUNED)
