from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scratchlab.data import DataError, Dataset, Preprocessing, Split


def split(n: int, d: int = 6, targets: list[int] | None = None) -> Split:
    inputs = np.arange(n * d, dtype=np.float32).reshape(n, d)
    return Split(inputs, np.arange(n) % 2 if targets is None else np.array(targets))


def dataset(train: Split, test: Split) -> Dataset:
    pixels = np.zeros((1, 6), dtype=np.uint8)
    return Dataset(
        name="toy",
        train=train,
        val=split(0),
        test=test,
        class_names=("no", "yes"),
        input_shape=(2, 3),
        digest="0" * 64,
        source=Path("toys"),
        preprocessing=Preprocessing.fit("scale", pixels, max_pixel=255),
    )


def test_the_length_of_a_split_is_its_number_of_examples() -> None:
    assert len(split(5)) == 5
    assert len(split(0)) == 0


def test_the_first_examples_are_a_view() -> None:
    whole = split(5)
    part = whole.first(3)
    assert part.inputs.tolist() == whole.inputs[:3].tolist()
    assert part.targets.tolist() == [0, 1, 0]
    assert np.shares_memory(part.inputs, whole.inputs)
    assert len(whole.first(100)) == 5


def test_names_of_classes_are_shown_in_one_short_line() -> None:
    named = replace(dataset(split(4), split(2)), class_names=("T-shirt/top", "two\n lines", "x" * 25))
    assert named.shown_names == ("T-shirt/top", "two lines", "x" * 21 + "...")


@pytest.mark.parametrize("targets", [np.zeros(4, int), np.zeros((5, 1), int)])
def test_inputs_and_targets_belong_together(targets: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> None:
    message = r"expected inputs of shape \(N, D\) and targets of shape \(N,\), found \(5, 2\) and "
    with pytest.raises(DataError, match=message):
        Split(np.zeros((5, 2), np.float32), targets)


def test_inputs_are_rows() -> None:
    with pytest.raises(DataError, match=r"found \(5, 2, 2\) and \(5,\)"):
        Split(np.zeros((5, 2, 2), np.float32), np.zeros(5, int))


def test_targets_are_whole_numbers() -> None:
    with pytest.raises(DataError, match="expected targets that are class ids, found float64"):
        Split(np.zeros((1, 2), np.float32), np.zeros(1, dtype="f8"))


def test_an_empty_validation_split_is_fine() -> None:
    assert len(dataset(split(4), split(2)).val) == 0


def test_every_split_has_the_shape_of_the_inputs() -> None:
    message = r"toy: expected 6 inputs per example \(\(2, 3\)\) in test, found 5"
    with pytest.raises(DataError, match=message):
        dataset(split(4), split(2, d=5))


@pytest.mark.parametrize(("targets", "found"), [([0, 2], "0 to 2"), ([-1, 1], "-1 to 1")])
def test_every_target_has_a_name(targets: list[int], found: str) -> None:
    with pytest.raises(DataError, match=f"toy: expected class ids from 0 to 1 in train, found {found}"):
        dataset(split(2, targets=targets), split(2))
