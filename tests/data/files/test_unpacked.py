import gzip
import os
from io import BytesIO
from pathlib import Path

import pytest

from scratchlab.data import DataFileError
from scratchlab.data.files.rawfile import RawFile
from scratchlab.data.files.unpacked import read_unpacked

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "images.gz"
    path.write_bytes(gzip.compress(CONTENT))
    return path


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".unpacked" / "images"


@pytest.fixture
def no_gzip(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on whatever can be read comes from a copy."""

    def refuse(stored: BytesIO) -> gzip.GzipFile:
        raise EOFError

    monkeypatch.setattr(gzip, "open", refuse)


def accept(file: RawFile) -> None:
    pass


def read(packed: Path, copy: Path) -> RawFile:
    return read_unpacked(packed, copy=copy, check=accept)


def test_the_second_time_the_copy_is_read(packed: Path, copy: Path, request: pytest.FixtureRequest) -> None:
    assert read(packed, copy) == RawFile(packed, CONTENT)
    assert [path.name for path in copy.parent.iterdir()] == ["images"]
    request.getfixturevalue("no_gzip")
    assert read(packed, copy) == RawFile(packed, CONTENT)
    copy.unlink()
    with pytest.raises(DataFileError, match="expected a complete gzip file"):
        read(packed, copy)


@pytest.mark.parametrize(
    "harm",
    [
        lambda stored: stored[:-1],  # cut off
        lambda stored: stored[:-1] + bytes([stored[-1] ^ 1]),  # a bit that has flipped
        lambda stored: stored + b"x",
        lambda stored: stored[stored.index(b"\n") + 1 :],  # without its header
        lambda stored: b'["a list"]\n' + CONTENT,
        lambda stored: b"",
    ],
)
def test_a_copy_that_is_damaged_is_made_anew(packed: Path, copy: Path, harm: object) -> None:
    read(packed, copy)
    sound = copy.read_bytes()
    assert callable(harm)
    copy.write_bytes(harm(sound))
    assert read(packed, copy) == RawFile(packed, CONTENT)
    assert copy.read_bytes() == sound


def test_a_copy_of_what_the_file_was_before_is_made_anew(packed: Path, copy: Path) -> None:
    read(packed, copy)
    before = packed.stat()
    packed.write_bytes(gzip.compress(CONTENT[::-1]))
    os.utime(packed, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert read(packed, copy).content == CONTENT[::-1]
    assert copy.read_bytes().endswith(CONTENT[::-1])


def test_a_copy_of_another_file_of_that_name_is_made_anew(packed: Path, copy: Path) -> None:
    read(packed, copy)
    other = packed.with_name("other.gz")
    other.write_bytes(gzip.compress(b"other"))
    os.utime(other, ns=(packed.stat().st_atime_ns, packed.stat().st_mtime_ns))
    assert read(other, copy) == RawFile(other, b"other")
    assert read(packed, copy) == RawFile(packed, CONTENT)


def test_a_file_that_fails_the_check_is_not_copied_and_a_copy_is_checked_too(
    packed: Path, copy: Path
) -> None:
    def refuse(file: RawFile) -> None:
        raise DataFileError(file.path, "better", "worse")

    with pytest.raises(DataFileError, match=f"{packed}: expected better"):
        read_unpacked(packed, copy=copy, check=refuse)
    assert not copy.exists()
    read(packed, copy)
    with pytest.raises(DataFileError, match=f"{packed}: expected better"):
        read_unpacked(packed, copy=copy, check=refuse)


def test_a_packed_file_that_is_gone_is_missed_although_there_is_a_copy(packed: Path, copy: Path) -> None:
    read(packed, copy)
    packed.unlink()
    with pytest.raises(FileNotFoundError, match=f"{packed}: no such file"):
        read(packed, copy)


def test_where_no_copy_can_be_written_there_is_none(packed: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for _ in range(2):
        assert read(packed, tmp_path / "file" / ".unpacked" / "images").content == CONTENT


def test_a_full_disk_leaves_nothing_behind(packed: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise OSError("No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path, "replace", fail)
        assert read(packed, copy).content == CONTENT
    assert list(copy.parent.iterdir()) == []
    read(packed, copy)
    assert copy.exists()
