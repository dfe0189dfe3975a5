import hashlib
import inspect
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataFileError, DataUnavailableError, cifar10
from tests.data.cifar10_bytes import CLASS_NAMES, FOLDER, TRAIN_FILES, archive, record, tiny_cifar10, write
from tests.data.conftest import Mirror

ARCHIVE = "/cifar-10-binary.tar.gz"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "data" / "cifar10"


def test_the_images_come_in_the_order_of_the_files(tmp_path: Path, home: Path) -> None:
    files = tiny_cifar10()
    write(home, files)
    dataset = cifar10(root=tmp_path, num_val=3, verify_checksum=False)
    assert (len(dataset.train), len(dataset.val), len(dataset.test)) == (17, 3, 4)
    assert dataset.input_shape == (3, 32, 32)
    assert dataset.class_names == CLASS_NAMES
    assert dataset.train.targets.tolist() == [*range(10), *range(7)]
    assert dataset.val.targets.tolist() == [7, 8, 9]
    assert dataset.test.targets.tolist() == [0, 1, 2, 3]
    train = b"".join(files[name] for name in TRAIN_FILES)
    fifth = np.frombuffer(train, np.uint8)[4 * 3073 + 1 : 5 * 3073]
    assert (dataset.preprocessing.invert(dataset.train.inputs[4]) == fifth).all()


def test_pixels_are_planes_of_red_green_and_blue(tmp_path: Path, home: Path) -> None:
    write(home, tiny_cifar10() | {"test_batch.bin": record(9, red=255, blue=51)})
    dataset = cifar10(root=tmp_path, num_val=1, verify_checksum=False)
    red, green, blue = dataset.test.inputs.reshape(dataset.input_shape)
    assert (red == 1).all()
    assert (green == 0).all()
    np.testing.assert_allclose(blue, 0.2, rtol=1e-6)


def test_the_digest_is_that_of_the_images(tmp_path: Path, home: Path) -> None:
    files = tiny_cifar10()
    write(home, files)
    dataset = cifar10(root=tmp_path, num_val=0, limit_train=5, verify_checksum=False)
    images = b"".join(files[name] for name in (*TRAIN_FILES, "test_batch.bin"))
    assert dataset.digest == hashlib.sha256(images).hexdigest()
    assert dataset.source == home


