import gzip
import os
from pathlib import Path

import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import DataFileError, DataUnavailableError
from scratchlab.data.files.fetch import fetch, fetch_folder
from scratchlab.data.files.rawfile import RawFile
from tests.data.cifar10_bytes import archive
from tests.data.conftest import Mirror

GOOD = b"good content"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def home(root: Path) -> Path:
    return root / "data" / "toy"


@pytest.fixture
def shared(root: Path) -> Path:
    return root.parent / "shared" / "data" / "toy"


def check(file: RawFile) -> None:
    if not file.content.startswith(b"good"):
        raise DataFileError(file.path, "good content", repr(file.content))


def fetch_a(root: Path, *mirrors: str) -> RawFile:
    return fetch("a", dataset="toy", root=root, mirrors=mirrors, check=check)


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def test_places_are_tried_in_order(root: Path, home: Path, shared: Path, mirror: Mirror) -> None:
    mirror.answers["/a.gz"] = mirror.send(gzip.compress(b"good, from the mirror"))
    assert fetch_a(root, mirror.url) == RawFile(home / "a.gz", b"good, from the mirror")
    (home / "a.gz").unlink()
    for path in (shared / "a.gz", shared / "a", home / "a.gz", home / "a"):
        put(path, b"good, in " + str(path).encode())
        assert fetch_a(root, mirror.url) == RawFile(path, b"good, in " + str(path).encode())
    assert mirror.requests == ["/a.gz"]


def test_a_download_is_made_once(root: Path, home: Path, mirror: Mirror) -> None:
    mirror.answers["/a.gz"] = mirror.send(gzip.compress(GOOD))
    assert fetch_a(root, mirror.url) == fetch_a(root, mirror.url) == RawFile(home / "a.gz", GOOD)
    assert mirror.requests == ["/a.gz"]


def test_of_a_packed_file_in_the_shared_folder_the_project_keeps_an_unpacked_copy(
    root: Path, home: Path, shared: Path
) -> None:
    path = put(shared / "a.gz", GOOD)
    assert fetch_a(root) == fetch_a(root) == RawFile(path, GOOD)
    assert [file.name for file in shared.iterdir()] == ["a.gz"]
    assert (home / ".unpacked" / "a").read_bytes().endswith(b"\n" + GOOD)


