import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from optuna import Study
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.trial import TrialState

from scratchlab.arguments import ArgumentError
from scratchlab.config.launch import SweepRefusedError
from scratchlab.sweeps.outcome import Outcome, State
from scratchlab.sweeps.plan import Overrides
from scratchlab.sweeps.search import Search
from scratchlab.sweeps.study import open_study

SPACE = ("model.hidden=100,200,500", "optimizer.lr=tag(log,interval(1e-4,1e-1))")


def random(seed: int) -> BaseSampler:
    return RandomSampler(seed=seed)


def search(*typed: str, n_trials: int = 4, **options: Any) -> Search:
    overrides = OverridesParser.create().parse_overrides(list(typed or SPACE))
    return Search(overrides, **{"make_sampler": random, "n_trials": n_trials, **options})


def values(run: Overrides) -> dict[str, str]:
    return dict(override.split("=") for override in run)


def finished(score: float) -> Outcome:
    return Outcome(State.FINISHED, score)


def conducted(
    plan: Search, outcome: Callable[[dict[str, str]], Outcome], folder: Path
) -> list[list[Overrides]]:
    """Do what a sweep does with a plan; return its batches."""
    plan.open(folder)
    batches = []
    while batch := plan.next_batch():
        batches.append(batch)
        plan.tell([outcome(values(run)) for run in batch])
    return batches


def trials(folder: Path, *states: TrialState) -> list[Any]:
    study: Study = open_study(folder)
    return study.get_trials(states=states or None)


def test_each_trial_is_a_run_with_values_from_the_space(tmp_path: Path) -> None:
    batches = conducted(search("data=digits", *SPACE, n_trials=6), lambda run: finished(0.5), tmp_path)
    runs = [run for [run] in batches]
    assert len(runs) == 6
    for run in runs:
        assert [each.partition("=")[0] for each in run] == ["data", "model.hidden", "optimizer.lr"]
        assert values(run)["model.hidden"] in ("100", "200", "500")
        assert 1e-4 <= float(values(run)["optimizer.lr"]) <= 1e-1
    assert len({values(run)["optimizer.lr"] for run in runs}) == 6
    assert {trial.state for trial in trials(tmp_path)} == {TrialState.COMPLETE}


def test_the_draws_follow_from_the_seed_of_the_sampler(tmp_path: Path) -> None:
    drawn = []
    for number, seed in enumerate((3, 3, 4)):
        folder = tmp_path / str(number)
        folder.mkdir()
        drawn.append(conducted(search(sampler_seed=seed), lambda run: finished(0.5), folder))
    assert drawn[0] == drawn[1] != drawn[2]


def test_the_study_hears_what_the_trials_are_worth(tmp_path: Path) -> None:
    """A sampler that learns finds the better half of an interval more often than one that does not."""

    def tpe(seed: int) -> BaseSampler:
        return TPESampler(seed=seed, n_startup_trials=5)

    plan = search("optimizer.lr=interval(0,1)", n_trials=25, make_sampler=tpe)
    batches = conducted(plan, lambda run: finished(float(run["optimizer.lr"])), tmp_path)
    late = [float(values(run)["optimizer.lr"]) for [run] in batches[15:]]
    assert sum(late) / len(late) > 0.8
    study = open_study(tmp_path)
    assert study.best_value == pytest.approx(study.best_params["optimizer.lr"], rel=1e-3)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome(State.PRUNED), TrialState.PRUNED),
        (Outcome(State.FAILED), TrialState.FAIL),
        (Outcome(State.KILLED), TrialState.FAIL),
        (Outcome(State.SKIPPED), TrialState.FAIL),
        (Outcome(State.REUSED, 0.25), TrialState.COMPLETE),
    ],
)
def test_what_becomes_of_a_run_becomes_of_its_trial(
    tmp_path: Path, outcome: Outcome, state: TrialState
) -> None:
    assert len(conducted(search(n_trials=3), lambda run: outcome, tmp_path)) == 3
    assert [trial.state for trial in trials(tmp_path)] == [state] * 3


def test_trials_are_asked_for_together_and_never_too_many(tmp_path: Path) -> None:
    batches = conducted(search(n_trials=5, n_jobs=2), lambda run: finished(0.5), tmp_path)
    assert [len(batch) for batch in batches] == [2, 2, 1]