@pytest.mark.parametrize("place", ["data/cifar10", "../shared/data/cifar10"])
@pytest.mark.parametrize("folder", [".", FOLDER])
def test_the_files_may_be_in_the_folder_of_the_archive(tmp_path: Path, place: str, folder: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    write(root / place / folder, tiny_cifar10())
    assert len(cifar10(root=root, num_val=0, verify_checksum=False).train) == 20


def test_the_course_validates_on_1000_images() -> None:
    assert inspect.signature(cifar10).parameters["num_val"].default == 1000


def test_recompressed_images_in_the_official_layout_need_verify_false(tmp_path: Path, home: Path) -> None:
    # As large as the official files, with the official names, and still not they.
    write(home, tiny_cifar10() | {name: record(3) * 10_000 for name in TRAIN_FILES})
    message = (
        r"data_batch_1.bin: expected uncompressed bytes of SHA-256 cee916563c9f80d8\w+, found 30730000 bytes of "
        r"SHA-256 \w+; replace it, or accept it as it is with data\.verify_checksum=false"
    )
    with pytest.raises(DataFileError, match=message):
        cifar10(root=tmp_path)
    dataset = cifar10(root=tmp_path, limit_train=30, limit_test=2, verify_checksum=False)
    assert (len(dataset.train), len(dataset.val), len(dataset.test)) == (30, 1000, 2)


def test_other_class_names_need_verify_false(tmp_path: Path, home: Path) -> None:
    names = "apple\naquarium fish\n" + "\n".join("bcdefghi") + "\n\n"
    write(home, tiny_cifar10() | {"batches.meta.txt": names.encode()})
    message = (
        r"batches.meta.txt: expected the class names airplane, automobile, .*, truck, found apple, aquarium fish, "
        r".*i; replace it, or accept it as it is with data\.verify_checksum=false"
    )
    with pytest.raises(DataFileError, match=message):
        cifar10(root=tmp_path, num_val=0)
    dataset = cifar10(root=tmp_path, num_val=0, verify_checksum=False)
    assert dataset.class_names == ("apple", "aquarium fish", *"bcdefghi")


@pytest.mark.parametrize("name", [*TRAIN_FILES, "test_batch.bin"])
@pytest.mark.parametrize("verify_checksum", [True, False])
def test_each_truncated_file_is_named(tmp_path: Path, home: Path, name: str, verify_checksum: bool) -> None:
    files = tiny_cifar10()
    write(home, files | {name: files[name][:-1]})
    message = f"{home}/{name}: expected a multiple of 3073 bytes .*, found 12291$"
    if verify_checksum and name != TRAIN_FILES[0]:
        message = f"{home}/{TRAIN_FILES[0]}: expected uncompressed bytes of SHA-256"
    with pytest.raises(DataFileError, match=message):
        cifar10(root=tmp_path, num_val=0, verify_checksum=verify_checksum)


def test_an_empty_file_is_refused(tmp_path: Path, home: Path) -> None:
    write(home, tiny_cifar10() | {"data_batch_2.bin": b""})
    with pytest.raises(DataFileError, match=r"data_batch_2.bin: expected data, found an empty file"):
        cifar10(root=tmp_path, num_val=0, verify_checksum=False)


def test_a_label_without_a_name_is_refused(tmp_path: Path, home: Path) -> None:
    write(home, tiny_cifar10() | {"data_batch_3.bin": record(9) + record(9) + record(10) + record(255)})
    with pytest.raises(
        DataFileError, match=r"data_batch_3.bin: expected labels from 0 to 9, found 10 in record 2$"
    ):
        cifar10(root=tmp_path, num_val=0, verify_checksum=False)


@pytest.mark.parametrize("name", ["data_batch_1.bin", "test_batch.bin", "batches.meta.txt"])
def test_a_missing_file_is_named_and_nothing_downloaded(
    tmp_path: Path, home: Path, mirror: Mirror, name: str
) -> None:
    files = tiny_cifar10()
    del files[name]
    write(home, files)
    message = (
        f"{home}/{name}: expected all 7 files of cifar10 in one folder, found 6 of them without this one; "
        "add what is missing, or remove the rest"
    )
    with pytest.raises(DataFileError, match=message):
        cifar10(root=tmp_path, mirrors=[mirror.url], verify_checksum=False)
    assert mirror.requests == []


def test_the_archive_is_downloaded_once(tmp_path: Path, home: Path, mirror: Mirror) -> None:
    mirror.answers[f"/files{ARCHIVE}"] = mirror.send(archive(tiny_cifar10()))
    for _ in range(2):
        dataset = cifar10(root=tmp_path, mirrors=[f"{mirror.url}/files/"], num_val=4, verify_checksum=False)
        assert len(dataset.train) == 16
        assert dataset.source == home / FOLDER
    assert mirror.requests == [f"/files{ARCHIVE}"]
    assert list(home.iterdir()) == [home / FOLDER]


def test_another_archive_is_refused_and_leaves_nothing(tmp_path: Path, home: Path, mirror: Mirror) -> None:
    mirror.answers[ARCHIVE] = mirror.send(archive(tiny_cifar10()))
    message = "cifar-10-binary.tar.gz: expected an archive of SHA-256 c4a38c50a1bc5f3a"
    with pytest.raises(DataUnavailableError, match=message):
        cifar10(root=tmp_path, mirrors=[mirror.url])
    assert list(home.iterdir()) == []


def test_cifar10_that_is_nowhere(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailableError) as caught:
        cifar10(root=tmp_path / "project")
    assert str(caught.value).startswith(
        "cifar-10-batches-bin of cifar10 was found in none of these places:\n"
    )
    assert str(caught.value).endswith("with data=mnist_sample")


def test_arguments_are_checked_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="num_val=-1"):
        cifar10(root=tmp_path, num_val=-1)
    with pytest.raises(ArgumentError, match="verify_checksum=no: expected true or false"):
        cifar10(root=tmp_path, verify_checksum=cast(bool, "no"))
