"""What is still to be run for the rows of the scoreboard, and running it: one process at a time, the shortest first."""

import shlex
import subprocess
import sys
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Self

from rich.console import Console

from experiments.scoreboard.recipe import Recipe, RecipeError
from experiments.scoreboard.row import Row
from scratchlab.config.project import ROOT, store_uri
from scratchlab.tasks.console import number_of
from scratchlab.tracking import Fingerprint, PastRun, Terminated, runs_by_fingerprint, signals_as_exceptions
from scratchlab.tracking.journal.records import Status


@dataclass(frozen=True)
class Missing:
    """A row that has not all of its runs, and those that are to be made."""

    row: Row
    trainings: Set[str]
    """The fingerprints of the networks to be trained: an ensemble may share them with another row."""
    with_ensemble: bool = False

    @property
    def minutes(self) -> float:
        """How long they take, roughly."""
        return len(self.trainings) * self.row.minutes

    def without(self, made: Set[str]) -> Self:
        """Return what is still missing when other rows have made these networks."""
        return replace(self, trainings=self.trainings - made)


class Agenda:
    """Makes the runs of rows that a tracking store does not have.

    Args:
        uri: the tracking store; None for the project's own.
        console: what is going on is told to.
    """

    def __init__(self, uri: str | None, console: Console) -> None:
        self._uri = store_uri(uri)
        self._store = [] if uri is None else [f"tracking.uri={uri}"]
        self._console = console

    def run(self, rows: Iterable[Row]) -> bool:
        """Make what is missing, row after row; tell whether all of it was made.

        A row that fails does not stop the others. What ends this process (Ctrl-C, SIGTERM) ends the one that is at
        work first, which records that it was interrupted; the next call makes what is missing then.

        Raises:
            ConnectionError: the server does not answer.
            ValueError: the uri is no store.
        """
        missing, failed, made = [], [], set[str]()
        for row in rows:
            try:
                missing.append(self._missing(Recipe.of(row)))
            except RecipeError as error:
                self._say(f"{error}; left out")
                failed.append(row.name)
        waiting = sorted((each for each in missing if each is not None), key=lambda each: each.minutes)
        for number, each in enumerate(waiting):
            now, *later = (left.without(made) for left in waiting[number:])
            self._say(f"\n[{number + 1}/{len(waiting)}] {_announced(now, later)}")
            if self._make(each.row):
                made |= each.trainings
            else:
                failed.append(each.row.name)
        if failed:
            self._say(f"\nnot complete: {', '.join(failed)}")
        return not failed

    def _missing(self, recipe: Recipe) -> Missing | None:
        """Return what a row has not yet, None where it is complete."""
        counted = self._untrained(recipe, recipe.counted)
        if not counted:
            return None
        return Missing(recipe.row, self._untrained(recipe, recipe.trained), recipe.row.is_ensemble)

    def _make(self, row: Row) -> bool:
        """Make the runs of a row; tell whether that went well."""
        recipe = Recipe.of(row)
        for composed in recipe.composed:
            # A sweep leaves out by itself what has finished before, and goes on where it was interrupted.
            is_missing = self._untrained(recipe, composed.fingerprints)
            if is_missing and not self._start("train.py", *composed.training.arguments(), *self._store):
                return False
        return not row.is_ensemble or self._average(recipe)

    def _average(self, recipe: Recipe) -> bool:
        """Average the networks that are trained for a row."""
        trained = self._finished(recipe, recipe.trained)
        if len(trained) < recipe.row.num_trained:
            self._say(f"{recipe.row.name}: not all of its members are in the store yet")
            return False
        ids = [trained[fingerprint.digest].run_id or "" for fingerprint in recipe.trained]
        return self._start("ensemble.py", *ids, *(["--uri", self._uri] if self._uri else []))

    def _untrained(self, recipe: Recipe, fingerprints: Collection[Fingerprint]) -> Set[str]:
        return {each.digest for each in fingerprints} - self._finished(recipe, fingerprints).keys()

    def _finished(self, recipe: Recipe, fingerprints: Iterable[Fingerprint]) -> dict[str, PastRun]:
        return runs_by_fingerprint(self._uri, recipe.experiment, fingerprints, status=Status.FINISHED)

    def _start(self, script: str, *arguments: str) -> bool:
        """Run a script to its end; tell whether it ended well."""
        self._say(shlex.join(["python", script, *arguments]))
        with (
            signals_as_exceptions(),
            subprocess.Popen([sys.executable, str(ROOT / script), *arguments]) as process,
        ):
            try:
                return process.wait() == 0
            except KeyboardInterrupt:  # Ctrl-C is for the process, too: it records its end
                process.wait()
                raise
            except Terminated as ended:
                process.send_signal(ended.signal)
                process.wait()
                raise

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)


def _announced(missing: Missing, later: Sequence[Missing]) -> str:
    num_trainings = len(missing.trainings)
    counted = [number_of(num_trainings, "run")] * (num_trainings > 0)
    counted += ["1 ensemble"] * missing.with_ensemble
    still = [each.without(missing.trainings) for each in later]
    then = f"; after it {number_of(len(later), 'row')}, about {_duration(still)}" if later else ""
    return f"{missing.row.name}: {' and '.join(counted)}, about {_duration([missing])}{then}"


def _duration(missing: Iterable[Missing]) -> str:
    of_networks = {fingerprint: each.row.minutes for each in missing for fingerprint in each.trainings}
    minutes = sum(of_networks.values())
    return f"{minutes / 60:.1f} hours" if minutes >= 90 else number_of(max(1, round(minutes)), "minute")
