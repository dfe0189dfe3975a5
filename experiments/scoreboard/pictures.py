"""The pictures of the scoreboard, all drawn from the results of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.scoreboard.result import Result
from experiments.scoreboard.score import Score
from scratchlab import plotting

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.scoreboard.row import Row
    from scratchlab.plotting.shapes import Reals

SCOREBOARD = "scoreboard"


def _as_it_is(values: Reals) -> Reals:
    return values


def _percent(accuracies: Reals) -> Reals:
    return 100 * accuracies


def _error(accuracies: Reals) -> Reals:
    return 100 * (1 - accuracies)


@dataclass(frozen=True)
class Drawn:
    """A figure that several rows are drawn into."""

    title: str
    curve: str
    """The one of `CURVES` that is shown."""
    measure: str
    """What is shown, and its unit."""
    of: Callable[[Reals], Reals] = _as_it_is
    """Makes that of the values of the curve."""
    is_log: bool = False
    over_steps: bool = False
    """Whether x counts updates, else epochs."""
    at_end: bool = False
    """Whether only what the last epoch came to is shown, that of the first row as what the others differ from."""

    def ends(self, results: Sequence[Result]) -> Reals:
        """Return what the last epoch of each run came to, where it was measured."""
        curves = [run.curves[self.curve] for run in results]
        return self.of(np.array([curve[-1] for curve in curves if curve]))


FIGURES: Mapping[str, Drawn] = {
    "lecun1998": Drawn(
        "Trained on digits as they are, and on distorted ones",
        "train/loss",
        "cost on the digits as they are (log scale)",
        is_log=True,
    ),
    "simard2003": Drawn(
        "Trained on more and more distorted digits",
        "train/loss",
        "cost on the digits as they are (log scale)",
        is_log=True,
    ),
    "ioffe2015": Drawn(
        "Ioffe and Szegedy 2015, section 4.1, drawn from our runs",
        "val/accuracy",
        "validation accuracy (%)",
        of=_percent,
        over_steps=True,
    ),
    "kingma2015": Drawn(
        "Kingma and Ba 2015, figure 2, drawn from our runs",
        "train/loss",
        "training cost (log scale)",
        is_log=True,
    ),
    "moonshot": Drawn(
        "What each part of the moonshot is worth, in small",
        "val/accuracy",
        "validation error (%)",
        of=_error,
        at_end=True,
    ),
}


def draw(rows: Sequence[Row], results: Mapping[str, Sequence[Result]], folder: Path) -> list[str]:
    """Draw into `folder` what there are results for; return the names of the pictures.

    A picture whose rows have no results any more is removed.
    """
    figures = {SCOREBOARD: partial(_scoreboard, rows, results)}
    figures |= {name: partial(_figure, name, rows, results) for name in FIGURES}
    drawn = []
    for name, make in figures.items():
        figure, path = make(), folder / f"{name}.png"
        if figure is None:
            path.unlink(missing_ok=True)
            continue
        plotting.save(figure, path)
        drawn.append(name)
    return drawn


def _scoreboard(rows: Sequence[Row], results: Mapping[str, Sequence[Result]]) -> Figure | None:
    shown = [
        (row, row.error, results[row.name]) for row in rows if row.error is not None and results[row.name]
    ]
    if not shown:
        return None
    scores = [Score([each.test_error for each in runs], runs[0].num_test) for _, _, runs in shown]
    return plotting.held_against(
        [row.name for row, _, _ in shown],
        np.array([error for _, error, _ in shown]),
        [np.array(score.errors) for score in scores],
        np.array([score.standard_error for score in scores]),
    )


def _figure(name: str, rows: Sequence[Row], results: Mapping[str, Sequence[Result]]) -> Figure | None:
    what = FIGURES[name]
    shown = {
        row.label: [run for run in results[row.name] if run.curves[what.curve]]
        for row in rows
        if row.figure == name
    }
    shown = {label: runs for label, runs in shown.items() if runs}
    if not shown:
        return None
    return _ends(what, shown) if what.at_end else _curves(what, shown)


def _ends(what: Drawn, shown: Mapping[str, Sequence[Result]]) -> Figure:
    return plotting.variants(
        list(shown), [what.ends(runs) for runs in shown.values()], title=what.title, x=what.measure
    )


def _curves(what: Drawn, shown: Mapping[str, Sequence[Result]]) -> Figure:
    """Draw a line per row; of runs with different numbers of epochs as many as all of them have."""
    curves = {}
    for label, runs in shown.items():
        epochs = min(len(run.curves[what.curve]) for run in runs)
        values = np.array([run.curves[what.curve][:epochs] for run in runs])
        per_epoch = runs[0].steps_per_epoch if what.over_steps else 1
        counted = f"{label} ({len(runs)} runs)" if len(runs) > 1 else label
        curves[counted] = (np.arange(1, epochs + 1) * per_epoch, what.of(values))
    return plotting.mean_curves(
        curves, title=what.title, x="step" if what.over_steps else "epoch", y=what.measure, is_log=what.is_log
    )