def test_the_shared_folder_is_beside_the_root_as_typed(
    root: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(shared / "a", GOOD)
    monkeypatch.chdir(root)
    assert fetch_a(Path()).path == path


def test_folders_in_the_environment_take_the_place_of_the_others(
    root: Path, home: Path, shared: Path, mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.answers["/a.gz"] = mirror.send(gzip.compress(b"good, from the mirror"))
    put(home / "a", b"good, but hidden")
    put(shared / "a", b"good, but hidden")
    first, second = tmp_path / "first", tmp_path / "second"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCRATCHLAB_DATA", os.pathsep.join(["~/first", "second", ""]))
    assert fetch_a(root, mirror.url) == RawFile(first / "toy" / "a.gz", b"good, from the mirror")
    (first / "toy" / "a.gz").unlink()
    path = put(second / "toy" / "a", GOOD)
    assert fetch_a(root) == RawFile(path, GOOD)
    path.unlink()
    with pytest.raises(DataUnavailableError) as caught:
        fetch_a(root)
    tried = [f"{folder / 'toy' / name}: no such file" for folder in (first, second) for name in ("a", "a.gz")]
    assert list(caught.value.tried) == tried
    assert caught.value.ways_out.startswith(f"Put the files of toy into {first / 'toy'}, name the folder")


def test_folders_in_the_environment_hold_whole_archives(
    root: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (home, tmp_path / "second" / "toy" / "bin"):
        put(folder / "a", GOOD)
        put(folder / "b", GOOD)
    monkeypatch.setenv(
        "SCRATCHLAB_DATA", os.pathsep.join(str(tmp_path / name) for name in ("first", "second"))
    )
    assert fetch_bin(root) == tmp_path / "second" / "toy" / "bin"


def test_an_empty_variable_names_no_folder(root: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(home / "a", GOOD)
    monkeypatch.setenv("SCRATCHLAB_DATA", "")
    assert fetch_a(root).path == path


@pytest.mark.parametrize("folder", ["home", "shared"])
@pytest.mark.parametrize("name", ["a", "a.gz"])
def test_a_wrong_file_is_an_error_and_stays(
    request: pytest.FixtureRequest, root: Path, mirror: Mirror, folder: str, name: str
) -> None:
    mirror.answers["/a.gz"] = mirror.send(gzip.compress(GOOD))
    path = put(request.getfixturevalue(folder) / name, b"bad")
    before = path.read_bytes()
    with pytest.raises(DataFileError) as caught:
        fetch_a(root, mirror.url)
    assert str(caught.value) == f"{path}: expected good content, found b'bad'"
    assert path.read_bytes() == before
    assert mirror.requests == []


def test_the_next_mirror_is_tried(root: Path, home: Path, mirror: Mirror) -> None:
    mirror.answers["/html/a.gz"] = mirror.send(b"<html>sorry</html>")
    mirror.answers["/bad/a.gz"] = mirror.send(gzip.compress(b"bad"))
    mirror.answers["/half/a.gz"] = mirror.send(gzip.compress(GOOD)[:-9], announced_bytes=100)
    mirror.answers["/good/a.gz"] = mirror.send(gzip.compress(GOOD))
    kinds = ["absent", "html", "bad", "half", "good", "never asked"]
    file = fetch_a(root, "no url", *(f"{mirror.url}/{kind}/" for kind in kinds))
    assert file == RawFile(home / "a.gz", GOOD)
    assert mirror.requests == [f"/{kind}/a.gz" for kind in kinds[:-1]]
    assert list(home.iterdir()) == [home / "a.gz"]


@pytest.mark.usefixtures("impatient")
def test_the_error_names_every_place_and_the_ways_out(
    root: Path, home: Path, shared: Path, mirror: Mirror
) -> None:
    mirror.answers["/hang/a.gz"] = mirror.hang
    mirror.answers["/html/a.gz"] = mirror.send(b"<html>sorry</html>")
    url = mirror.url
    with pytest.raises(DataUnavailableError) as caught:
        fetch_a(root, f"{url}/hang", f"{url}/html", f"{url}/absent")
    assert str(caught.value).splitlines() == [
        "a of toy was found in none of these places:",
        f"  {home}/a: no such file",
        f"  {home}/a.gz: no such file",
        f"  {shared}/a: no such file",
        f"  {shared}/a.gz: no such file",
        f"  {url}/hang/a.gz: timed out",
        f"  {url}/html/a.gz: expected gzip data, found b'<html>sorry</htm'",
        f"  {url}/absent/a.gz: HTTP Error 404: Not Found",
        f"Put the files of toy into {home}, name the folder around theirs in SCRATCHLAB_DATA, "
        "or train on the digits that need no download with data=mnist_sample",
    ]


def test_a_folder_that_cannot_be_made_is_one_of_the_reasons(root: Path, mirror: Mirror) -> None:
    mirror.answers["/a.gz"] = mirror.send(gzip.compress(GOOD))
    (root / "data").write_text("a file where the folder should be")
    with pytest.raises(DataUnavailableError, match=r"/a.gz: \[Errno \d+\] (Not a directory|File exists)"):
        fetch_a(root, mirror.url)


def test_one_mirror_is_no_list_of_mirrors(root: Path) -> None:
    with pytest.raises(
        ArgumentError, match=r"mirrors=http://m: expected a list of URLs, such as \[http://m\]"
    ):
        fetch("a", dataset="toy", root=root, mirrors="http://m", check=check)


def fetch_bin(root: Path, *mirrors: str) -> Path:
    return fetch_folder(
        "bin", ["a", "b"], archive="bin.tar.gz", sha256=None, dataset="toy", root=root, mirrors=mirrors
    )


def test_folders_are_tried_in_order(root: Path, home: Path, shared: Path, mirror: Mirror) -> None:
    mirror.answers["/bin.tar.gz"] = mirror.send(archive({"a": b"1", "b": b"2"}, folder="bin"))
    assert fetch_bin(root, mirror.url) == home / "bin"
    assert (home / "bin" / "b").read_bytes() == b"2"
    (home / "bin").rename(home / "away")
    for folder in (shared / "bin", shared, home / "bin", home):
        put(folder / "a", GOOD)
        put(folder / "b", GOOD)
        assert fetch_bin(root, mirror.url) == folder
    assert mirror.requests == ["/bin.tar.gz"]


def test_a_folder_with_some_of_the_files_is_an_error(root: Path, home: Path, shared: Path) -> None:
    for name in ("a", "b"):
        put(shared / name, GOOD)
    put(home / "bin" / "b", GOOD)
    message = (
        f"{home / 'bin' / 'a'}: expected all 2 files of toy in one folder, found 1 of them without this one; "
        "add what is missing, or remove the rest"
    )
    with pytest.raises(DataFileError, match=message):
        fetch_bin(root)


def test_the_next_mirror_is_tried_for_an_archive(root: Path, home: Path, mirror: Mirror) -> None:
    mirror.answers["/html/bin.tar.gz"] = mirror.send(b"<html>sorry</html>")
    mirror.answers["/good/bin.tar.gz"] = mirror.send(archive({"a": b"1", "b": b"2"}, folder="bin"))
    mirrors = [f"{mirror.url}/{kind}/" for kind in ("absent", "html", "good", "never asked")]
    assert fetch_bin(root, *mirrors) == home / "bin"
    assert mirror.requests == [f"/{kind}/bin.tar.gz" for kind in ("absent", "html", "good")]


def test_the_error_names_every_folder_and_archive(
    root: Path, home: Path, shared: Path, mirror: Mirror
) -> None:
    url = mirror.url
    with pytest.raises(DataUnavailableError) as caught:
        fetch_bin(root, url)
    assert str(caught.value).splitlines() == [
        "bin of toy was found in none of these places:",
        f"  {home}: none of its files",
        f"  {home}/bin: none of its files",
        f"  {shared}: none of its files",
        f"  {shared}/bin: none of its files",
        f"  {url}/bin.tar.gz: HTTP Error 404: Not Found",
        f"Put the files of toy into {home}, name the folder around theirs in SCRATCHLAB_DATA, "
        "or train on the digits that need no download with data=mnist_sample",
    ]


def test_one_mirror_is_no_list_of_mirrors_of_archives(root: Path) -> None:
    with pytest.raises(ArgumentError, match=r"mirrors=http://m: expected a list of URLs"):
        fetch_folder(
            "bin", ["a"], archive="bin.tar.gz", sha256=None, dataset="toy", root=root, mirrors="http://m"
        )
