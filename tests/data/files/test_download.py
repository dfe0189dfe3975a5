import gzip
import os
import socket
import stat
from http.client import HTTPException
from pathlib import Path
from threading import Barrier, Thread

import pytest

from scratchlab.data import DataFileError
from scratchlab.data.files.download import download
from scratchlab.data.files.rawfile import RawFile
from tests.data.conftest import Answer, Mirror

CONTENT = os.urandom(200_000)
PACKED = gzip.compress(CONTENT)


def accept(file: RawFile) -> None:
    """Find nothing wrong with any file."""


def refuse(file: RawFile) -> None:
    raise DataFileError(file.path, "another file", "this one")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_download_arrives_under_its_name(tmp_path: Path, mirror: Mirror) -> None:
    mirror.answers["/a.gz"] = mirror.send(PACKED)
    path = tmp_path / "new" / "folder" / "a.gz"
    assert download(f"{mirror.url}/a.gz", path, check=accept) == RawFile(path, CONTENT)
    assert path.read_bytes() == PACKED
    assert names(path.parent) == ["a.gz"]


def test_others_may_read_it(tmp_path: Path, mirror: Mirror) -> None:
    mirror.answers["/a.gz"] = mirror.send(PACKED)
    download(f"{mirror.url}/a.gz", tmp_path / "a.gz", check=accept)
    (tmp_path / "ordinary").touch()
    assert stat.S_IMODE((tmp_path / "a.gz").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "ordinary").stat().st_mode
    )


def broken(mirror: Mirror) -> dict[str, Answer]:
    return {
        "html": mirror.send(b"<!DOCTYPE html><html>This page has moved</html>"),
        "half": mirror.send(PACKED[:100_000], announced_bytes=len(PACKED)),
        "half, unannounced": mirror.send(PACKED[:100_000]),
        "empty": mirror.send(b""),
        "hang": mirror.hang,
        "drip": mirror.drip,
    }


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("html", "expected gzip data, found b'<!DOCTYPE html><"),
        ("half", r"broke off after 100000 of 200\d+ bytes"),
        ("half, unannounced", "expected a complete gzip file"),
        ("empty", "found an empty file"),
        ("hang", "timed out"),
        ("drip", "not complete after 0.3 seconds"),
        ("absent", "HTTP Error 404"),
    ],
)
@pytest.mark.usefixtures("impatient")
def test_a_download_that_fails_leaves_nothing(
    tmp_path: Path, mirror: Mirror, kind: str, message: str
) -> None:
    mirror.answers = {f"/{key.replace(' ', '%20')}.gz": answer for key, answer in broken(mirror).items()}
    with pytest.raises((OSError, HTTPException, DataFileError), match=message):
        download(f"{mirror.url}/{kind.replace(' ', '%20')}.gz", tmp_path / "a.gz", check=accept)
    assert names(tmp_path) == []


def test_a_file_that_fails_the_check_is_dropped(tmp_path: Path, mirror: Mirror) -> None:
    mirror.answers["/a.gz"] = mirror.send(PACKED)
    with pytest.raises(DataFileError, match="expected another file, found this one"):
        download(f"{mirror.url}/a.gz", tmp_path / "a.gz", check=refuse)
    assert names(tmp_path) == []


def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        with pytest.raises(OSError, match="refused"):
            download(f"http://127.0.0.1:{port}/a.gz", tmp_path / "a.gz", check=accept)
    assert names(tmp_path) == []


def test_what_is_no_url(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown url type"):
        download("a.gz", tmp_path / "a.gz", check=accept)


def test_a_folder_can_be_a_mirror(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(PACKED)
    file = download((tmp_path / "a.gz").as_uri(), tmp_path / "here" / "a.gz", check=accept)
    assert file.content == CONTENT


def test_two_downloads_of_one_file_at_a_time_do_not_meet(tmp_path: Path, mirror: Mirror) -> None:
    mirror.answers["/a.gz"] = mirror.send(PACKED)
    both_have_received = Barrier(2, timeout=120)
    found: list[RawFile] = []

    def fetch_one() -> None:
        found.append(download(f"{mirror.url}/a.gz", tmp_path / "a.gz", check=lambda _: meet()))

    def meet() -> None:
        both_have_received.wait()

    threads = [Thread(target=fetch_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [file.content == CONTENT for file in found] == [True, True]
    assert names(tmp_path) == ["a.gz"]
