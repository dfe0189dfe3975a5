import gzip
import hashlib
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataFileError, Dataset, DataUnavailableError, mnist
from tests.data.conftest import Mirror
from tests.data.idx_bytes import idx_bytes, tiny_mnist, write

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def real(mnist_files: None) -> Dataset:
    return mnist(root=ROOT)


def test_the_real_files_are_split_as_designed(real: Dataset) -> None:
    assert (len(real.train), len(real.val), len(real.test)) == (50_000, 10_000, 10_000)
    assert real.train.inputs.shape == (50_000, 784)
    assert real.train.inputs.dtype == np.float32
    assert real.input_shape == (28, 28)
    assert real.class_names == tuple("0123456789")


def test_the_real_labels_are_those_that_everybody_knows(real: Dataset) -> None:
    # The first rows that every tutorial prints.
    assert real.train.targets[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert real.test.targets[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    # The class counts of the 60,000 and of the 10,000.
    of_both = np.bincount(real.train.targets) + np.bincount(real.val.targets)
    assert of_both.tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(real.test.targets).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_the_real_pixels_have_the_known_mean(real: Dataset) -> None:
    # 0.1307 is the mean over the 60,000 images that the field normalises with.
    total = real.train.inputs.sum(dtype=np.float64) + real.val.inputs.sum(dtype=np.float64)
    assert total / (60_000 * 784) == pytest.approx(0.1307, abs=5e-5)
    assert real.train.inputs.min() == 0
    assert real.train.inputs.max() == 1


def test_the_digest_is_that_of_the_four_files_in_a_row(tmp_path: Path) -> None:
    files = tiny_mnist()
    write(tmp_path / "data" / "mnist", files)
    dataset = mnist(root=tmp_path, num_val=10, limit_train=5, verify_checksum=False)
    assert dataset.digest == hashlib.sha256(b"".join(files.values())).hexdigest()
    assert dataset.source == tmp_path / "data" / "mnist"


def test_other_files_than_those_of_1998_need_verify_false(tmp_path: Path) -> None:
    write(tmp_path / "data" / "mnist", tiny_mnist())
    message = (
        r"train-images-idx3-ubyte.gz: expected uncompressed bytes of SHA-256 ba891046e6505d.*, "
        r"found 656 bytes of SHA-256 .*; replace it, or accept it as it is with data\.verify_checksum=false"
    )
    with pytest.raises(DataFileError, match=message):
        mnist(root=tmp_path)
    dataset = mnist(root=tmp_path, num_val=10, limit_test=4, verify_checksum=False)
    assert (len(dataset.train), len(dataset.val), len(dataset.test)) == (30, 10, 4)
    assert dataset.train.targets[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


@pytest.mark.parametrize("name", list(tiny_mnist()))
@pytest.mark.parametrize("gz", [True, False])
def test_each_truncated_file_is_named(tmp_path: Path, name: str, gz: bool) -> None:
    files = tiny_mnist()
    files[name] = files[name][:-1]
    write(tmp_path / "data" / "mnist", files, gz=gz)
    with pytest.raises(DataFileError, match=rf"data/mnist/{name}.*: expected \d+ bytes .*, found \d+$"):
        mnist(root=tmp_path, num_val=10, verify_checksum=False)


def test_images_in_the_place_of_labels_are_refused(tmp_path: Path) -> None:
    files = tiny_mnist()
    files["train-labels-idx1-ubyte"] = files["train-images-idx3-ubyte"]
    write(tmp_path / "data" / "mnist", files)
    message = "train-labels-idx1-ubyte.gz: expected IDX magic number 0x00000801 .*, found 0x00000803"
    with pytest.raises(DataFileError, match=message):
        mnist(root=tmp_path, num_val=10, verify_checksum=False)


def test_every_image_has_a_label(tmp_path: Path) -> None:
    files = tiny_mnist()
    files["t10k-labels-idx1-ubyte"] = idx_bytes(np.zeros(11, np.uint8))
    write(tmp_path / "data" / "mnist", files)
    message = (
        "t10k-labels-idx1-ubyte.gz: expected 12 labels, one for each of t10k-images-idx3-ubyte.gz, found 11"
    )
    with pytest.raises(DataFileError, match=message):
        mnist(root=tmp_path, num_val=10, verify_checksum=False)


def test_a_damaged_file_on_disk_is_not_downloaded_over(tmp_path: Path, mirror: Mirror) -> None:
    write(tmp_path / "data" / "mnist", {"train-images-idx3-ubyte": b"\0\0\x08\x03"})
    with pytest.raises(DataFileError, match="expected an IDX header of 16 bytes, found 4 bytes in all"):
        mnist(root=tmp_path, mirrors=[mirror.url])
    assert mirror.requests == []


def test_the_four_files_are_downloaded(tmp_path: Path, mirror: Mirror) -> None:
    files = tiny_mnist()
    for name, content in files.items():
        mirror.answers[f"/mnist/{name}.gz"] = mirror.send(gzip.compress(content))
    dataset = mnist(root=tmp_path, mirrors=[f"{mirror.url}/mnist/"], num_val=10, verify_checksum=False)
    assert len(dataset.train) == 30
    assert sorted(path.name for path in (tmp_path / "data" / "mnist").iterdir()) == sorted(
        f"{name}.gz" for name in files
    )


def test_a_mirror_with_another_mnist_is_refused(tmp_path: Path, mirror: Mirror) -> None:
    for name, content in tiny_mnist().items():
        mirror.answers[f"/{name}.gz"] = mirror.send(gzip.compress(content))
    with pytest.raises(DataUnavailableError, match=r"ubyte.gz: expected uncompressed bytes of SHA-256 ba89"):
        mnist(root=tmp_path, mirrors=[mirror.url])
    assert list((tmp_path / "data" / "mnist").iterdir()) == []


def test_mnist_that_is_nowhere(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailableError) as caught:
        mnist(root=tmp_path / "project")
    assert str(caught.value).startswith(
        "train-images-idx3-ubyte of mnist was found in none of these places:\n"
    )
    assert str(caught.value).endswith("with data=mnist_sample")


def test_arguments_are_checked_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="num_val=-1"):
        mnist(root=tmp_path, num_val=-1)
    with pytest.raises(ArgumentError, match="verify_checksum=no: expected true or false"):
        mnist(root=tmp_path, verify_checksum=cast(bool, "no"))


def test_the_largest_num_val_is_named(tmp_path: Path) -> None:
    write(tmp_path / "data" / "mnist", tiny_mnist())
    with pytest.raises(ArgumentError, match="num_val=40: expected a whole number from 0 to 39"):
        mnist(root=tmp_path, num_val=40, verify_checksum=False)