def test_no_trial_starts_when_the_time_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("scratchlab.sweeps.search.time.monotonic", lambda: now)

    def outcome(run: dict[str, str]) -> Outcome:
        nonlocal now
        now += 4
        return finished(0.5)

    assert (
        len(conducted(search(n_trials=100, timeout=10), outcome, tmp_path)) == 3
    )  # after 0, 4 and 8 seconds


class TestSeeds:
    def test_they_are_replicas_and_no_parameter(self, tmp_path: Path) -> None:
        scores = {"0": 0.1, "1": 0.2, "2": 0.6}
        plan = search("optimizer.lr=interval(0,1)", "seed=range(3)", n_trials=2)
        batches = conducted(plan, lambda run: finished(scores[run["seed"]]), tmp_path)
        assert [[values(run)["seed"] for run in batch] for batch in batches] == [["0"], ["1", "2"]] * 2
        for first, others in (batches[:2], batches[2:]):
            assert len({values(run)["optimizer.lr"] for run in [*first, *others]}) == 1
        assert plan.num_runs == 6
        assert plan.varied == {"optimizer.lr": "interval(0,1)", "seed": "range(3)"}
        for trial in trials(tmp_path):
            assert list(trial.params) == ["optimizer.lr"]
            assert trial.value == pytest.approx(0.3)

    @pytest.mark.parametrize("state", [State.PRUNED, State.FAILED])
    def test_where_the_first_ends_early_the_others_are_spared(self, tmp_path: Path, state: State) -> None:
        plan = search("optimizer.lr=interval(0,1)", "seed=5,6", n_trials=3)
        batches = conducted(plan, lambda run: Outcome(state), tmp_path)
        assert [[values(run)["seed"] for run in batch] for batch in batches] == [["5"]] * 3

    def test_those_that_fail_do_not_count_in_the_mean(self, tmp_path: Path) -> None:
        outcomes = {"0": finished(0.25), "1": Outcome(State.FAILED), "2": finished(0.75)}
        plan = search("optimizer.lr=interval(0,1)", "seed=0,1,2", n_trials=1)
        conducted(plan, lambda run: outcomes[run["seed"]], tmp_path)
        [trial] = trials(tmp_path)
        assert trial.value == 0.5

    def test_several_trials_at_once_keep_theirs_apart(self, tmp_path: Path) -> None:
        plan = search("model.hidden=range(1,1000)", "seed=0,1,2", n_trials=2, n_jobs=2)
        conducted(plan, lambda run: finished(float(run["model.hidden"]) + 3 * float(run["seed"])), tmp_path)
        for trial in trials(tmp_path):
            assert trial.value == trial.params["model.hidden"] + 3


