import gzip
import hashlib
from pathlib import Path

import pytest

from scratchlab.data import DataError, DataFileError
from scratchlab.data.files import memory
from scratchlab.data.files.rawfile import RawFile

CONTENT = bytes(range(256)) * 20


def test_plain_and_gzipped_files_have_the_same_content(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(CONTENT)
    (tmp_path / "packed.gz").write_bytes(gzip.compress(CONTENT))
    assert RawFile.read(tmp_path / "plain").content == CONTENT
    assert RawFile.read(tmp_path / "packed.gz").content == CONTENT


@pytest.mark.parametrize("kind", [DataError, FileNotFoundError])
def test_a_missing_file_is_an_error_of_the_data_and_of_the_system(
    tmp_path: Path, kind: type[Exception]
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for path in (tmp_path / "absent", tmp_path / "file" / "below"):
        with pytest.raises(kind, match=r"(absent|below): no such file$"):
            RawFile.read(path)


@pytest.mark.parametrize("name", ["a", "a.gz"])
def test_a_file_that_does_not_fit_into_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(bytes(10_000_000)) if path.suffix else bytes(10_000_000))
    monkeypatch.setattr(memory, "available_bytes", lambda: 5_000_000)
    with pytest.raises(DataFileError, match=f"{path}: expected data that fit into the available memory"):
        RawFile.read(path)


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="expected a readable file, found Is a directory"):
        RawFile.read(tmp_path)


def _corrupt(packed: bytes) -> bytes:
    middle = len(packed) // 2
    return packed[:middle] + bytes([packed[middle] ^ 0xFF]) + packed[middle + 1 :]


@pytest.mark.parametrize(
    ("name", "stored", "message"),
    [
        ("a", b"", "a: expected data, found an empty file"),
        ("a.gz", b"", "a.gz: expected gzip data, found an empty file"),
        ("a.gz", gzip.compress(b"", mtime=0), "a.gz: expected data, found an empty file"),
        ("a.gz", b"<html><body>moved", "expected gzip data, found b'<html><body>move'"),
        (
            "a.gz",
            gzip.compress(CONTENT, mtime=0)[:-30],
            "expected a complete gzip file, found one that breaks off at",
        ),
        (
            "a.gz",
            gzip.compress(CONTENT, mtime=0)[:5],
            "expected a complete gzip file, found one that breaks off at 5 bytes",
        ),
        ("a.gz", gzip.compress(CONTENT, mtime=0) + b"more", "expected sound gzip data, found damaged data"),
        ("a.gz", _corrupt(gzip.compress(CONTENT, mtime=0)), "expected sound gzip data, found damaged data"),
        (
            "a.gz",
            gzip.compress(CONTENT, mtime=0)[:-8] + bytes(8),
            "expected sound gzip data, found damaged data",
        ),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, name: str, stored: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(stored)
    with pytest.raises(DataFileError, match=message):
        RawFile.read(tmp_path / name)


def test_the_digest_is_that_of_the_uncompressed_bytes(tmp_path: Path) -> None:
    path = tmp_path / "abc.gz"
    path.write_bytes(gzip.compress(b"abc"))
    file = RawFile.read(path)
    # FIPS 180-2, appendix B.1.
    file.verify("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    wrong = hashlib.sha256(b"abd").hexdigest()
    with pytest.raises(DataFileError) as caught:
        file.verify(wrong)
    assert str(caught.value) == (
        f"{path}: expected uncompressed bytes of SHA-256 {wrong}, found 3 bytes of SHA-256 "
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad; "
        "replace it, or accept it as it is with data.verify_checksum=false"
    )


def test_the_digest_may_be_an_md5(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    file = RawFile.read(path)
    # RFC 1321, appendix A.5.
    file.verify("900150983cd24fb0d6963f7d28e17f72", algorithm="md5")
    message = (
        "expected uncompressed bytes of MD5 0000, found 3 bytes of MD5 900150983cd24fb0d6963f7d28e17f72; "
    )
    with pytest.raises(DataFileError, match=message):
        file.verify("0000", algorithm="md5")
