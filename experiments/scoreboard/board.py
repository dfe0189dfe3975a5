"""The rows of the scoreboard, as experiments/scoreboard.yaml has them."""

from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from experiments.scoreboard.row import Row
from scratchlab.arguments import ArgumentError

FILE = "scoreboard.yaml"


class BoardError(ValueError):
    """A file of rows that cannot be used: which row, which key, what was expected."""


def read_board(path: Path) -> list[Row]:
    """Return the rows in `path`, in their order.

    Raises:
        BoardError: there is no such file, it is no YAML, or a row is not as it should be.
    """
    try:
        board = OmegaConf.load(path)
    except OSError as error:
        raise BoardError(f"{path}: {error.strerror}") from None
    except Exception as error:  # of PyYAML, which OmegaConf lets through
        raise BoardError(f"{path}: expected YAML, {' '.join(str(error).split())}") from None
    entries = OmegaConf.to_container(board) if isinstance(board, DictConfig) else None
    if not isinstance(entries, dict) or not entries:
        raise BoardError(f"{path}: expected rows by their names")
    rows = []
    for key, values in entries.items():
        name = str(key)
        if not isinstance(values, dict):
            raise BoardError(f"{path}: row {name}: expected keys with values")
        try:
            rows.append(Row.of(name, {str(each): value for each, value in values.items()}))
        except ArgumentError as error:
            raise BoardError(f"{path}: row {name}: {error}") from None
    return rows
