"""A run of the past, whose journal or MLflow tells what came of it."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from scratchlab.tracking.journal.journal import JOURNAL, run_folders
from scratchlab.tracking.journal.reader import RunReader
from scratchlab.tracking.journal.records import RUNNING, Metrics, Status, Tag
from scratchlab.tracking.publish.receipt import Published
from scratchlab.tracking.run import KIND
from scratchlab.tracking.store.names import MAX_PARAM, text

VAL_ACCURACY = "val/accuracy"
VALIDATED = ("best/val_accuracy", VAL_ACCURACY, "best/cv_accuracy")
SCORES = (*VALIDATED, "train/accuracy")
"""What runs are compared by: the first of these that a run has."""
PRUNED = "pruned"
"""The tag of a run that was given up because others were better."""


class RunNotFoundError(ValueError):
    """Runs that were asked for and are not there, or have nothing to compare."""


@dataclass(frozen=True)
class PastRun:
    """What is known of a run."""

    name: str
    status: str
    """FINISHED, FAILED, KILLED or RUNNING."""
    params: dict[str, str]
    """As they are typed."""
    tags: dict[str, str]
    metrics: dict[str, float]
    """The last value of each."""
    val_accuracy: list[float] = field(default_factory=list)
    """Of each epoch."""
    run_id: str | None = None
    """In MLflow; None if it is not known to be there."""
    folder: Path | None = None
    """The one with its files, which may be gone since; None if it is not known."""

    @property
    def is_training(self) -> bool:
        """Whether it trained something: sweeps are there for their children, and checks have no score."""
        return self.tags.get(KIND, "train") == "train"

    @property
    def is_finished(self) -> bool:
        """Whether the run came to its own end."""
        return self.status == Status.FINISHED and PRUNED not in self.tags

    @property
    def score(self) -> float:
        """The accuracy that the run returned; nan for one that was pruned or cut off."""
        if not self.is_finished:
            return math.nan
        return next((self.metrics[key] for key in SCORES if key in self.metrics), math.nan)

    @property
    def is_validated(self) -> bool:
        """Whether its score was measured on validation images, not on those of training."""
        return any(key in self.metrics for key in VALIDATED)

    @property
    def outcome(self) -> str:
        """How the run ended in a word, nothing if it came to its own end."""
        if PRUNED in self.tags:
            return PRUNED
        return "" if self.is_finished else self.status.lower()


def read_run(folder: Path) -> PastRun:
    """Return the run in `folder`.

    Raises:
        RunNotFoundError: there is none, or it was killed before it could record anything.
        ValueError: its journal is damaged.
    """
    if not (folder / JOURNAL).exists():
        raise RunNotFoundError(f"{folder}: expected the folder of a run, but there is no {JOURNAL} in it")
    reader = RunReader(folder)
    records = reader.read()
    if reader.start is None:
        raise RunNotFoundError(f"{folder}: nothing was recorded")
    measured = [record for record in records if isinstance(record, Metrics)]
    published = Published.load(folder)
    return PastRun(
        name=reader.start.name,
        status=RUNNING if reader.end is None else reader.end.status,
        params={key: text(value, MAX_PARAM) for key, value in reader.start.params.items()},
        tags=reader.start.tags | {record.key: record.value for record in records if isinstance(record, Tag)},
        metrics={key: value for record in measured for key, value in record.values.items()},
        val_accuracy=[each.values[VAL_ACCURACY] for each in measured if VAL_ACCURACY in each.values],
        run_id=None if published is None else published.run_id,
        folder=folder,
    )


def read_runs(folder: Path) -> list[PastRun]:
    """Return the runs of training in `folder` and in the folders below it, in the order of their folders.

    Raises:
        ValueError: a journal is damaged.
    """
    runs = [read_run(each) for each in sorted(run_folders(folder), key=_natural)]
    return [run for run in runs if run.is_training]


def _natural(folder: Path) -> list[tuple[int, str]]:
    """Order the folders 0, 1, 2, ... 10 of a sweep by number."""
    return [(int(part), part) if part.isdecimal() else (-1, part) for part in folder.parts]
