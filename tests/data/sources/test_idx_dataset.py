import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from scratchlab.data import DataError, DataFileError, Dataset
from scratchlab.data.files.rawfile import Algorithm
from scratchlab.data.preparation import Preparation
from scratchlab.data.sources.idx_dataset import idx_dataset
from tests.data.idx_bytes import tiny_mnist, write


def letters(
    root: Path,
    *,
    class_names: tuple[str, ...] = tuple("abcdefghij"),
    digests: Mapping[str, str] | None = None,
    algorithm: Algorithm = "sha256",
) -> Dataset:
    return idx_dataset(
        "letters",
        Preparation(num_val=0, limit_train=None, limit_test=None, preprocessing="scale"),
        root=root,
        mirrors=[],
        class_names=class_names,
        digests=digests,
        algorithm=algorithm,
    )


def test_a_data_set_has_its_own_folder_and_names(tmp_path: Path) -> None:
    write(tmp_path / "data" / "letters", tiny_mnist())
    dataset = letters(tmp_path)
    assert dataset.name == "letters"
    assert dataset.class_names == tuple("abcdefghij")
    assert dataset.source == tmp_path / "data" / "letters"
    assert (len(dataset.train), len(dataset.test)) == (40, 12)


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_files_are_verified_with_the_algorithm_of_their_digests(tmp_path: Path, algorithm: Algorithm) -> None:
    files = tiny_mnist()
    write(tmp_path / "data" / "letters", files)
    digests = {name: hashlib.new(algorithm, content).hexdigest() for name, content in files.items()}
    assert len(letters(tmp_path, digests=digests, algorithm=algorithm).train) == 40
    for name in files:
        with pytest.raises(DataFileError, match=f"{name}.gz: expected uncompressed bytes of"):
            letters(tmp_path, digests=digests | {name: "0" * 64}, algorithm=algorithm)


def test_a_label_without_a_name_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "data" / "letters", tiny_mnist())
    with pytest.raises(DataError, match="letters: expected class ids from 0 to 8 in train, found 0 to 9"):
        letters(tmp_path, class_names=tuple("abcdefghi"))
