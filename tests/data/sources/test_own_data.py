from pathlib import Path
from typing import Any

import numpy as np
import pytest
from omegaconf import OmegaConf

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataError, DataFileError, DataNotFoundError, Dataset
from scratchlab.data.preparation import LabelledImages
from scratchlab.data.sources.own_data import OwnData, checked_shape, own_path
from scratchlab.data.stratification import Stratification


def prepared(
    examples: LabelledImages,
    *,
    class_names: tuple[str, ...] = ("a", "b"),
    val_fraction: float = 0.2,
    test_fraction: float = 0.2,
    num_val: int | None = None,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    max_pixel: float | None = None,
) -> Dataset:
    stratification = Stratification(val_fraction=val_fraction, test_fraction=test_fraction, split_seed=0)
    own = OwnData(
        stratification=stratification,
        num_val=num_val,
        limit_train=limit_train,
        limit_test=limit_test,
        preprocessing=preprocessing,
    )
    return own.dataset(
        examples, path=Path("my.own.csv"), class_names=class_names, digest="0", max_pixel=max_pixel
    )


def rows(n: int = 20, largest: float = 8.0) -> LabelledImages:
    """Return two columns of real numbers, of two classes in turn; the largest is that of the last example."""
    values = np.linspace(-1, largest, n, dtype=np.float32)
    return LabelledImages(np.stack([values, -values / 8], axis=1), np.arange(n) % 2)


@pytest.mark.parametrize(("num_val", "val"), [(None, 4), (9, 4), (3, 3), (0, 0)])
def test_each_split_has_its_limit(num_val: int | None, val: int) -> None:
    dataset = prepared(rows(), num_val=num_val, limit_train=5, limit_test=2)
    assert [len(dataset.train), len(dataset.val), len(dataset.test)] == [5, val, 2]


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"num_val": -1}, "num_val=-1: expected a whole number of at least 0"),
        ({"limit_train": 0}, "limit_train=0: expected a whole number of at least 1"),
        ({"limit_test": 1.5}, "limit_test=1.5: expected a whole number of at least 1"),
        ({"preprocessing": "scael"}, r"preprocessing=scael: expected one of .*, did you mean scale\?"),
    ],
)
def test_choices_out_of_range_are_refused(limits: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        prepared(rows(), **limits)


def test_the_name_is_that_of_the_file_and_the_source_its_place() -> None:
    dataset = prepared(rows())
    assert (dataset.name, dataset.source) == ("my", Path("my.own.csv").resolve())


def test_rows_are_scaled_by_the_largest_training_value() -> None:
    dataset = prepared(rows())
    assert np.abs(dataset.train.inputs).max() == pytest.approx(1)
    assert dataset.train.inputs.min() < 0


def test_images_are_scaled_by_the_largest_training_pixel_or_by_what_is_known() -> None:
    images = LabelledImages(np.full((20, 2, 2), 16, np.uint8), np.arange(20) % 2)
    assert (prepared(images).train.inputs == 1).all()
    assert prepared(images, max_pixel=255).train.inputs == pytest.approx(16 / 255)


def test_columns_of_different_units_are_standardized_one_by_one() -> None:
    rng = np.random.default_rng(0)
    values = (rng.normal(size=(200, 3)) * [1, 1000, 0] + [0, 2000, 5]).astype(np.float32)
    dataset = prepared(LabelledImages(values, np.arange(200) % 2), preprocessing="standardize")
    assert dataset.train.inputs.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-5)
    assert dataset.train.inputs.std(axis=0) == pytest.approx([1, 1, 0], abs=1e-5)


@pytest.mark.parametrize(
    ("n", "class_names", "message"),
    [
        (20, ("a",), "expected examples of at least two classes, found a alone"),
        (
            4,
            ("a", "b"),
            r"enough examples that data.val_fraction=0.2 of a class is .*, found 4 examples of 2 classes",
        ),
    ],
)
def test_too_few_classes_or_examples_are_refused(n: int, class_names: tuple[str, ...], message: str) -> None:
    with pytest.raises(DataFileError, match=rf"my\.own\.csv: .*{message}"):
        prepared(rows(n), class_names=class_names)


def test_without_validation_a_few_examples_will_do() -> None:
    dataset = prepared(rows(4), val_fraction=0, test_fraction=0.25)
    assert [len(dataset.train), len(dataset.val), len(dataset.test)] == [2, 0, 2]
    with pytest.raises(DataFileError, match=r"data\.test_fraction=0\.2 of a class"):
        prepared(rows(4), val_fraction=0)


@pytest.mark.parametrize("path", [None, "", 5, True])
def test_a_path_must_be_typed(path: object) -> None:
    with pytest.raises(ArgumentError, match=rf"path={path}: expected the path of a file, such as x\.csv"):
        own_path(path, kind="file", example="x.csv")


def test_what_is_not_there_is_a_data_error_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "train.csv").touch()
    with pytest.raises(DataNotFoundError, match=r"/trian\.csv: no such file, did you mean train\.csv\?$"):
        own_path(tmp_path / "trian.csv", kind="file", example="")
    with pytest.raises(DataError, match=r"/absent/below: no such folder$"):
        own_path(tmp_path / "absent" / "below", kind="folder", example="")


@pytest.mark.parametrize("path", ["~nobody-of-this-name/x", "a\0b", "x" * 5000])
def test_what_can_be_no_path_is_not_there(path: str) -> None:
    with pytest.raises(DataNotFoundError, match="no such file"):
        own_path(path, kind="file", example="")


def test_home_is_expanded_and_other_paths_start_at_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert own_path("~/mine", kind="folder", example="") == tmp_path / "mine"
    monkeypatch.chdir(tmp_path)
    assert own_path("mine", kind="folder", example="") == Path("mine")


def test_a_folder_is_no_file_and_a_file_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFileError, match=r"expected a file, found a folder; .* data=folder"):
        own_path(tmp_path, kind="file", example="")
    with pytest.raises(DataFileError, match=r"expected a folder, found a file; .* data=table"):
        own_path(tmp_path / "file", kind="folder", example="")


def test_shapes_are_those_of_gray_and_colored_images() -> None:
    assert checked_shape(None) is None
    assert checked_shape([28, 14]) == (28, 14)
    assert checked_shape(OmegaConf.create([3, 8, 8])) == (3, 8, 8)


@pytest.mark.parametrize(
    "shape", [28, "28,28", [28], [1, 28, 28], [28, 28, 3], [0, 28], [2.5, 2], [True, 2], []]
)
def test_other_shapes_are_refused(shape: object) -> None:
    with pytest.raises(
        ArgumentError, match=r"shape=.*: expected null, \[height,width\], or \[3,height,width\]"
    ):
        checked_shape(shape)
