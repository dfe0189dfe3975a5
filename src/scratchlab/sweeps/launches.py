"""Starting the runs of a sweep, and what has become of them."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from hydra.core.utils import JobReturn, JobStatus
from hydra.plugins.launcher import Launcher
from rich.console import Console

from scratchlab.sweeps.outcome import Outcome, State
from scratchlab.sweeps.planned_run import PlannedRun
from scratchlab.tracking import read_run, read_start, recorded_fingerprint, run_folders
from scratchlab.tracking.journal.records import RUNNING

Outcomes = dict[str, Outcome]
"""By the fingerprints of the runs."""


class Launches:
    """Starts runs in the folder of a sweep.

    The journals there tell what has become of them. What a launcher returns counts only where nothing is recorded.

    Attributes:
        folder: the sweep's.
        returned: what the launcher returned, call by call.
    """

    def __init__(self, launcher: Launcher, folder: Path, console: Console) -> None:
        self.returned: list[Sequence[JobReturn]] = []
        self.folder = folder
        self._launcher = launcher
        self._console = console

    def start(self, runs: Sequence[PlannedRun]) -> Outcomes:
        """Start runs, wait for them all, and return their outcomes.

        A launcher that loses one of its workers ends the others, too. Then the runs that were at work are started
        again, each alone, which tells the one to blame; those that had not been started yet are started together.
        """
        if not runs:
            return {}
        try:
            returned = self._launcher.launch([run.overrides for run in runs], self._next_number())
        except Exception as error:  # the launcher's own: a run lets none through
            return self._start_again(runs, error)
        self.returned.append(returned)
        outcomes = {run.fingerprint: _returned(each) for run, each in zip(runs, returned, strict=True)}
        return outcomes | self.recorded(outcomes)

    def recorded(self, fingerprints: Iterable[str] | None = None) -> Outcomes:
        """Return the last outcome on record of each run in the folder, or of those asked for."""
        wanted = None if fingerprints is None else set(fingerprints)
        latest: dict[str, tuple[int, Path]] = {}
        for folder in run_folders(self.folder):
            start = read_start(folder)
            fingerprint = recorded_fingerprint(start.tags) or ""
            if folder != self.folder and (wanted is None or fingerprint in wanted):
                latest[fingerprint] = max(latest.get(fingerprint, (0, Path())), (start.time_ms, folder))
        runs = {fingerprint: (read_run(folder), folder) for fingerprint, (_, folder) in latest.items()}
        return {
            fingerprint: Outcome.of(run, folder)
            for fingerprint, (run, folder) in runs.items()
            if run.status != RUNNING
        }

    def _start_again(self, runs: Sequence[PlannedRun], error: Exception) -> Outcomes:
        outcomes = self.recorded(run.fingerprint for run in runs)
        reason = str(error).partition("\n")[0]
        if len(runs) == 1:
            self._console.print(f"{runs[0].name}: its process has died ({reason})", soft_wrap=True)
            return {runs[0].fingerprint: Outcome(State.KILLED)} | outcomes
        at_work = [run for run in runs if _was_killed(outcomes.get(run.fingerprint))]
        waiting = [run for run in runs if run.fingerprint not in outcomes]
        if not outcomes:
            raise error
        self._console.print(
            f"a worker has died ({reason}); starting again: {len(at_work)} runs that were at work, "
            f"{len(waiting)} that were not",
            soft_wrap=True,
        )
        for run in at_work:
            outcomes |= self.start([run])
        return outcomes | self.start(waiting)

    def _next_number(self) -> int:
        """Return the number of the next run: its folder's name, unless it is configured otherwise."""
        taken = [int(path.name) for path in self.folder.iterdir() if path.name.isdecimal()]
        return max(taken, default=-1) + 1


def _was_killed(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.state is State.KILLED


def _returned(returned: JobReturn) -> Outcome:
    """Return what the launcher knows of a run: that is all there is where nothing is recorded."""
    if returned.status is not JobStatus.COMPLETED:
        return Outcome(State.FAILED)
    value = returned.return_value
    return Outcome(State.FINISHED, math.nan if value is None else float(value))
