"""A sweep: the runs of a plan as children of one parent run, checked before they start and compared at the end."""

import shlex
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from hydra.core.config_loader import ConfigLoader
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from omegaconf import DictConfig, OmegaConf
from rich.console import Console

from scratchlab.arguments import ArgumentError, count, flag
from scratchlab.compare.comparison import ComparedRun, Comparison
from scratchlab.config.build import build, load
from scratchlab.config.explain import explain_argument
from scratchlab.config.fingerprint import run_fingerprint
from scratchlab.config.launch import RunFailedError, SweepRefusedError
from scratchlab.config.overrides import named, quoted
from scratchlab.data import DataError
from scratchlab.sweeps.dry_run import show_dry_run
from scratchlab.sweeps.estimate import estimate_seconds
from scratchlab.sweeps.joblib_workers import tie_workers
from scratchlab.sweeps.launches import Launches, Outcomes
from scratchlab.sweeps.outcome import Outcome, State
from scratchlab.sweeps.plan import Overrides, Plan
from scratchlab.sweeps.planned_run import PlannedRun, distinguished
from scratchlab.sweeps.sweep_record import (
    earlier_sweep,
    finished_runs,
    is_recorded,
    start_sweep,
    sweep_fingerprint,
    sweep_name,
)
from scratchlab.tasks.console import announce, announce_child
from scratchlab.tasks.failure_limit import max_failures
from scratchlab.tasks.knn import build_classifier
from scratchlab.tracking import JOURNAL, Published, Run, signals_as_exceptions

PUBLISHING_SECONDS = 10.0
"""The longest that the end of a sweep waits for the ids of its runs in MLflow."""


