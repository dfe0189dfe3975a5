"""The pictures of the scoreboard, all drawn from the results of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchlab import plotting
from scratchlab.app.scoreboard.result import Result
from scratchlab.app.scoreboard.score import Score

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from scratchlab.app.scoreboard.row import Row

SCOREBOARD = "scoreboard"


@dataclass(frozen=True)
class Drawn:
    """A figure of a paper that is drawn again."""

    title: str
    curve: str
    """The one of `CURVES` that is shown."""
    y: str
    unit: float = 1
    is_log: bool = False
    over_steps: bool = False
    """Whether x counts updates, else epochs."""


FIGURES: Mapping[str, Drawn] = {
    "ioffe2015": Drawn(
        "Ioffe and Szegedy 2015, section 4.1, drawn from our runs",
        "val/accuracy",
        "validation accuracy (%)",
        unit=100,
        over_steps=True,
    ),
    "kingma2015": Drawn(
        "Kingma and Ba 2015, figure 2, drawn from our runs",
        "train/loss",
        "training cost (log scale)",
        is_log=True,
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
    """Draw the curves of a paper's figure; of runs with different numbers of epochs as many as all of them have."""
    what, curves = FIGURES[name], {}
    for row in rows:
        runs = [run for run in results[row.name] if run.curves[what.curve]]
        if row.figure == name and runs:
            epochs = min(len(run.curves[what.curve]) for run in runs)
            values = np.array([run.curves[what.curve][:epochs] for run in runs])
            per_epoch = runs[0].steps_per_epoch if what.over_steps else 1
            label = f"{row.label} ({len(runs)} runs)" if len(runs) > 1 else row.label
            curves[label] = (np.arange(1, epochs + 1) * per_epoch, what.unit * values)
    if not curves:
        return None
    return plotting.mean_curves(
        curves, title=what.title, x="step" if what.over_steps else "epoch", y=what.y, is_log=what.is_log
    )
