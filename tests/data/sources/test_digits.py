import gzip
import hashlib
import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataFileError, DataUnavailableError, digits


def fake_sklearn(monkeypatch: pytest.MonkeyPatch, site: Path, content: bytes | None) -> Path:
    """Put a package of this name in front of the real one, and return the path of its digits."""
    path = site / "sklearn" / "datasets" / "data" / "digits.csv.gz"
    path.parent.mkdir(parents=True)
    (site / "sklearn" / "__init__.py").touch()
    if content is not None:
        path.write_bytes(content)
    monkeypatch.delitem(sys.modules, "sklearn", raising=False)
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    return path


def rows(n: int) -> bytes:
    return gzip.compress(b"\n".join([b",".join([b"16"] * 64 + [b"3"])] * n))


def test_the_images_are_those_that_scikit_learn_reads() -> None:
    oracle = importlib.import_module("sklearn.datasets").load_digits()
    dataset = digits()
    splits = (dataset.train, dataset.val, dataset.test)
    assert [len(split) for split in splits] == [1137, 300, 360]
    assert dataset.input_shape == (8, 8)
    assert dataset.class_names == tuple("0123456789")
    inputs = np.concatenate([split.inputs for split in splits])
    np.testing.assert_allclose(inputs, oracle.data / 16, rtol=1e-6)
    assert np.concatenate([split.targets for split in splits]).tolist() == oracle.target.tolist()


def test_the_range_of_the_pixels_is_0_to_16() -> None:
    dataset = digits()
    assert (dataset.train.inputs.min(), dataset.train.inputs.max()) == (0, 1)
    sixteen = np.full((1, 64), 16, dtype=np.uint8)
    assert (dataset.preprocessing.apply(sixteen) == 1).all()


def test_the_digest_is_that_of_the_table() -> None:
    dataset = digits()
    table = gzip.decompress((dataset.source / "digits.csv.gz").read_bytes())
    assert dataset.digest == hashlib.sha256(table).hexdigest()


def test_the_choices_of_a_person() -> None:
    dataset = digits(num_val=0, limit_train=100, limit_test=10, preprocessing="subtract_mean")
    assert (len(dataset.train), len(dataset.val), len(dataset.test)) == (100, 0, 10)
    np.testing.assert_allclose(dataset.train.inputs.mean(axis=0), 0, atol=1e-6)
    with pytest.raises(ArgumentError, match="num_val=1437: expected a whole number from 0 to 1436"):
        digits(num_val=1437)


def test_scikit_learn_is_not_imported() -> None:
    code = "import sys, scratchlab.data; scratchlab.data.digits(); print('sklearn' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "False\n"


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(DataUnavailableError, match=r"digits\.csv\.gz of scikit-learn was found in none of"):
        digits()


def test_a_scikit_learn_without_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = fake_sklearn(monkeypatch, tmp_path, None)
    with pytest.raises(DataUnavailableError, match=f"  {path}: no such file\nInstall it with `pip install"):
        digits()


def test_another_table_needs_verify_false(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = fake_sklearn(monkeypatch, tmp_path, rows(365))
    with pytest.raises(
        DataFileError, match=rf"{path}: expected .*; replace it, or .* data\.verify_checksum=false"
    ):
        digits()
    dataset = digits(num_val=1, verify_checksum=False)
    assert (len(dataset.train), len(dataset.val), len(dataset.test)) == (4, 1, 360)
    assert dataset.train.inputs.tolist() == [[1.0] * 64] * 4
    assert dataset.train.targets.tolist() == [3] * 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            gzip.compress(b"1,2,3\n" * 400, mtime=0),
            "expected rows of 64 pixels and a label.*, found 400 rows of 3 numbers",
        ),
        (rows(360), "more than the 360 that are for the test, found 360 rows of 65 numbers"),
        (gzip.compress(b"a,b\n", mtime=0), "expected a table of whole numbers from 0 to 255, found "),
        (gzip.compress(b"1,2\n1\n", mtime=0), "expected a table of whole numbers from 0 to 255, found "),
        (b"1,2,3", "expected gzip data"),
    ],
)
def test_damaged_tables_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, message: str
) -> None:
    path = fake_sklearn(monkeypatch, tmp_path, content)
    with pytest.raises(DataFileError, match=f"^{path}: .*{message}"):
        digits(verify_checksum=False)
