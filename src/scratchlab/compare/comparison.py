"""What several runs have found, side by side: leaderboard, pictures, and a page that holds them all."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from scratchlab import plotting
from scratchlab.compare.differences import ABSENT
from scratchlab.compare.html_report import page
from scratchlab.compare.importance import importance
from scratchlab.compare.leaderboard import Leaderboard, Row
from scratchlab.compare.measure import Measure
from scratchlab.config.overrides import SEED, comparable, named, short_names
from scratchlab.tasks.console import number_of
from scratchlab.tracking import DESCRIPTION, PastRun, Run, save_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DESCRIBED_ROWS = 10


@dataclass(frozen=True)
class ComparedRun:
    """One of the runs that are compared."""

    name: str
    """What distinguishes it: `hidden=500 lr=1e-3`."""
    values: dict[str, str]
    """Of the varied parameters by their dotted keys, as they were typed; `seed` is one where it is varied."""
    score: float
    """The accuracy that runs are compared by, a fraction; nan for a run that has none."""
    command: str
    """What to type to run it alone."""
    curve: NDArray[np.float64] = field(default_factory=lambda: np.array([]))
    """The validation accuracy of each epoch, fractions; empty where none is on record."""
    test_accuracy: float = math.nan
    run_id: str | None = None
    """In MLflow."""
    note: str = ""
    """What else is to be known in a word or two: `reused`, `pruned`, `failed`."""
    is_validated: bool = True
    """Whether the score was measured on validation images, not on those of training."""

    @classmethod
    def of(cls, past: PastRun, values: Mapping[str, str], *, note: str | None = None) -> Self:
        """Return a run of the past, by its values of the varied parameters; `note` is its outcome by default."""
        script = past.tags.get("mlflow.source.name", "train.py")
        return cls(
            name=named(values) or past.name,
            values=dict(values),
            score=past.score,
            command=f"python {script} {past.tags.get('scratchlab.overrides', '')}".rstrip(),
            curve=np.array(past.val_accuracy),
            is_validated=past.is_validated,
            test_accuracy=past.metrics.get("test/accuracy", math.nan),
            run_id=past.run_id,
            note=past.outcome if note is None else note,
        )


@dataclass(frozen=True)
class Comparison:
    """Runs side by side: configurations over their seeds, best first.

    Args:
        title: what is compared, in a few words.
        runs: those without a score are shown, but not ranked.
        varied: the dotted keys of the parameters that differ between the runs.
    """

    title: str
    runs: Sequence[ComparedRun]
    varied: Sequence[str]

    @property
    def measure(self) -> Measure:
        """Which accuracy the runs with a score have."""
        return Measure.of(run.is_validated for run in self._scored)

    @cached_property
    def leaderboard(self) -> Leaderboard:
        """The configurations of runs that have a score."""
        values = [{key: run.values.get(key, ABSENT) for key in self.varied} for run in self.runs]
        return Leaderboard.of(values, [run.score for run in self.runs], self.measure)

    @property
    def best(self) -> Row | None:
        """The configuration with the highest mean accuracy, None where no run has a score."""
        return next(iter(self.leaderboard.rows), None)

    @property
    def best_run(self) -> ComparedRun | None:
        """Of the best configuration the run with the highest accuracy."""
        return None if self.best is None else self.runs[self.best.runs[0]]

    @property
    def test_accuracy(self) -> float:
        """The mean test accuracy of the best configuration, nan if it was not measured.

        That of any other configuration is nobody's business: who looks at them all has chosen by the test set.
        """
        if self.best is None:
            return math.nan
        measured = [self.runs[number].test_accuracy for number in self.best.runs]
        known = [accuracy for accuracy in measured if not math.isnan(accuracy)]
        return float(np.mean(known)) if known else math.nan

    @property
    def summary(self) -> str:
        """How much there is to compare: `24 runs · 6 configurations · 6 without a result`."""
        num_runs, rows = len(self.runs), self.leaderboard.rows
        num_unscored = num_runs - sum(row.n for row in rows)
        counted = [number_of(num_runs, "run"), number_of(len(rows), "configuration")]
        return " · ".join(counted + [f"{num_unscored} without a result"] * (num_unscored > 0))

    @property
    def headline(self) -> str:
        """The best configuration in a line: `hidden=500 lr=1e-3: 98.12 ± 0.05 %, 97.90 % on the test set`."""
        if self.best is None:
            return "no run has an accuracy"
        test = "" if math.isnan(self.test_accuracy) else f", {100 * self.test_accuracy:.2f} % on the test set"
        of = "" if self.measure is Measure.VALIDATION else f" {self.measure}"
        return f"{self.best.name}: {self.best.accuracy}{of}{test}"

    def record(self, run: Run) -> None:
        """Record the comparison on a run: metrics and tags of the best, tables, pictures, and `report.html`.

        Where no run has a score there is nothing to compare, and nothing is recorded.
        """
        best, best_run = self.best, self.best_run
        if best is None or best_run is None:
            return
        metrics = {
            f"best/{self.measure.key}": best.mean,
            f"best/{self.measure.key}_std": best.std,
            "best/n": best.n,
            "test/accuracy": self.test_accuracy,
        }
        run.log_metrics({key: value for key, value in metrics.items() if not math.isnan(value)}, step=0)
        run.set_tag("scratchlab.best_command", best_run.command)
        if best_run.run_id is not None:
            run.set_tag("scratchlab.best_run_id", best_run.run_id)
        run.set_tag(DESCRIPTION, self._description(best_run.command))
        run.log_artifact("leaderboard.csv", lambda path: path.write_text(self.leaderboard.csv()))
        run.log_artifact("leaderboard.md", lambda path: path.write_text(self.leaderboard.markdown()))
        self._save_table(run)
        pictures: dict[str, bytes] = {}
        for name, draw in self._figures().items():
            run.log_artifact(f"plots/{name}.png", partial(_draw, draw, name=name, pictures=pictures))
        run.log_artifact("report.html", lambda path: path.write_text(page(self, pictures), encoding="utf-8"))

    def _description(self, command: str) -> str:
        """Return what MLflow shows on top of the run's page, in Markdown."""
        return (
            f"# {self.headline}\n\n"
            f"{self.leaderboard.markdown(max_rows=DESCRIBED_ROWS)}\n"
            f"The best again: `{command}`\n\n"
            "`report.html` among the artifacts has the rest.\n"
        )

    def _save_table(self, run: Run) -> None:
        short = short_names([key for key in self.varied if key != SEED])
        rows = [
            [
                rank,
                *(comparable(row.values[key]) for key in short),
                *(row.mean, row.std, row.n),
                self.runs[row.runs[0]].run_id,
            ]
            for rank, row in enumerate(self.leaderboard.rows, start=1)
        ]
        columns = ["rank", *short.values(), self.measure.key, "std", "n", "run_id"]
        save_table(run, "leaderboard.json", columns, rows)

    @cached_property
    def _scored(self) -> list[ComparedRun]:
        return [run for run in self.runs if not math.isnan(run.score)]

    def _figures(self) -> "dict[str, Callable[[], Figure]]":
        """Return what draws each picture that there is something to draw in."""
        rows = sorted(self.leaderboard.rows, key=lambda row: min(row.runs))  # in the order that was typed
        means = np.array([row.mean for row in rows])
        short = short_names([key for key in self.varied if key != SEED])
        columns = {
            _literal(name): _same_spelled([row.values[key] for row in rows]) for key, name in short.items()
        }
        names = [_literal(f"{run.name} ({run.note})" if run.note else run.name) for run in self._scored]
        figures: dict[str, Callable[[], Figure]] = {}
        if any(len(run.curve) > 1 for run in self._scored):
            figures["best_curves"] = lambda: plotting.best_curves(names, [run.curve for run in self._scored])
        if columns:
            figures["heat_maps"] = lambda: plotting.heat_maps(columns, means, measure=self.measure)
            figures["parallel_coordinates"] = lambda: plotting.parallel_coordinates(
                columns, means, measure=self.measure
            )
            if shares := importance(columns, means):
                figures["importance"] = lambda: plotting.importance(shares, measure=self.measure)
        return figures


def _same_spelled(typed: Sequence[str]) -> list[float] | list[str]:
    """Return the values as numbers or, unless all are, as texts of which each value has one."""
    meant = [comparable(value) for value in typed]
    numbers = [value for value in meant if isinstance(value, float)]
    if len(numbers) == len(meant):
        return numbers
    spelled = dict(zip(reversed(meant), reversed(typed), strict=True))  # the first spelling of each stays
    return [_literal(spelled[value]) for value in meant]


def _literal(text: str) -> str:
    """Return the text as matplotlib shows it as it is: between two $ there would be a formula."""
    return text.replace("$", r"\$")


def _draw(draw: "Callable[[], Figure]", path: Path, *, name: str, pictures: dict[str, bytes]) -> None:
    plotting.save(draw(), path)
    pictures[name] = path.read_bytes()
