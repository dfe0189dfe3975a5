"""Where a run is in MLflow, as its publisher wrote it down beside the journal."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from scratchlab.processes.files import written_whole
from scratchlab.tracking.store.links import run_link

PUBLISHED = "published.json"


@dataclass(frozen=True)
class Published:
    """A run in MLflow: the last one of the run's folder, if it was published to several stores."""

    uri: str
    experiment_id: str
    run_id: str
    status: str
    """RUNNING until everything that the journal holds is there."""

    @property
    def is_embedded(self) -> bool:
        """Whether the store is a file, whose pages somebody has to serve, rather than a server."""
        return not self.uri.startswith("http")

    @property
    def link(self) -> str:
        """The address of the run's page."""
        return run_link(self.uri, self.experiment_id, self.run_id)

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Return what is known about the run in `folder`, None if it was never published.

        A file that the death of the machine has left empty tells nothing either.
        """
        try:
            return cls(**json.loads((folder / PUBLISHED).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def save(self, folder: Path) -> None:
        """Write it down for `load`; a reader sees the old file or the new one, never a half."""
        with written_whole(folder / PUBLISHED) as place:
            place.write_text(json.dumps(asdict(self), indent=2) + "\n")
