"""A run, as the code that makes it sees it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from scratchlab.tracking.publish.receipt import Published

DESCRIPTION = "mlflow.note.content"
"""The tag whose value, in Markdown, is shown as the description of a run."""

KIND = "scratchlab.kind"
"""The tag of a run with what it is: `train`, `check`, `sweep`, or `ensemble`."""

OVERRIDES = "scratchlab.overrides"
"""The tag of a run with what was typed to start it."""

FOLDER = "scratchlab.folder"
"""The tag with the folder of a run: where it is gone on with, and published from."""


class StoppedError(Exception):
    """A run ends before it has done all it was to do, because somebody said so: it is KILLED, not FAILED."""


class PrunedError(StoppedError):
    """The search that a run belongs to has given it up."""


class Run(ABC):
    """One execution and what it records, in a `with` block: leaving the block ends the run.

    Attributes:
        remedy: what to type to publish a run that has ended and that MLflow does not have all of, in a sentence; None
            if it has.
    """

    remedy: str | None = None

    @abstractmethod
    def log_metrics(self, values: Mapping[str, float], *, step: int) -> None:
        """Record what was measured at a step (or epoch)."""

    @abstractmethod
    def set_tag(self, key: str, value: str) -> None:
        """Set a tag."""

    @abstractmethod
    def log_artifact(self, path: str, write: Callable[[Path], object]) -> None:
        """Record a file as the artifact `path` (`plots/curves.png`); `write(place)` has to write it to `place`.

        `place` has the suffix of `path`. A `write` that fails leaves nothing behind.
        """

    @abstractmethod
    def log_dataset(
        self, *, name: str, digest: str, source: str, num_train: int, num_val: int, num_test: int
    ) -> None:
        """Record the data set: what it is, where it came from, and how many examples each split has."""

    @abstractmethod
    def log_model(self, folder: Path) -> None:
        """Record a trained network: a folder with `weights.npz` and `network.json` inside the run's folder."""

    @abstractmethod
    def sync(self) -> None:
        """Return when all that was recorded is on the disk, where the death of the machine does not lose it."""

    @property
    @abstractmethod
    def published(self) -> Published | None:
        """Where the run is in MLflow; None while it is nowhere."""

    def __enter__(self) -> Self:
        return self

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the run. The exception that ended it, if one did, goes on."""


class NullRun(Run):
    """A run of which nothing is recorded."""

    def log_metrics(self, values: Mapping[str, float], *, step: int) -> None:
        """Do nothing."""

    def set_tag(self, key: str, value: str) -> None:
        """Do nothing."""

    def log_artifact(self, path: str, write: Callable[[Path], object]) -> None:
        """Do nothing; `write` is not called."""

    def log_dataset(
        self, *, name: str, digest: str, source: str, num_train: int, num_val: int, num_test: int
    ) -> None:
        """Do nothing."""

    def log_model(self, folder: Path) -> None:
        """Do nothing."""

    def sync(self) -> None:
        """Do nothing."""

    @property
    def published(self) -> None:
        """Nowhere, ever."""
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing."""


class FilesRun(NullRun):
    """A run of which the files are kept, in a folder, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def log_artifact(self, path: str, write: Callable[[Path], object]) -> None:
        """Have `write` write the file to its place in the folder."""
        place = self._folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        write(place)
