from pathlib import Path

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataError, Dataset
from scratchlab.data.preparation import LabelledImages, Preparation


def numbered(n: int, start: int = 0, shape: tuple[int, int] = (2, 3)) -> LabelledImages:
    """Return images whose every pixel is their number, and whose label is its last digit."""
    numbers = np.arange(start, start + n, dtype=np.uint8)
    return LabelledImages(np.tile(numbers[:, None, None], (1, *shape)), numbers % 10)


def prepared(
    num_val: int = 5,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    test: LabelledImages | None = None,
) -> Dataset:
    preparation = Preparation(
        num_val=num_val, limit_train=limit_train, limit_test=limit_test, preprocessing=preprocessing
    )
    return preparation.dataset(
        numbered(20),
        numbered(8, start=100) if test is None else test,
        name="toy",
        max_pixel=200,
        class_names=tuple("0123456789"),
        digest="0" * 64,
        source=Path("toys"),
    )


def numbers(dataset: Dataset) -> tuple[list[int], list[int], list[int]]:
    """Return the numbers of the images in train, val and test, read off the inputs."""
    found = []
    for split in (dataset.train, dataset.val, dataset.test):
        pixels = dataset.preprocessing.invert(split.inputs)
        assert pixels.shape == (len(split), 6)
        assert (pixels == pixels[:, :1]).all()
        assert (pixels[:, 0] % 10 == split.targets).all()
        assert split.targets.dtype == np.int64
        found.append(pixels[:, 0].tolist())
    return found[0], found[1], found[2]


def test_the_last_training_images_validate() -> None:
    dataset = prepared(num_val=5)
    assert numbers(dataset) == (list(range(15)), list(range(15, 20)), list(range(100, 108)))
    assert dataset.input_shape == (2, 3)
    assert (dataset.name, dataset.digest, dataset.source) == ("toy", "0" * 64, Path("toys"))


def test_without_validation_all_images_train() -> None:
    assert numbers(prepared(num_val=0)) == (list(range(20)), [], list(range(100, 108)))


def test_limits_take_the_first_images_and_leave_validation_alone() -> None:
    dataset = prepared(num_val=5, limit_train=3, limit_test=2)
    assert numbers(dataset) == ([0, 1, 2], list(range(15, 20)), [100, 101])


def test_limits_beyond_the_end_are_no_limits() -> None:
    assert numbers(prepared(limit_train=10**9, limit_test=10**9)) == numbers(prepared())


def test_pixels_are_scaled_by_their_own_maximum() -> None:
    assert prepared().test.inputs[0, 0] == pytest.approx(100 / 200)


@pytest.mark.parametrize("limit_train", [None, 4])
def test_statistics_come_from_what_is_trained_on(limit_train: int | None) -> None:
    dataset = prepared(num_val=5, limit_train=limit_train, preprocessing="subtract_mean")
    mean = 7 if limit_train is None else 1.5
    assert dataset.preprocessing.shift.tolist() == [mean] * 6
    assert dataset.train.inputs.mean() == pytest.approx(0, abs=1e-7)
    assert dataset.val.inputs.mean() == pytest.approx((17 - mean) / 200)


@pytest.mark.parametrize("num_val", [20, 21])
def test_an_image_must_be_left_to_train_on(num_val: int) -> None:
    message = f"num_val={num_val}: expected a whole number from 0 to 19: one image must be left to train on"
    with pytest.raises(ArgumentError, match=message):
        prepared(num_val=num_val)
    assert len(prepared(num_val=19).train) == 1


def test_choices_out_of_range_are_refused() -> None:
    with pytest.raises(ArgumentError, match="num_val=-1: expected a whole number of at least 0"):
        prepared(num_val=-1)
    with pytest.raises(ArgumentError, match="limit_train=0: expected a whole number of at least 1"):
        prepared(limit_train=0)
    with pytest.raises(ArgumentError, match="limit_test=0: expected a whole number of at least 1"):
        prepared(limit_test=0)
    with pytest.raises(ArgumentError, match=r"preprocessing=scael: expected one of .*, did you mean scale\?"):
        prepared(preprocessing="scael")


def test_train_and_test_images_have_one_size() -> None:
    with pytest.raises(DataError, match=r"toy: expected 6 inputs per example \(\(2, 3\)\) in test, found 4"):
        prepared(test=numbered(8, shape=(2, 2)))
