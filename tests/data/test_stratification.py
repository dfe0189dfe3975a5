import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchlab.arguments import ArgumentError
from scratchlab.data.stratification import Stratification


def stratification(
    val_fraction: float = 0.1, test_fraction: float = 0.2, split_seed: int = 0
) -> Stratification:
    return Stratification(val_fraction=val_fraction, test_fraction=test_fraction, split_seed=split_seed)


def test_every_class_has_its_share_in_every_split() -> None:
    labels = np.repeat([0, 1, 2], [100, 50, 10])
    counts = [np.bincount(labels[part]).tolist() for part in stratification().split(labels)]
    assert counts == [[70, 35, 7], [10, 5, 1], [20, 10, 2]]


def test_half_an_example_is_rounded_up() -> None:
    sizes = [
        len(part) for part in stratification(val_fraction=0.25, test_fraction=0.25).split(np.zeros(10, int))
    ]
    assert sizes == [4, 3, 3]


@given(
    labels=st.lists(st.integers(0, 5), min_size=1, max_size=60),
    val_fraction=st.floats(0, 0.5),
    test_fraction=st.floats(0.01, 0.49),
)
def test_every_example_is_in_one_split_and_every_class_is_trained_on(
    labels: list[int], val_fraction: float, test_fraction: float
) -> None:
    train, val, test = stratification(val_fraction, test_fraction).split(np.array(labels))
    assert sorted(np.concatenate([train, val, test]).tolist()) == list(range(len(labels)))
    assert {labels[index] for index in train} == set(labels)


def test_classes_are_mixed_in_every_split() -> None:
    labels = np.repeat([0, 1], 500)
    for part in stratification().split(labels):
        first = labels[part[: len(part) // 2]]
        assert 0.35 < first.mean() < 0.65


def test_splits_follow_from_their_own_seed_alone() -> None:
    labels = np.repeat([0, 1], 50)
    np.random.default_rng(1).shuffle(labels)
    once, again, other = (
        np.concatenate(stratification(split_seed=seed).split(labels)).tolist() for seed in (3, 3, 4)
    )
    assert once == again != other


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"val_fraction": -0.1}, "val_fraction=-0.1: expected a number from 0 to below 1"),
        ({"val_fraction": "a"}, "val_fraction=a: expected a number from 0 to below 1"),
        ({"test_fraction": 0}, "test_fraction=0: expected a number above 0 and below 1"),
        ({"test_fraction": 1.0}, "test_fraction=1.0: expected a number from 0 to below 1"),
        (
            {"val_fraction": 0.5, "test_fraction": 0.5},
            "test_fraction=0.5: expected less than 0.5: val_fraction is 0.5, and examples must be left",
        ),
        ({"split_seed": -1}, "split_seed=-1: expected a whole number of at least 0"),
        ({"split_seed": 0.5}, "split_seed=0.5: expected a whole number of at least 0"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        stratification(**arguments)  # type: ignore[arg-type]
