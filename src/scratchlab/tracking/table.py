"""The table of a run, which MLflow shows as one and `mlflow.load_table` reads."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from scratchlab.tracking.run import Run

LOGGED_ARTIFACTS = "mlflow.loggedArtifacts"
"""The tag that lists a run's tables: MLflow looks for them nowhere else."""

Cell = float | str | None


def save_table(run: Run, path: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Save the table of a run as the artifact `path` (`leaderboard.json`), the way `mlflow.log_table` does.

    A run has one; what is not a finite number in it is null.
    """
    table = {"columns": list(columns), "data": [[_finite(cell) for cell in row] for row in rows]}

    def write(place: Path) -> None:
        place.write_text(json.dumps(table, allow_nan=False))

    run.log_artifact(path, write)
    run.set_tag(LOGGED_ARTIFACTS, json.dumps([{"path": path, "type": "table"}]))


def _finite(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
