from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from scratchlab.config.launch import SweepRefusedError
from scratchlab.sweeps.grid import Grid, grid


def runs(*typed: str, zipped: tuple[str, ...] = ()) -> list[str]:
    """Return the runs of a sweep, each as its overrides on one line."""
    return [
        " ".join(run) for run in grid(OverridesParser.create().parse_overrides(list(typed)), zipped=zipped)
    ]


def test_every_combination_with_the_last_key_varying_fastest() -> None:
    assert runs("model.hidden=100,200", "data=digits", "optimizer=adam,sgd") == [
        "model.hidden=100 data=digits optimizer=adam",
        "model.hidden=100 data=digits optimizer=sgd",
        "model.hidden=200 data=digits optimizer=adam",
        "model.hidden=200 data=digits optimizer=sgd",
    ]


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("optimizer.lr=1e-3,1e-2", ["0.001", "0.01"]),
        ("model.hidden=[100],[200,300]", ["[100]", "[200,300]"]),
        ("seed=range(1,4)", ["1", "2", "3"]),
        ("seed=range(0,10,step=4)", ["0", "4", "8"]),
        ("seed=choice(3,1)", ["3", "1"]),
        ("tracking.name='a,b'", ["'a,b'"]),
        ("seed=7", ["7"]),
    ],
)
def test_what_may_be_listed(typed: str, values: list[str]) -> None:
    key = typed.partition("=")[0]
    assert runs(typed) == [f"{key}={value}" for value in values]


def test_zipped_keys_vary_together_where_the_first_of_them_stands() -> None:
    typed = ("seed=0,1", "model.hidden=10,20", "trainer.epochs=3,4", "optimizer.lr=1e-1,1e-2")
    assert runs(*typed[1:], zipped=("optimizer.lr", "model.hidden")) == [
        "optimizer.lr=0.1 model.hidden=10 trainer.epochs=3",
        "optimizer.lr=0.1 model.hidden=10 trainer.epochs=4",
        "optimizer.lr=0.01 model.hidden=20 trainer.epochs=3",
        "optimizer.lr=0.01 model.hidden=20 trainer.epochs=4",
    ]
    assert runs(*typed[:2], zipped=("seed", "model.hidden")) == [
        "seed=0 model.hidden=10",
        "seed=1 model.hidden=20",
    ]


def test_zipped_keys_need_as_many_values_each() -> None:
    with pytest.raises(SweepRefusedError) as refused:
        runs("seed=0,1,2", "model.hidden=10,20", zipped=("seed", "model.hidden"))
    assert str(refused.value) == (
        "sweep.zip=['seed', 'model.hidden']: expected keys with as many values each, "
        "but seed has 3, model.hidden has 2"
    )


def test_zipped_keys_are_among_those_that_are_listed() -> None:
    with pytest.raises(SweepRefusedError, match=r"but seed has 2, model\.hiden has 0$"):
        runs("seed=0,1", "model.hidden=10,20", zipped=("seed", "model.hiden"))


def test_an_interval_has_no_values_to_list() -> None:
    with pytest.raises(SweepRefusedError) as refused:
        runs("seed=0,1", "optimizer.lr=interval(1e-4,1e-1)")
    assert str(refused.value) == (
        "optimizer.lr=interval(1e-4,1e-1): expected a list of values, like 1e-3,1e-2 or range(1,5); "
        "sweep=random and sweep=tpe take intervals"
    )


def planned(*typed: str, **options: Any) -> list[str]:
    """Return the runs that a grid plans, each as its overrides on one line."""
    plan = Grid(OverridesParser.create().parse_overrides(list(typed)), **options)
    return [" ".join(run) for run in plan.samples()]


@pytest.mark.parametrize(
    ("excluded", "left"),
    [
        ("a=16 b=1e-1", ["a=8 b=0.1", "a=8 b=0.01", "a=16 b=0.01"]),
        ("b=0.100 a=16", ["a=8 b=0.1", "a=8 b=0.01", "a=16 b=0.01"]),
        ("b=0.01", ["a=8 b=0.1", "a=16 b=0.1"]),
        ("a=32", ["a=8 b=0.1", "a=8 b=0.01", "a=16 b=0.1", "a=16 b=0.01"]),
        ("data=digits a=8", ["a=16 b=0.1", "a=16 b=0.01"]),
    ],
)
def test_exclusions_leave_out_combinations_however_they_are_typed(excluded: str, left: list[str]) -> None:
    assert planned("data=digits", "a=8,16", "b=0.1,1e-2", exclude=[excluded]) == [
        f"data=digits {run}" for run in left
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"exclude": ["model.hiden=8"]},
            "sweep.exclude=['model.hiden=8']: expected keys that the sweep has, but model.hiden is none",
        ),
        (
            {"exclude": ["data=digits"]},
            "sweep.exclude=['data=digits']: expected combinations to be left, but all are excluded",
        ),
        ({"zip": "seed"}, "sweep.zip=seed: expected a list, like [model.hidden,optimizer.lr]"),
        (
            {"exclude": "seed=0"},
            'sweep.exclude=seed=0: expected a list, like ["model.hidden=500 optimizer.lr=1e-1"]',
        ),
    ],
)
def test_what_makes_no_grid_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SweepRefusedError) as refused:
        planned("data=digits", "seed=0,1", **options)
    assert str(refused.value) == said


def test_the_same_combinations_are_the_same_grid_whatever_else_is_typed() -> None:
    def identity(*typed: str, zip: tuple[str, ...] = ()) -> object:
        return Grid(OverridesParser.create().parse_overrides(list(typed)), zip=zip).identity

    same = identity("seed=0,1", "model.hidden=8,16")
    assert identity("sweep.max_failures=2", "seed=0,1", "tracking.name=a", "model.hidden=8,16") == same
    assert identity("seed=0,1", "model.hidden=8,17") != same
    assert identity("seed=0,1", "model.hidden=8,16", zip=("seed", "model.hidden")) != same
