"""A sweep: many runs that vary a few values, checked before the first starts and compared when the last is over."""

import math
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hydra.core.utils import JobReturn, JobStatus
from hydra.plugins.launcher import Launcher
from numpy.typing import NDArray
from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from scratchlab import plotting
from scratchlab.app.announce import announce
from scratchlab.app.explain import explain_argument
from scratchlab.app.figures import save_figure
from scratchlab.app.launch import RunFailedError, SweepRefusedError
from scratchlab.app.leaderboard import SEED, Leaderboard
from scratchlab.app.parts import build, load
from scratchlab.app.record import recorded_runs, run_name, run_signature, start_sweep
from scratchlab.arguments import ArgumentError
from scratchlab.data import DataError
from scratchlab.tracking import JOURNAL, FinishedRun, Run, read_journal, signals_as_exceptions
from scratchlab.tracking.records import Metrics


class Sweep:
    """The runs of one command, each a list of overrides.

    Args:
        folder: the sweep's own, with a folder for each run that is started.
        kind: the app that runs them, `train` or `check`.
        arguments: the overrides as they were typed.
        varied: the keys that differ from run to run.
        combinations: the overrides of each run.
    """

    def __init__(
        self,
        folder: Path,
        *,
        kind: str,
        arguments: Sequence[str],
        varied: Sequence[str],
        combinations: Sequence[Sequence[str]],
    ) -> None:
        self.folder = folder
        self.kind = kind
        self.arguments = arguments
        self.varied = varied
        self.combinations = combinations
        self.reused: dict[int, FinishedRun] = {}
        self._console = Console(highlight=False)
        self.values = [
            {
                key: value
                for key, _, value in (each.lstrip("+").partition("=") for each in run)
                if key in varied
            }
            for run in combinations
        ]
        self.names = [
            run_name([f"{key}={value}" for key, value in run.items()], kind="train") for run in self.values
        ]

    def check(self, configs: Sequence[DictConfig]) -> None:
        """Build every run's parts without training any.

        Raises:
            SweepRefusedError: the first value that is out of range, and the run that it is in.
        """
        for name, config in zip(self.names, configs, strict=True):
            if "_target_" not in config.model:
                continue  # k-NN has no parts; its task checks its values
            try:
                build(config, load(config))
            except ArgumentError as error:
                where = f"in the run {name}; none of {len(configs)} was started"
                raise SweepRefusedError(f"{explain_argument(error, config)} ({where})") from None
            except DataError as error:
                raise SweepRefusedError(str(error)) from None

    def reuse(self, configs: Sequence[DictConfig]) -> None:
        """Take over the scores of runs that the tracking store has finished, so that they are not run again."""
        if self.kind != "train":
            return  # checks leave no scores
        signatures = [run_signature(config, load(config)) for config in configs]
        try:
            finished = recorded_runs(configs[0], set(signatures))
        except ConnectionError as error:
            self._console.print(f"what has finished before is not known, all runs will start: {error}")
            return
        self.reused = {number: finished[each] for number, each in enumerate(signatures) if each in finished}

    def show(self) -> None:
        """Print the runs that would start, and those that would not."""
        table = Table("number", "run", "")
        for number, name in enumerate(self.names):
            table.add_row(str(number), name, "finished before" if number in self.reused else "would start")
        self._console.print(table)
        self._console.print(f"{len(self._pending)} of {len(self.names)} runs would start; none has")

    def run(self, config: DictConfig, launcher: Launcher) -> Sequence[JobReturn]:
        """Start all runs as children of a parent run, and compare them on it.

        Raises:
            RunFailedError: when all are over and one or more have failed.
        """
        shown = " ".join(key.rpartition(".")[2] for key in self.varied)
        parent = start_sweep(
            config,
            folder=self.folder,
            name=f"sweep over {shown}" if shown else "sweep",
            varied={key: list(dict.fromkeys(run[key] for run in self.values)) for key in self.varied},
            overrides=self.arguments,
        )
        pending = self._pending
        with signals_as_exceptions(), parent as run:
            returns = (
                launcher.launch([self.combinations[i] for i in pending], initial_job_idx=0) if pending else []
            )
            scores = {number: _reused_score(finished) for number, finished in self.reused.items()}
            scores |= {number: _score(each) for number, each in zip(pending, returns, strict=True)}
            leaderboard = Leaderboard.of(self.values, [scores[number] for number in range(len(self.values))])
            if leaderboard.rows:
                self._compare(
                    run, leaderboard, np.array([scores[number] for number in range(len(self.values))])
                )
        if leaderboard.rows:
            self._console.print(leaderboard.table())
        failed = [
            number
            for number, each in zip(pending, returns, strict=True)
            if each.status is not JobStatus.COMPLETED
        ]
        for number in failed:
            self._console.print(f"failed: {self._command(number)}", soft_wrap=True)
        headline = f"{len(pending) - len(failed)} of {len(pending)} runs finished"
        if self.reused:
            headline += f", {len(self.reused)} had finished before"
        announce(self._console, run, headline, folder=self.folder)
        if failed:
            raise RunFailedError(1)
        return returns

    @property
    def _pending(self) -> list[int]:
        return [number for number in range(len(self.combinations)) if number not in self.reused]

    def _compare(self, run: Run, leaderboard: Leaderboard, scores: NDArray[np.float64]) -> None:
        """Record the leaderboard, the best configuration and the pictures of the sweep."""
        best = leaderboard.rows[0]
        metrics = {"best/val_accuracy": best.mean, "best/n": len(best.runs)}
        if not math.isnan(best.std):
            metrics["best/val_accuracy_std"] = best.std
        run.metrics(metrics, step=0)
        run.tag("scratchlab.best_command", self._command(best.runs[0]))
        run.save("leaderboard.csv", lambda path: path.write_text(leaderboard.csv()))
        run.save("leaderboard.md", lambda path: path.write_text(leaderboard.markdown()))
        columns = {
            _short(key, self.varied): [_number(run[key]) for run in self.values]
            for key in self.varied
            if key != SEED
        }
        if columns:
            save_figure(run, "heat_maps", lambda: plotting.heat_maps(columns, scores))
            save_figure(run, "parallel_coordinates", lambda: plotting.parallel_coordinates(columns, scores))
        curves = {row.name: self._curve(row.runs[0]) for row in leaderboard.rows[:10]}
        drawn = {name: curve for name, curve in curves.items() if len(curve) > 0}
        if drawn:
            save_figure(run, "best_curves", lambda: plotting.best_curves(list(drawn), list(drawn.values())))

    def _curve(self, number: int) -> NDArray[np.float64]:
        """Return the validation accuracy of each epoch of a run of this sweep, nothing where none is on record."""
        folder = self.folder / str(self._pending.index(number)) if number not in self.reused else None
        if folder is None or not (folder / JOURNAL).exists():
            return np.array([])
        records = [record for record in read_journal(folder) if isinstance(record, Metrics)]
        return np.array(
            [record.values["val/accuracy"] for record in records if "val/accuracy" in record.values]
        )

    def _command(self, number: int) -> str:
        """Return what to type to run one of the runs alone."""
        return shlex.join(["python", Path(sys.argv[0]).name, *self.combinations[number]])


def _score(returned: JobReturn) -> float:
    """Return the accuracy that a run returned, nan if it failed or has none, as a check."""
    if returned.status is not JobStatus.COMPLETED or returned.return_value is None:
        return math.nan
    return float(returned.return_value)


def _reused_score(finished: FinishedRun) -> float:
    """Return the accuracy that a run returned when it finished."""
    for key in ("best/val_accuracy", "val/accuracy", "best/cv_accuracy", "train/accuracy"):
        if key in finished.metrics:
            return finished.metrics[key]
    return math.nan


def _number(value: str) -> float | str:
    """Return the number that a value is typed as, or the value itself where it is none."""
    try:
        return float(value)
    except ValueError:
        return value


def _short(key: str, keys: Sequence[str]) -> str:
    """Return the last part of a dotted key, or all of it where another key ends alike."""
    last = key.rpartition(".")[2]
    return key if sum(each.rpartition(".")[2] == last for each in keys) > 1 else last