class Sweep:
    """Makes the runs that a plan names, and none of them twice.

    Args:
        config: what the command composes, without what it varies.
        loader: composes the configuration of each run.
        launcher: starts the runs, here or elsewhere.
        kind: the app that runs them, `train` or `check`.
        arguments: the overrides as they were typed.
    """

    def __init__(
        self,
        config: DictConfig,
        loader: ConfigLoader,
        launcher: Launcher,
        *,
        kind: str,
        arguments: Sequence[str],
    ) -> None:
        self.config = config
        self.loader = loader
        self.launcher = launcher
        self.kind = kind
        self.arguments = arguments
        self._console = Console(highlight=False)
        self._runs: dict[str, PlannedRun] = {}
        """By fingerprint: of two configurations with the same result one is run."""
        self._outcomes: Outcomes = {}

    def run(self, plan: Plan) -> list[Sequence[JobReturn]]:
        """Check the plan, make its runs, and compare them; return what the launcher did, batch by batch.

        A sweep that was given before is continued: in its folder, and as the same run in MLflow.

        Raises:
            SweepRefusedError: a value is out of range in one of the runs; none was started.
            RunFailedError: one or more runs have failed; all others are over.
        """
        self._check_options()
        samples = [self._planned(plan, each, check=True) for each in plan.samples()]
        if self.config.sweep.dry_run:
            self._show(samples, plan)
            return []
        fingerprint = sweep_fingerprint(self.config, plan, self.arguments, kind=self.kind)
        folder = Path(self.config.hydra.sweep.dir).absolute()
        earlier = earlier_sweep(self.config, fingerprint, folder=folder) if self.config.sweep.reuse else None
        folder = earlier or folder
        if earlier is None and (folder / JOURNAL).exists():
            raise SweepRefusedError(
                f"hydra.sweep.dir={folder}: expected a folder without a sweep, there is another one in it"
            )
        self._settle_in(folder)
        parent = start_sweep(
            self.config,
            plan,
            folder=folder,
            overrides=self.arguments,
            fingerprint=fingerprint,
            resume=earlier is not None,
        )
        if self.config.hydra.runtime.choices["hydra/launcher"] == "joblib":
            tie_workers(folder)
        launches = Launches(self.launcher, folder, self._console)
        with signals_as_exceptions(), parent as run:
            self._make(plan, launches)
            if run.published is not None:
                self._learn_ids()
            comparison = Comparison(sweep_name(plan), self._compared(), list(plan.varied))
            comparison.record(run)
        self._summarise(run, comparison, folder)
        if any(not outcome.is_settled for outcome in self._outcomes.values()):
            raise RunFailedError(1)
        return launches.returned

    def _check_options(self) -> None:
        options = self.config.sweep
        try:
            flag(reuse=options.reuse, dry_run=options.dry_run, fail_fast=options.fail_fast)
            if options.max_failures is not None:
                count(max_failures=options.max_failures)
        except ArgumentError as error:
            raise SweepRefusedError(explain_argument(error, self.config)) from None
        if max_failures(self.config) is not None and not is_recorded(self.config):
            raise SweepRefusedError(
                "sweep.max_failures and sweep.fail_fast: expected runs that are recorded, as with tracking=mlflow, "
                "else none knows how the others ended"
            )

    def _planned(self, plan: Plan, overrides: Overrides, *, check: bool = False) -> PlannedRun:
        """Compose a run, and as a check build what it is made of, without training anything."""
        config = self.loader.load_sweep_config(self.config, overrides)
        values = distinguished(overrides, plan.varied)
        try:
            dataset = load(config)
            if check:
                build_parts = build if "_target_" in config.model else build_classifier
                build_parts(config, dataset)
        except (ArgumentError, DataError) as error:
            said = explain_argument(error, config) if isinstance(error, ArgumentError) else str(error)
            raise SweepRefusedError(f"{said} (in the run {named(values)}; none was started)") from None
        return PlannedRun(overrides, values, run_fingerprint(config, dataset, kind=self.kind))

    def _show(self, runs: Sequence[PlannedRun], plan: Plan) -> None:
        """Print what would be run, and measure how long that would take."""
        finished = self._finished(runs)
        seconds = {
            run.fingerprint: estimate_seconds(self.loader.load_sweep_config(self.config, run.overrides))
            for run in runs
            if run.fingerprint not in finished
        }
        show_dry_run(self._console, runs, seconds=seconds, num_runs=plan.num_runs)

    def _finished(self, runs: Iterable[PlannedRun]) -> Outcomes:
        """Return the outcomes of runs that the tracking store has finished, so that they need not be run again."""
        if not self.config.sweep.reuse:
            return {}
        try:
            found = finished_runs(self.config, {run.identity for run in runs})
        except ConnectionError as error:
            self._console.print(f"what has finished before is not known, all runs will start: {error}")
            return {}
        return {fingerprint: Outcome(State.REUSED, run.score, run) for fingerprint, run in found.items()}

    def _settle_in(self, folder: Path) -> None:
        """Have every run make its folder in this one, wherever it is started."""
        folder.mkdir(parents=True, exist_ok=True)
        self.config.hydra.sweep.dir = str(folder)
        self.config.hydra.overrides.hydra.append(f"hydra.sweep.dir={quoted(folder)}")
        OmegaConf.save(self.config, folder / "multirun.yaml")

    def _make(self, plan: Plan, launches: Launches) -> None:
        """Make the runs of the plan, batch after batch."""
        done = [self._planned(plan, each) for each in plan.open(launches.folder)]
        self._outcomes = {
            fingerprint: replace(outcome, state=State.REUSED) if outcome.state is State.FINISHED else outcome
            for fingerprint, outcome in launches.recorded().items()
            if outcome.is_settled
        }
        self._outcomes |= self._finished(run for run in done if run.fingerprint not in self._outcomes)
        self._runs = {run.fingerprint: run for run in done if run.fingerprint in self._outcomes}
        self._show_known(self._runs.values())
        while not self._is_given_up and (planned := plan.next_batch()):
            batch = [self._planned(plan, each) for each in planned]
            self._runs |= {run.fingerprint: run for run in batch}
            self._outcomes |= self._finished(run for run in batch if run.fingerprint not in self._outcomes)
            self._show_known(batch)
            pending = {run.fingerprint: run for run in batch if run.fingerprint not in self._outcomes}
            self._outcomes |= launches.start(list(pending.values()))
            if self._is_given_up:
                self._outcomes |= {
                    fingerprint: Outcome(State.SKIPPED)
                    for fingerprint in pending
                    if self._outcomes[fingerprint].run is None  # each that was started has left a record
                }
            plan.tell([self._outcomes[run.fingerprint] for run in batch])

    def _show_known(self, runs: Iterable[PlannedRun]) -> None:
        for run in runs:
            if run.fingerprint in self._outcomes:
                outcome = self._outcomes[run.fingerprint]
                announce_child(self._console, run.name, outcome.score, note=outcome.state)

    @property
    def _is_given_up(self) -> bool:
        limit = max_failures(self.config)
        failed = sum(not outcome.is_settled for outcome in self._outcomes.values())
        return limit is not None and failed >= limit

    def _learn_ids(self) -> None:
        """Look up the ids of the runs in MLflow, where they are published a little later than they end."""
        deadline = time.monotonic() + PUBLISHING_SECONDS
        for fingerprint, outcome in self._outcomes.items():
            if outcome.run is None or outcome.folder is None:
                continue
            while (found := Published.load(outcome.folder)) is None and time.monotonic() < deadline:
                time.sleep(0.1)
            if found is not None:
                run = replace(outcome.run, run_id=found.run_id)
                self._outcomes[fingerprint] = replace(outcome, run=run)

    def _compared(self) -> list[ComparedRun]:
        compared = []
        for planned in self._runs.values():
            outcome = self._outcomes[planned.fingerprint]
            if outcome.run is not None:
                note = "reused" if outcome.state is State.REUSED else None
                compared.append(ComparedRun.of(outcome.run, planned.values, note=note))
            else:
                note = "" if outcome.is_settled else str(outcome.state)
                compared.append(
                    ComparedRun(planned.name, planned.values, outcome.score, _command(planned), note=note)
                )
        return compared

    def _summarise(self, run: Run, comparison: Comparison, folder: Path) -> None:
        """Print the leaderboard, the runs that failed with the command that repeats each, and where the sweep is."""
        if comparison.best is not None:
            self._console.print(comparison.leaderboard.table())
        for fingerprint, planned in self._runs.items():
            state = self._outcomes[fingerprint].state
            if state in (State.FAILED, State.KILLED):
                self._console.print(f"{state}: {_command(planned)}", soft_wrap=True)
        states = Counter(self._outcomes[fingerprint].state for fingerprint in self._runs)
        counted = ", ".join(f"{states[state]} {state}" for state in State if states[state])
        headline = f"{len(self._runs)} runs: {counted}"
        if comparison.best is not None:
            headline += f"\nbest   {comparison.headline}"
        announce(self._console, run, headline, folder=folder)


def _command(run: PlannedRun) -> str:
    """Return what to type to make one of the runs alone."""
    return shlex.join(["python", Path(sys.argv[0]).name, *run.overrides])
