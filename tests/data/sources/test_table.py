from pathlib import Path

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataFileError, table


@pytest.fixture
def pixels_file(tmp_path: Path) -> Path:
    """60 images of 2x3 pixels in three classes, as Kaggle writes them. Pixels 0 and 1 number the image."""
    lines = [f"{k % 3},{k},{2 * k},0,0,0,254" for k in range(60)]
    path = tmp_path / "train.csv"
    path.write_text("\n".join(["label,pixel0,pixel1,pixel2,pixel3,pixel4,pixel5", *lines]))
    return path


def test_the_images_of_a_table_are_shared_out(pixels_file: Path) -> None:
    dataset = table(path=str(pixels_file), shape=[2, 3])
    splits = (dataset.train, dataset.val, dataset.test)
    assert [np.bincount(split.targets).tolist() for split in splits] == [[16] * 3, [2] * 3, [2] * 3]
    assert (dataset.name, dataset.input_shape, dataset.class_names) == ("train", (2, 3), ("0", "1", "2"))
    numbers = []
    for split in splits:
        pixels = dataset.preprocessing.invert(split.inputs)
        assert pixels.dtype == np.uint8
        assert (pixels[:, 0] % 3 == split.targets).all()
        assert (pixels[:, 1] == 2 * pixels[:, 0]).all()
        numbers += pixels[:, 0].tolist()
    assert sorted(numbers) == list(range(60))
    assert dataset.train.inputs.max() == 1


def test_without_a_shape_examples_are_rows(pixels_file: Path) -> None:
    dataset = table(path=pixels_file)
    assert dataset.input_shape == (6,)
    assert not dataset.has_images


def test_numbers_with_fractions_come_back_from_the_inputs(tmp_path: Path) -> None:
    inputs = np.random.default_rng(0).normal(size=(40, 4)).astype(np.float32)
    inputs[:, 0] = np.arange(40)
    np.savez(tmp_path / "t.npz", inputs=inputs, targets=np.arange(40) % 2)
    dataset = table(path=tmp_path / "t.npz", shape=(2, 2), preprocessing="standardize", test_fraction=0.25)
    again = dataset.preprocessing.invert(dataset.test.inputs)
    assert again.dtype == np.float32
    assert again == pytest.approx(inputs[np.rint(again[:, 0]).astype(int)], abs=1e-4)


def test_whole_numbers_from_0_to_255_are_pixels_whatever_their_type(tmp_path: Path) -> None:
    inputs = np.tile([[0.0, 255.0]], (20, 1))
    np.savez(tmp_path / "t.npz", inputs=inputs, targets=np.arange(20) % 2)
    dataset = table(path=tmp_path / "t.npz")
    assert dataset.preprocessing.dtype is np.uint8
    np.savez(tmp_path / "t.npz", inputs=inputs + 1, targets=np.arange(20) % 2)
    assert table(path=tmp_path / "t.npz").preprocessing.dtype is np.float32


def test_a_column_may_have_a_number_for_its_name(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("0,1\n" + "x,1\ny,2\n" * 10)
    assert table(path=path, label=0).class_names == ("x", "y")
    with pytest.raises(ArgumentError, match="label=None: expected the name of a column"):
        table(path=path, label=None)  # type: ignore[arg-type]


def test_a_shape_must_fit_the_rows(pixels_file: Path) -> None:
    with pytest.raises(ArgumentError, match=r"shape=\[2, 2\]: expected a product of 6, the number of values"):
        table(path=pixels_file, shape=[2, 2])


@pytest.mark.parametrize("name", ["t.parquet", "t.gz", "t.csv.zip", "t"])
def test_files_of_other_names_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a,label\n1,2\n")
    with pytest.raises(DataFileError, match=r"expected a name that ends in \.npz, \.csv or \.csv\.gz, found"):
        table(path=tmp_path / name)
