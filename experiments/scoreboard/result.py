"""The runs behind a row, as a CSV file: with it anyone can check the table without our store."""

import csv
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from scratchlab.processes.files import written_whole

CURVES = ("train/loss", "train/accuracy", "val/loss", "val/accuracy")
"""What is measured after every epoch."""
COLUMNS = (
    *("seed", "test_error", "num_test", "seconds", "steps_per_epoch"),
    *("run_id", "fingerprint", "commit", *CURVES),
)


@dataclass(frozen=True)
class Result:
    """What came of a run."""

    seed: int
    """Of an ensemble its number."""
    test_error: float
    """In per cent of the test images."""
    num_test: int
    """How many test images there are."""
    seconds: float
    """Of training and evaluating, without what is drawn and written around it."""
    steps_per_epoch: int
    run_id: str
    """In the MLflow store that it comes from."""
    fingerprint: str
    """What its result follows from; see `scratchlab.config.fingerprint`."""
    commit: str
    """Of the code, with a `+` where the code was changed since."""
    curves: dict[str, Sequence[float]]
    """By the names in `CURVES`, a value for every epoch; empty where none is measured."""

    @property
    def epochs(self) -> int:
        """How many epochs there were."""
        return max(map(len, self.curves.values()), default=0)

    @classmethod
    def of(cls, cells: dict[str, str]) -> Self:
        """Return the result that a line of the file tells.

        Raises:
            ValueError: a cell is no number where one was expected.
        """
        return cls(
            seed=int(cells["seed"]),
            test_error=_finite(cells["test_error"]),
            num_test=int(cells["num_test"]),
            seconds=_finite(cells["seconds"]),
            steps_per_epoch=int(cells["steps_per_epoch"]),
            run_id=cells["run_id"],
            fingerprint=cells["fingerprint"],
            commit=cells["commit"],
            curves={name: tuple(map(float, cells[name].split())) for name in CURVES},
        )

    @property
    def cells(self) -> dict[str, str]:
        """The line of the file: numbers with as many digits as anybody could need, those of a curve in one cell."""
        curves = {name: " ".join(f"{each:.6g}" for each in self.curves.get(name, ())) for name in CURVES}
        return {
            "seed": str(self.seed),
            "test_error": f"{self.test_error:.6g}",
            "num_test": str(self.num_test),
            "seconds": f"{self.seconds:.6g}",
            "steps_per_epoch": str(self.steps_per_epoch),
            "run_id": self.run_id,
            "fingerprint": self.fingerprint,
            "commit": self.commit,
            **curves,
        }


def read_results(path: Path) -> list[Result]:
    """Return the results in a file, none where there is no file.

    Raises:
        ValueError: the file is not as `write_results` writes it.
    """
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.DictReader(file)
        if tuple(lines.fieldnames or ()) != COLUMNS:
            found = ", ".join(lines.fieldnames or ["nothing"])
            raise ValueError(f"{path}: expected the columns {', '.join(COLUMNS)}, found {found}")
        results = []
        for cells in lines:
            if None in cells or None in cells.values():
                raise ValueError(f"{path}, line {lines.line_num}: expected {len(COLUMNS)} cells")
            try:
                results.append(Result.of(cells))
            except ValueError as error:
                raise ValueError(f"{path}, line {lines.line_num}: {error}") from None
    return results


def write_results(path: Path, results: Collection[Result]) -> None:
    """Write the results in the order of their seeds; where there are none, there is no file.

    The file is written beside its place and renamed into it: it may be all that is left of the runs.
    """
    if not results:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as place, place.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(result.cells for result in sorted(results, key=lambda result: result.seed))


def _finite(typed: str) -> float:
    number = float(typed)
    if not math.isfinite(number):
        raise ValueError(f"expected a finite number, found {typed}")
    return number
