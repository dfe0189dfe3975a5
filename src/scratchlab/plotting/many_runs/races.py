"""How long contestants took for the same job. R repetitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import count
from scratchlab.plotting.shapes import Reals, shaped
from scratchlab.plotting.style import BLUE, FAINT, VERMILION, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW_INCHES = 0.3
PANEL_INCHES = 0.9


def races(jobs: Mapping[str, Mapping[str, Reals]]) -> Figure:
    """Draw a panel per job and in it a row per contestant: a bar to the median, a dot for each repetition.

    The first contestant of a job has the leading colour. All bars begin at 0; every job has its own scale.

    Args:
        jobs: by job and contestant, seconds (R,) of at least one repetition.

    Raises:
        ArgumentError: for arrays of another shape, or no job, contestant or repetition.
    """
    count(jobs=len(jobs))
    for job, contestants in jobs.items():
        count(**{f"jobs[{job!r}]": len(contestants)})
        for name, seconds in contestants.items():
            shaped(("repetitions",), **{f"jobs[{job!r}][{name!r}]": seconds})
            count(**{f"jobs[{job!r}][{name!r}].size": len(seconds)})

    rows = [len(contestants) for contestants in jobs.values()]
    height = sum(PANEL_INCHES + ROW_INCHES * number for number in rows)
    figure = new_figure(
        8,
        height + 0.9,
        title="Seconds for the same job",
        explanation="Bars end at the median; each dot is a repetition.",
    )
    panels = figure.subplots(len(jobs), 1, squeeze=False, height_ratios=[number + 1 for number in rows])[:, 0]
    for axes, (job, contestants) in zip(panels, jobs.items(), strict=True):
        dress(axes, title=job, x="seconds" if axes is panels[-1] else "", y="")
        places = np.arange(len(contestants))
        medians = [np.median(seconds) for seconds in contestants.values()]
        colours = [BLUE] + [FAINT] * (len(contestants) - 1)
        axes.barh(places, medians, height=0.6, color=colours)
        for place, seconds in zip(places, contestants.values(), strict=True):
            axes.plot(seconds, np.full(len(seconds), place), linestyle="none", marker=".", color=VERMILION)
        axes.set_yticks(places, list(contestants))
        axes.invert_yaxis()
        axes.set_xlim(left=0)
        axes.grid(visible=False, axis="y")
    return figure
