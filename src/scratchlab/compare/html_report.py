"""The report of a comparison: one HTML file that needs no server and no network."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.config.overrides import SEED, comparable, short_names
from scratchlab.plotting.many_runs.scored import score_limits

if TYPE_CHECKING:
    from scratchlab.compare.comparison import ComparedRun, Comparison
    from scratchlab.compare.measure import Measure

TEMPLATE = Path(__file__).with_name("html_report.html")
PICTURES = {
    "best_curves": "Validation accuracy over the epochs, of the best runs",
    "heat_maps": "Accuracy for every pair of parameters",
    "parallel_coordinates": "Every configuration, from parameter to parameter to its accuracy",
    "importance": "How much of the accuracy each parameter explains",
}
"""What each picture shows, in words for those who do not see it."""
NOTHING = "—"
TEXT, BEST = ' class="text"', ' class="best-row"'


def page(comparison: Comparison, pictures: Mapping[str, bytes]) -> str:
    """Return the report: the best configuration, all configurations, the pictures (PNG by name), all runs.

    The comparison has at least one run with a score.
    """
    best, best_run = comparison.best, comparison.best_run
    assert best is not None
    assert best_run is not None
    test = NOTHING if math.isnan(comparison.test_accuracy) else f"{100 * comparison.test_accuracy:.2f} %"
    figures = {comparison.measure: best.accuracy, "test accuracy": test}
    if best.n > 1:
        figures["seeds"] = str(best.n)
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(comparison.title),
        summary=f"{comparison.summary} · {datetime.now():%Y-%m-%d %H:%M}",
        figures="".join(f"<div><dt>{name}</dt><dd>{figure}</dd></div>" for name, figure in figures.items()),
        name=escape(best.name),
        command=escape(best_run.command),
        leaderboard=_configurations(comparison),
        pictures="\n".join(_picture(PICTURES[name], png) for name, png in pictures.items()),
        runs=_runs(comparison.runs, comparison.measure),
    )


def _configurations(comparison: Comparison) -> str:
    rows = comparison.leaderboard.rows
    means = [row.mean for row in rows]
    low, high = score_limits(np.array(means))
    short = short_names([key for key in comparison.varied if key != SEED])
    notes = [dict.fromkeys(comparison.runs[number].note for number in row.runs) for row in rows]
    columns = [
        _numbers("rank", range(1, len(rows) + 1), "{:.0f}"),
        *(_values(name, [row.values[key] for row in rows]) for key, name in short.items()),
        _numbers(
            comparison.measure.short,
            means,
            "{:.2%}",
            shares=[(mean - low) / (high - low) for mean in means],
        ),
        _numbers("std", [row.std for row in rows], "{:.2%}"),
        _numbers("n", [row.n for row in rows], "{:.0f}"),
        _words("note", [", ".join(filter(None, each)) for each in notes]),
    ]
    return _table(columns, marked=0)


def _runs(runs: Sequence[ComparedRun], measure: Measure) -> str:
    columns = [
        _words("run", [run.name for run in runs]),
        _numbers(measure.short, [run.score for run in runs], "{:.2%}"),
        _numbers("epochs", [len(run.curve) or math.nan for run in runs], "{:.0f}"),
        _words("note", [run.note for run in runs]),
        _words("MLflow id", [(run.run_id or "")[:8] for run in runs]),
        Column("command", [_folded(run.command) for run in runs]),
    ]
    return _table(columns)


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    cells: list[str]
    """Marked up."""
    is_number: bool = False
    """Numbers stand to the right."""
    is_empty: bool = False
    """Whether no cell says anything."""


def _numbers(
    name: str, values: Sequence[float], spelling: str, *, shares: Sequence[float] | None = None
) -> Column:
    """Return a column of numbers; nan is shown as a dash. Bars fill the cells up to their `shares` of the width."""
    shown = [NOTHING if math.isnan(value) else spelling.format(value).replace("%", " %") for value in values]
    sorted_by = ["" if math.isnan(value) else value for value in values]
    bars = [""] * len(shown)
    if shares is not None:
        bars = [f' class="bar" style="--share: {100 * max(share, 0):.1f}%"' for share in shares]
    cells = [
        f'<td data-value="{value}"{bar}>{text}</td>'
        for value, bar, text in zip(sorted_by, bars, shown, strict=True)
    ]
    return Column(name, cells, is_number=True, is_empty=all(map(math.isnan, values)))


def _words(name: str, texts: Sequence[str]) -> Column:
    return Column(name, [f'<td class="text">{escape(text)}</td>' for text in texts], is_empty=not any(texts))


def _values(name: str, typed: Sequence[str]) -> Column:
    """Return the column of a parameter, as it was typed."""
    numbers = [value for value in map(comparable, typed) if isinstance(value, float)]
    if len(numbers) < len(typed):
        return _words(name, typed)
    cells = [
        f'<td data-value="{number}">{escape(text)}</td>' for number, text in zip(numbers, typed, strict=True)
    ]
    return Column(name, cells, is_number=True)


def _folded(command: str) -> str:
    return f'<td class="text"><details><summary>show</summary><code>{escape(command)}</code></details></td>'


def _table(columns: Sequence[Column], *, marked: int | None = None) -> str:
    """Return a table that is sorted by a click on a column's name; one of its rows may be marked as the best."""
    shown = [column for column in columns if not column.is_empty]
    head = [
        f'<th scope="col"{"" if column.is_number else TEXT}><button type="button">{escape(column.name)}</button></th>'
        for column in shown
    ]
    rows = [
        f"<tr{BEST if number == marked else ''}>{''.join(cells)}</tr>"
        for number, cells in enumerate(zip(*(column.cells for column in shown), strict=True))
    ]
    return "\n".join(
        [
            '<div class="card scroll" tabindex="0"><table>',
            f"<thead><tr>{''.join(head)}</tr></thead>",
            *("<tbody>", *rows, "</tbody>"),
            "</table></div>",
        ]
    )


def _picture(meaning: str, png: bytes) -> str:
    return f'<figure><img alt="{escape(meaning)}" src="data:image/png;base64,{b64encode(png).decode()}"></figure>'
