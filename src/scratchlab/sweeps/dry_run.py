"""What a sweep would do."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from scratchlab.sweeps.estimate import shown_seconds
from scratchlab.sweeps.outcome import State
from scratchlab.sweeps.planned_run import PlannedRun


def show_dry_run(
    console: Console, runs: Sequence[PlannedRun], *, seconds: Mapping[str, float], num_runs: int
) -> None:
    """Print the runs that would start, those that would not, and about how long it would take.

    Args:
        console: printed to.
        runs: all that is planned, or samples of it.
        seconds: that each of them would take, by fingerprint; those that need not be run are not there.
        num_runs: all that is planned.
    """
    table = Table("number", "run", "", "about")
    for number, run in enumerate(runs):
        if run.fingerprint in seconds:
            table.add_row(str(number), run.name, "would start", shown_seconds(seconds[run.fingerprint]))
        else:
            table.add_row(str(number), run.name, State.REUSED, "")
    console.print(table)
    if len(runs) == num_runs:
        console.print(f"{len(seconds)} of {len(runs)} runs would start; none has")
        total = sum(seconds.values())
    else:
        console.print(f"{num_runs} runs would start, with values between these; none has")
        total = num_runs * float(np.mean(list(seconds.values()))) if seconds else math.nan
    if total > 0:
        console.print(f"about {shown_seconds(total)} one after another, if none ends early")
