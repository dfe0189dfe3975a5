"""The leaderboard of a sweep: its configurations by their accuracy, over the seeds they were run with."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

import numpy as np
from rich.table import Table
from rich.text import Text

from scratchlab.compare.measure import Measure
from scratchlab.config.overrides import SEED, comparable, named


@dataclass(frozen=True)
class Row:
    """One configuration: the values that distinguish it, and its runs that have a score."""

    values: dict[str, str]
    """As the first of its runs has them."""
    runs: list[int]
    """Their numbers, best first."""
    mean: float
    """Of their accuracies, fractions."""
    std: float
    """Standard deviation of the runs around their mean (divisor n - 1), nan for one run."""

    @property
    def n(self) -> int:
        """How many runs the mean is over."""
        return len(self.runs)

    @property
    def name(self) -> str:
        """The configuration as a person says it: `hidden=500 lr=1e-3`."""
        return named(self.values) or "all runs"

    @property
    def accuracy(self) -> str:
        """The accuracy as a person reads it: `98.12 %`, `98.12 ± 0.05 %`."""
        deviation = "" if math.isnan(self.std) else f" ± {100 * self.std:.2f}"
        return f"{100 * self.mean:.2f}{deviation} %"


@dataclass(frozen=True)
class Leaderboard:
    """Rows, best first; of equal ones that which was typed first."""

    rows: list[Row]
    measure: Measure = Measure.VALIDATION
    """Which accuracy it is."""

    @classmethod
    def of(
        cls,
        values: Sequence[dict[str, str]],
        scores: Sequence[float],
        measure: Measure = Measure.VALIDATION,
    ) -> "Leaderboard":
        """Group runs by their values, the seed aside, and rank the groups by their mean score; nan is no score."""
        groups: dict[tuple[tuple[str, float | str], ...], list[int]] = {}
        for number, of_run in enumerate(values):
            if not math.isnan(scores[number]):
                key = tuple((key, comparable(value)) for key, value in of_run.items() if key != SEED)
                groups.setdefault(key, []).append(number)
        rows = [_row(values[numbers[0]], numbers, scores) for numbers in groups.values()]
        return cls(sorted(rows, key=lambda row: -row.mean), measure)

    def table(self, *, max_rows: int = 10) -> Table:
        """Return the best rows as a table for the terminal."""
        title = f"the best {max_rows} of {len(self.rows)}" if len(self.rows) > max_rows else None
        table = Table("rank", "configuration", self.measure.short, "std", "n", title=title)
        for cells in list(self._cells())[:max_rows]:
            table.add_row(*map(Text, cells))  # as text: [relu,tanh] is a list here, and no style
        return table

    def markdown(self, *, max_rows: int | None = None) -> str:
        """Return the best rows, all by default, as a Markdown table."""
        lines = [
            " | ".join(("", *(cell.replace("|", "\\|") for cell in cells), "")).strip()
            for cells in list(self._cells())[:max_rows]
        ]
        return "\n".join(
            [
                f"| rank | configuration | {self.measure.short} | std | n |",
                "| --- | --- | --- | --- | --- |",
                *lines,
                "",
            ]
        )

    def csv(self) -> str:
        """Return all rows as comma-separated values, accuracies as fractions."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        keys = list(self.rows[0].values) if self.rows else []
        writer.writerow([*keys, self.measure.key, "std", "n"])
        for row in self.rows:
            writer.writerow([*row.values.values(), row.mean, row.std, row.n])
        return text.getvalue()

    def _cells(self) -> Iterator[tuple[str, ...]]:
        for rank, row in enumerate(self.rows, start=1):
            std = "" if math.isnan(row.std) else f"{100 * row.std:.2f}"
            yield str(rank), row.name, f"{100 * row.mean:.2f} %", std, str(row.n)


def _row(values: dict[str, str], numbers: list[int], scores: Sequence[float]) -> Row:
    of_group = np.array([scores[number] for number in numbers])
    std = float(of_group.std(ddof=1)) if len(numbers) > 1 else math.nan
    best_first = sorted(numbers, key=lambda number: -scores[number])
    without_seed = {key: value for key, value in values.items() if key != SEED}
    return Row(without_seed, best_first, float(of_group.mean()), std)
