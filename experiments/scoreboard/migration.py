"""Give the files of results today's fingerprints: `python -m experiments.scoreboard.migration`.

Each result keeps its figures. Its old fingerprint has to be the one that its row's experiment had before version 0.2;
a result of an earlier experiment, whose fingerprint nobody can compute any more, keeps the old one.
"""

import csv
from pathlib import Path

from experiments.scoreboard.export import results_file
from experiments.scoreboard.recipe import Recipe
from experiments.scoreboard.result import COLUMNS
from experiments.scoreboard.scoreboard import Scoreboard
from scratchlab.config.project import ROOT
from scratchlab.processes.files import written_whole

OLD_COLUMN, COLUMN = "signature", "fingerprint"


def migrate(folder: Path) -> None:
    """Rewrite every file of results in `folder` that has fingerprints from before version 0.2.

    Raises:
        ValueError: a result is not one of its row's experiment; no file of that row has changed then.
    """
    for row in Scoreboard.read(folder).rows:
        identities = Recipe.of(row).counted
        path = results_file(folder, row.name)
        fieldnames, lines = _read(path)
        if OLD_COLUMN not in fieldnames:
            continue
        for line in lines:
            identity = identities[int(line["seed"])]
            if line[OLD_COLUMN] != identity.earlier:
                raise ValueError(f"{path}, seed {line['seed']}: not a run of its row's experiment")
            line[COLUMN] = identity.digest
        _write(path, lines)
        print(f"{path.name}: proved and migrated {len(lines)}")
    for path in sorted((folder / "results" / "earlier").glob("*.csv")):
        fieldnames, lines = _read(path)
        if OLD_COLUMN in fieldnames:
            _write(path, [line | {COLUMN: line[OLD_COLUMN]} for line in lines])


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    csv.field_size_limit(1 << 24)
    with path.open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        return list(table.fieldnames or []), list(table)


def _write(path: Path, lines: list[dict[str, str]]) -> None:
    with written_whole(path) as place, place.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(lines)


if __name__ == "__main__":
    migrate(ROOT / "experiments")
