"""Rows and results for tests, with what a test does not care about filled in."""

from collections.abc import Sequence
from pathlib import Path

from experiments.scoreboard.result import Result
from experiments.scoreboard.row import Row
from tests.stored import TINY

ABOUT: dict[str, object] = {
    "paper": "Nobody 1901",
    "network": "100 units",
    "data": "mnist",
    "minutes": 0.1,
    "error": 12.0,
}
"""What every row is told."""


def row(name: str = "tiny", /, **values: object) -> Row:
    """A row that runs in no time, with five seeds."""
    return Row.of(name, ABOUT | {"seeds": 5, "experiment": "starter", "overrides": TINY} | values)


def ensemble_row(name: str = "tiny", /, *members: dict[str, object], **values: object) -> Row:
    """A row that averages networks that are trained in no time."""
    trained = [{"experiment": "starter", "overrides": TINY} | each for each in members]
    return Row.of(name, ABOUT | {"members": trained} | values)


def result(seed: int = 0, error: float = 12.0, **values: object) -> Result:
    """The result of a run."""
    known: dict[str, object] = {
        "seed": seed,
        "test_error": error,
        "num_test": 10_000,
        "seconds": 90.0,
        "steps_per_epoch": 10,
        "run_id": f"{seed:032x}",
        "fingerprint": f"{seed + 100:032x}",
        "commit": "0123456789ab",
        "curves": {
            "train/loss": (0.5, 0.25),
            "train/accuracy": (0.5, 0.75),
            "val/loss": (0.75, 0.5),
            "val/accuracy": (0.5, 0.625),
        },
    }
    return Result(**(known | values))  # type: ignore[arg-type]


def board(folder: Path, text: str) -> Path:
    """Write a file of rows; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scoreboard.yaml").write_text(text)
    return folder


def entry(name: str, *lines: str, overrides: Sequence[str] = TINY, seeds: int = 5) -> str:
    """A row in YAML."""
    fixed = [
        *("paper: Nobody 1901", "network: 100 units", "data: mnist", "minutes: 0.1", f"seeds: {seeds}"),
        *("error: 12.0", "experiment: starter", f"overrides: [{', '.join(overrides)}]"),
    ]
    return "\n".join([f"{name}:", *(f"  {line}" for line in [*fixed, *lines]), ""])
