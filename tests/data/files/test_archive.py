import gzip
import hashlib
import io
import os
import tarfile
from http.client import HTTPException
from pathlib import Path
from threading import Barrier, Thread

import pytest

from scratchlab.data import DataFileError
from scratchlab.data.files import archive as archive_module
from scratchlab.data.files.archive import download_archive
from tests.data.cifar10_bytes import archive
from tests.data.conftest import Mirror

FILES = {"a.bin": b"abc", "b.bin": os.urandom(100_000)}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_arrives_under_its_name(tmp_path: Path, mirror: Mirror) -> None:
    packed = archive(FILES, folder="toys")
    mirror.answers["/toys.tar.gz"] = mirror.send(packed)
    folder = tmp_path / "new" / "toys"
    sha256 = hashlib.sha256(packed).hexdigest()
    assert download_archive(f"{mirror.url}/toys.tar.gz", folder, sha256=sha256) == folder
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert names(tmp_path / "new") == ["toys"]


def test_what_else_is_in_the_archive_stays_out(tmp_path: Path, mirror: Mirror) -> None:
    mirror.answers["/a"] = mirror.send(archive({"toys/a": b"a", "more/b": b"b"}, folder="."))
    download_archive(f"{mirror.url}/a", tmp_path / "toys", sha256=None)
    assert names(tmp_path) == ["toys"]


def test_others_may_read_it(tmp_path: Path, mirror: Mirror) -> None:
    mirror.answers["/a"] = mirror.send(archive(FILES, folder="toys"))
    folder = download_archive(f"{mirror.url}/a", tmp_path / "toys", sha256=None)
    (tmp_path / "ordinary").mkdir()
    assert folder.stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def escaping() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../escaped"), io.BytesIO())
    return gzip.compress(buffer.getvalue(), mtime=0)


PACKED = archive(FILES, folder="toys")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"<html>moved</html>",
            r"expected a sound tar.gz archive, found something else \(Not a gzipped file",
        ),
        (b"", "expected a sound tar.gz archive, found something else"),
        (PACKED[:-1000], "expected a sound tar.gz archive, found something else"),
        (
            PACKED[:50_000] + b"damage" + PACKED[50_006:],
            "expected a sound tar.gz archive, found something else",
        ),
        (archive(FILES, folder="games"), "expected the folder toys in the archive, found none of that name"),
        (
            archive({"toys": b""}, folder="."),
            "expected the folder toys in the archive, found none of that name",
        ),
        (escaping(), "found something else .*outside the destination"),
    ],
)
def test_something_else_is_refused_and_leaves_nothing(
    tmp_path: Path, mirror: Mirror, content: bytes, message: str
) -> None:
    mirror.answers["/a"] = mirror.send(content)
    (tmp_path / "home").mkdir()
    with pytest.raises(DataFileError, match=message):
        download_archive(f"{mirror.url}/a", tmp_path / "home" / "toys", sha256=None)
    assert names(tmp_path) == ["home"]
    assert names(tmp_path / "home") == []


def test_another_digest_is_refused_before_anything_is_unpacked(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.answers["/a"] = mirror.send(PACKED)
    monkeypatch.delattr(archive_module, "_unpack")
    message = f"expected an archive of SHA-256 {'0' * 64}, found {len(PACKED)} bytes of SHA-256 "
    with pytest.raises(DataFileError, match=message):
        download_archive(f"{mirror.url}/a", tmp_path / "toys", sha256="0" * 64)
    assert names(tmp_path) == []


def test_a_download_that_breaks_off_leaves_nothing(tmp_path: Path, mirror: Mirror) -> None:
    mirror.answers["/a"] = mirror.send(PACKED[:1000], announced_bytes=len(PACKED))
    with pytest.raises((OSError, HTTPException), match="broke off after 1000 of"):
        download_archive(f"{mirror.url}/a", tmp_path / "toys", sha256=None)
    assert names(tmp_path) == []


def test_two_downloads_of_one_archive_at_a_time_do_not_meet(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.answers["/a"] = mirror.send(PACKED)
    both_have_unpacked = Barrier(2, timeout=120)
    unpack = archive_module._unpack

    def meet(packed: Path, folder: Path) -> None:
        unpack(packed, folder)
        both_have_unpacked.wait()

    monkeypatch.setattr(archive_module, "_unpack", meet)
    found: list[Path] = []

    def download_one() -> None:
        found.append(download_archive(f"{mirror.url}/a", tmp_path / "toys", sha256=None))

    threads = [Thread(target=download_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [tmp_path / "toys"] * 2
    assert names(tmp_path) == ["toys"]
    assert names(tmp_path / "toys") == ["a.bin", "b.bin"]