class TestResuming:
    def test_the_trials_from_before_count(self, tmp_path: Path) -> None:
        before = conducted(search(n_trials=3), lambda run: finished(0.5), tmp_path)
        plan = search(n_trials=5)
        assert plan.open(tmp_path) == [run for [run] in before]
        after = conducted(search(n_trials=5), lambda run: finished(0.5), tmp_path)
        assert len(after) == 2
        drawn = [run for [run] in before + after]
        assert len({values(run)["optimizer.lr"] for run in drawn}) == 5  # no draw is repeated
        assert conducted(search(n_trials=5), lambda run: finished(0.5), tmp_path) == []

    def test_with_seeds_all_runs_of_a_trial_are_done(self, tmp_path: Path) -> None:
        space = ("optimizer.lr=interval(0,1)", "seed=0,1")
        before = conducted(search(*space, n_trials=2), lambda run: finished(0.5), tmp_path)
        assert search(*space, n_trials=2).open(tmp_path) == [run for batch in before for run in batch]

    def test_a_trial_that_was_cut_short_is_asked_for_again(self, tmp_path: Path) -> None:
        plan = search(n_trials=3, n_jobs=2)
        plan.open(tmp_path)
        interrupted = plan.next_batch()  # and killed
        again = search(n_trials=3, n_jobs=2)
        assert again.open(tmp_path) == []
        first = again.next_batch()
        assert first == interrupted
        again.tell([finished(0.5)] * 2)
        last = again.next_batch()
        assert len(last) == 1
        assert last[0] not in interrupted
        again.tell([finished(0.5)])
        assert again.next_batch() == []
        assert len(trials(tmp_path, TrialState.COMPLETE)) == 3
        assert trials(tmp_path, TrialState.RUNNING, TrialState.WAITING) == []

    def test_also_one_that_is_cut_short_again_and_again(self, tmp_path: Path) -> None:
        asked = []
        for _ in range(3):
            plan = search(n_trials=2)
            plan.open(tmp_path)
            asked.append(plan.next_batch())
        assert asked[0] == asked[1] == asked[2]
        assert len(conducted(search(n_trials=2), lambda run: finished(0.5), tmp_path)) == 2
        assert len(trials(tmp_path, TrialState.COMPLETE)) == 2

    def test_one_that_was_never_asked_for_again_is_not_lost(self, tmp_path: Path) -> None:
        """Killed between the taking up of a study and its first run."""
        plan = search(n_trials=2)
        plan.open(tmp_path)
        interrupted = plan.next_batch()
        search(n_trials=2).open(tmp_path)
        last = search(n_trials=2)
        last.open(tmp_path)
        assert last.next_batch() == interrupted
        last.tell([finished(0.5)])
        assert len(conducted(search(n_trials=2), lambda run: finished(0.5), tmp_path)) == 1
        assert len(trials(tmp_path, TrialState.COMPLETE)) == 2

    def test_a_failure_counts_so_that_a_search_comes_to_its_end(self, tmp_path: Path) -> None:
        assert len(conducted(search(n_trials=2), lambda run: Outcome(State.FAILED), tmp_path)) == 2
        assert conducted(search(n_trials=2), lambda run: finished(0.5), tmp_path) == []


def test_a_check_before_the_start_sees_all_choices_and_the_ends_of_ranges() -> None:
    plan = search("data=digits", *SPACE, "seed=3,4")
    first = ["data=digits", "model.hidden=100", "optimizer.lr=0.0001"]
    assert plan.samples() == [
        [*first, "seed=3"],
        [*first, "seed=4"],
        ["data=digits", "model.hidden=200", "optimizer.lr=0.0001", "seed=3"],
        ["data=digits", "model.hidden=500", "optimizer.lr=0.0001", "seed=3"],
        ["data=digits", "model.hidden=100", "optimizer.lr=0.1", "seed=3"],
    ]


def test_more_trials_are_the_same_search_and_another_sampler_is_another() -> None:
    def tpe(seed: int) -> BaseSampler:
        return TPESampler(seed=seed)

    same = search().identity
    assert search(n_trials=99, n_jobs=3, timeout=5.0).identity == same
    assert search(sampler_seed=1).identity != same
    assert search(make_sampler=tpe).identity != same


@pytest.mark.parametrize("typed", [("data=digits",), ("data=digits", "seed=0,1")])
def test_something_has_to_vary_besides_the_seed(typed: tuple[str, ...]) -> None:
    with pytest.raises(SweepRefusedError) as refused:
        search(*typed)
    assert str(refused.value) == (
        "nothing varies that could be searched: expected a list, a range or an interval, "
        "like 'optimizer.lr=tag(log,interval(1e-4,1e-1))'"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n_trials": 0}, "n_trials=0: expected a whole number of at least 1"),
        ({"n_trials": 2.5}, "n_trials=2.5: expected a whole number of at least 1"),
        ({"n_jobs": 0}, "n_jobs=0: expected a whole number of at least 1"),
        ({"timeout": 0}, "timeout=0: expected a number above 0"),
        ({"timeout": math.inf}, "timeout=inf: expected a number above 0"),
        ({"sampler_seed": -1}, "sampler_seed=-1: expected a whole number of at least 0"),
    ],
)
def test_a_value_out_of_range_is_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        search(**options)
    assert str(refused.value) == said


def test_seeds_are_listed_not_drawn() -> None:
    with pytest.raises(SweepRefusedError) as refused:
        search("optimizer.lr=0.1,0.2", "seed=interval(0,5)")
    assert str(refused.value) == "seed=interval(0,5): expected a list of seeds, like 0,1,2 or range(3)"
