from collections.abc import Sequence
from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from optuna.samplers import RandomSampler, TPESampler

from scratchlab.config.launch import SweepRefusedError
from scratchlab.sweeps.grid import Grid
from scratchlab.sweeps.plan import Plan
from scratchlab.sweeps.planning import planned
from scratchlab.sweeps.search import Search
from tests.composed import composed
from tests.launched import launch


def plan(*chosen: str, typed: Sequence[str] = ("model.hidden=8,16", "seed=0,1")) -> Plan:
    """Return the plan of a sweep over `typed` with the options `chosen` of the group `sweep`."""
    config = composed(*chosen)
    return planned(config.sweep, OverridesParser.create().parse_overrides(list(typed)), config)


def test_the_default_is_a_grid() -> None:
    grid = plan()
    assert isinstance(grid, Grid)
    assert (grid.num_runs, len(grid.next_batch()), grid.next_batch()) == (4, 4, [])


def test_what_is_zipped_or_excluded_comes_from_the_group() -> None:
    assert plan("sweep.zip=[model.hidden,seed]", 'sweep.exclude=["seed=0"]').num_runs == 1


@pytest.mark.parametrize(("chosen", "sampler"), [("sweep=random", RandomSampler), ("sweep=tpe", TPESampler)])
def test_searches_draw_with_the_sampler_of_their_group(chosen: str, sampler: type) -> None:
    search = plan(chosen, "sweep.n_trials=7", "sweep.sampler_seed=3")
    assert isinstance(search, Search)
    assert search.identity == [sampler.__name__, 3]
    assert search.num_runs == 7 * 2


@pytest.mark.parametrize("pruner", ["none", "median", "hyperband"])
@pytest.mark.parametrize("sampler", ["random", "tpe"])
def test_samplers_and_pruners_can_be_combined(sampler: str, pruner: str) -> None:
    search = plan("sweep=tpe", f"sweep/sampler={sampler}", f"sweep/pruner={pruner}")
    assert isinstance(search, Search)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["sweep=tpe", "sweep.n_trials=0"], "sweep.n_trials=0: expected a whole number of at least 1"),
        (["sweep=random", "sweep.timeout=-1"], "sweep.timeout=-1: expected a number above 0"),
        (
            ["+sweep.zipp=[seed]"],
            'sweep.zipp=["seed"]: expected one of the keys reuse, dry_run, max_failures, fail_fast, sampler, '
            "pruner, callbacks, zip, exclude, n_jobs, did you mean zip?",
        ),
    ],
)
def test_a_key_or_a_value_that_the_plan_refuses_is_named(chosen: list[str], said: str) -> None:
    with pytest.raises(SweepRefusedError) as refused:
        plan(*chosen)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("+sweep.sampler.n_startup=3", "sweep.sampler.n_startup=3: expected one of the keys "),
        ("+sweep.pruner.n_warmup=3", "sweep.pruner.n_warmup=3: expected one of the keys "),
        ("sweep.pruner.n_startup_trials=-1", "sweep.pruner: "),
        ("sweep.pruner.n_startup_trials=many", "sweep.pruner: "),
        ("sweep.sampler._target_=optuna.samplers.GridSampler", "sweep.sampler"),
    ],
)
def test_what_a_sampler_or_a_pruner_refuses_is_one_sentence(typed: str, begins: str) -> None:
    with pytest.raises(SweepRefusedError) as refused:
        plan("sweep=tpe", typed)
    said = str(refused.value)
    assert said.startswith(begins)
    assert "\n" not in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            ["sweep=tpe", "optimizer.lr=0.1,0.2", "sweep.sampler.n_startup=3"],
            "sweep.sampler.n_startup=3: expected one of the keys ",
        ),
        (["sweep=tpee", "seed=0,1"], "sweep=tpee: expected one of grid, random, tpe, did you mean tpe?"),
        (
            ["sweep=tpe", "sweep/pruner=medain", "optimizer.lr=0.1,0.2"],
            "sweep/pruner=medain: expected one of hyperband, median, none, did you mean median?",
        ),
        (
            ["sweep=random", "model.hidden=int(interval(0,9))"],
            "model.hidden=0: expected a whole number of at least 1",
        ),
        (
            ["sweep.fail_fast=maybe", "seed=0,1"],
            "sweep.fail_fast=maybe: expected true or false",
        ),
        (["sweep.max_failures=0", "seed=0,1"], "sweep.max_failures=0: expected a whole number of at least 1"),
        (
            ["sweep.max_failures=1", "tracking=off", "seed=0,1"],
            "sweep.max_failures and sweep.fail_fast: expected runs that are recorded, as with tracking=mlflow, ",
        ),
    ],
)
def test_a_wrong_sweep_ends_in_plain_words_before_anything_is_made(
    tmp_path: Path, typed: list[str], said: str
) -> None:
    ended = launch("train.py", "-m", "data=digits", *typed, cwd=tmp_path)
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(said)
    assert ended.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
