"""A search: runs drawn from a space by one of Optuna's samplers, each with a view to the ones before."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.core.override_parser.types import Override

from scratchlab.arguments import count, positive
from scratchlab.config.launch import SweepRefusedError
from scratchlab.config.overrides import SEED
from scratchlab.sweeps.outcome import Outcome, State
from scratchlab.sweeps.plan import Overrides, Plan
from scratchlab.sweeps.space import distribution, edges, typed
from scratchlab.sweeps.study import AGAIN, OVERRIDES, open_study

# Hydra imports this module to look for plugins at every start, and Optuna takes as long as all else together.
if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.trial import Trial


class Search(Plan):
    """Draws the values of `python train.py -m sweep=tpe 'optimizer.lr=tag(log,interval(1e-4,1e-1))'`.

    A trial is one configuration. Where several seeds are given it is run with each of them, and is worth the mean:
    the seed is nothing to optimise. The first seed's run comes first, and where that is pruned or fails the others
    are spared.

    The study lives in a file in the sweep's folder. A search that was interrupted goes on with it: the trials that it
    finished count, and those that it was at are run again.

    Args:
        overrides: what was typed; lists, ranges and intervals make the space.
        make_sampler: makes the sampler, given the seed that its draws follow from.
        n_trials: trials in all, those before an interruption included.
        timeout: seconds after which no further trial starts, None for no end.
        n_jobs: trials that are started together.
        sampler_seed: what the draws follow from.

    Raises:
        SweepRefusedError: nothing varies, or a range has no values.
    """

    def __init__(
        self,
        overrides: Sequence[Override],
        *,
        make_sampler: Callable[[int], BaseSampler],
        n_trials: int,
        timeout: float | None = None,
        n_jobs: int = 1,
        sampler_seed: int = 0,
    ) -> None:
        count(n_trials=n_trials, n_jobs=n_jobs)
        count(minimum=0, sampler_seed=sampler_seed)
        if timeout is not None:
            positive(timeout=timeout)
        swept = {each.get_key_element(): each for each in overrides if each.is_sweep_override()}
        self._fixed = [
            f"{each.get_key_element()}={each.get_value_element_as_str()}"
            for each in overrides
            if not each.is_sweep_override()
        ]
        self.varied = {each.key_or_group: str(each.input_line).partition("=")[2] for each in swept.values()}
        seeds = swept.pop(SEED, None)
        self._seeds = [""] if seeds is None else _listed(seeds)
        self._space = {key: distribution(override) for key, override in swept.items()}
        if not self._space:
            raise SweepRefusedError(
                "nothing varies that could be searched: expected a list, a range or an interval, "
                "like 'optimizer.lr=tag(log,interval(1e-4,1e-1))'"
            )
        self._make_sampler = make_sampler
        self._sampler_seed = sampler_seed
        self._n_trials = n_trials
        self._timeout = math.inf if timeout is None else timeout
        self._n_jobs = n_jobs
        self._begin = time.monotonic()
        self._first: list[Trial] = []
        """Trials of this batch, of which the first seed is run."""
        self._others: list[tuple[Trial, float]] = []
        """Trials whose other seeds are run next, with the first one's score."""

    @property
    def identity(self) -> object:
        """How values are drawn; the space is in the overrides, and more trials go on with the same search."""
        return [type(self._make_sampler(0)).__name__, self._sampler_seed]

    @property
    def num_runs(self) -> int:
        """The number of trials times the number of seeds."""
        return self._n_trials * len(self._seeds)

    def samples(self) -> list[Overrides]:
        """Return runs at the edges of the space: each key at each of its edges, the others at their first."""
        first = {key: edges(each)[0] for key, each in self._space.items()}
        points = [first | {key: edge} for key, each in self._space.items() for edge in edges(each)[1:]]
        return [
            *(self._run(first, seed) for seed in self._seeds),
            *(self._run(point, self._seeds[0]) for point in points),
        ]

    def open(self, folder: Path) -> list[Overrides]:
        """Make the study or take it up again; return the runs of the trials that are done."""
        from optuna.trial import TrialState

        self._study = open_study(folder)
        trials = self._study.get_trials(deepcopy=False)
        self._study.sampler = self._make_sampler(self._sampler_seed + len(trials))
        for trial in trials:
            if trial.state is TrialState.RUNNING:
                self._study.tell(trial.number, state=TrialState.FAIL)
                self._study.enqueue_trial(trial.params, user_attrs={AGAIN: True})
        return [
            self._overrides(trial.params, seed)
            for trial in trials
            if trial.state in (TrialState.COMPLETE, TrialState.PRUNED)
            for seed in self._seeds
        ]

    def next_batch(self) -> list[Overrides]:
        """Draw the next trials; with several seeds, every other batch has the other seeds of the last ones."""
        if self._others:
            return [
                self._overrides(trial.params, seed) for trial, _ in self._others for seed in self._seeds[1:]
            ]
        trials = self._study.get_trials(deepcopy=False)
        num_interrupted = sum(AGAIN in trial.user_attrs for trial in trials)
        num_made = sum(trial.state.is_finished() for trial in trials) - num_interrupted
        num_next = min(self._n_jobs, self._n_trials - num_made)
        if time.monotonic() - self._begin > self._timeout or num_next < 1:
            return []
        self._first = [self._study.ask(self._space) for _ in range(num_next)]
        batch = [self._overrides(trial.params, self._seeds[0]) for trial in self._first]
        for trial, overrides in zip(self._first, batch, strict=True):
            trial.set_user_attr(OVERRIDES, overrides)  # by which a run knows its trial
        return batch

    def tell(self, outcomes: Sequence[Outcome]) -> None:
        """Tell the study what the trials are worth."""
        from optuna.trial import TrialState

        if self._others:
            others, self._others = self._others, []
            num_others = len(self._seeds) - 1
            for index, (trial, score) in enumerate(others):
                of_trial = outcomes[index * num_others : (index + 1) * num_others]
                scores = [score, *(each.score for each in of_trial if not math.isnan(each.score))]
                self._study.tell(trial, sum(scores) / len(scores))
            return
        for trial, outcome in zip(self._first, outcomes, strict=True):
            if outcome.state is State.PRUNED:
                self._study.tell(trial, state=TrialState.PRUNED)
            elif math.isnan(outcome.score):
                self._study.tell(trial, state=TrialState.FAIL)
            elif len(self._seeds) > 1:
                self._others.append((trial, outcome.score))
            else:
                self._study.tell(trial, outcome.score)

    def _overrides(self, params: dict[str, Any], seed: str) -> Overrides:
        return self._run({key: typed(params[key], each) for key, each in self._space.items()}, seed)

    def _run(self, values: dict[str, str], seed: str) -> Overrides:
        """Return the overrides of a run with these values; without seeds in the sweep `seed` is empty."""
        return [*self._fixed, *(f"{key}={value}" for key, value in values.items()), *([seed] if seed else [])]


def _listed(seeds: Override) -> list[str]:
    if not seeds.is_discrete_sweep():
        raise SweepRefusedError(f"{seeds.input_line}: expected a list of seeds, like 0,1,2 or range(3)")
    return [f"{SEED}={each}" for each in seeds.sweep_string_iterator()]
