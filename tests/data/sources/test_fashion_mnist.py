import gzip
import hashlib
import sys
from pathlib import Path
from typing import cast

import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataFileError, DataUnavailableError, fashion_mnist
from tests.data.conftest import Mirror
from tests.data.idx_bytes import tiny_mnist, write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "data" / "fashion_mnist"


def test_clothes_have_names(tmp_path: Path, home: Path) -> None:
    write(home, tiny_mnist())
    dataset = fashion_mnist(root=tmp_path, num_val=10, verify_checksum=False)
    assert (len(dataset.train), len(dataset.val), len(dataset.test)) == (30, 10, 12)
    assert dataset.name == "fashion_mnist"
    assert dataset.class_names[0] == "T-shirt/top"
    assert dataset.class_names[9] == "Ankle boot"
    assert len(set(dataset.class_names)) == 10
    assert dataset.train.targets[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


def test_other_files_than_those_of_2017_need_verify_false(tmp_path: Path, home: Path) -> None:
    write(home, tiny_mnist())
    message = (
        r"train-images-idx3-ubyte.gz: expected uncompressed bytes of MD5 f4a8712d7a061bf5bd6d2ca38dc4d50a, "
        r"found 656 bytes of MD5 \w{32}; replace it, or accept it as it is with data\.verify_checksum=false"
    )
    with pytest.raises(DataFileError, match=message):
        fashion_mnist(root=tmp_path)


def test_all_four_files_are_verified(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = tiny_mnist()
    write(home, files)
    module = sys.modules["scratchlab.data.sources.fashion_mnist"]  # the package's attribute is the function
    known = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(module, "_MD5", known)
    assert len(fashion_mnist(root=tmp_path, num_val=10).train) == 30
    for name in files:
        monkeypatch.setattr(module, "_MD5", known | {name: "0" * 32})
        with pytest.raises(DataFileError, match=f"{name}.gz: expected uncompressed bytes of MD5 00000000"):
            fashion_mnist(root=tmp_path, num_val=10)


def test_the_four_files_are_downloaded(tmp_path: Path, home: Path, mirror: Mirror) -> None:
    files = tiny_mnist()
    for name, content in files.items():
        mirror.answers[f"/fashion/{name}.gz"] = mirror.send(gzip.compress(content))
    dataset = fashion_mnist(
        root=tmp_path, mirrors=[f"{mirror.url}/fashion"], num_val=10, verify_checksum=False
    )
    assert len(dataset.train) == 30
    assert sorted(path.name for path in home.iterdir()) == sorted(f"{name}.gz" for name in files)


def test_digits_are_not_taken_for_clothes(tmp_path: Path) -> None:
    write(tmp_path / "data" / "mnist", tiny_mnist())
    with pytest.raises(
        DataUnavailableError, match="train-images-idx3-ubyte of fashion_mnist was found in none"
    ):
        fashion_mnist(root=tmp_path)


def test_arguments_are_checked_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="preprocessing=none: expected one of scale"):
        fashion_mnist(root=tmp_path, preprocessing="none")
    with pytest.raises(ArgumentError, match="verify_checksum=no: expected true or false"):
        fashion_mnist(root=tmp_path, verify_checksum=cast(bool, "no"))
