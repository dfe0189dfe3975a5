"""Data that are damaged, or others, or not to be had: a sentence, nothing half-written, no training on other data."""

import gzip
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchlab.config.launch import EXIT_NO_DATA
from scratchlab.data import DataFileError
from scratchlab.data.files.idx import parse_idx
from scratchlab.data.files.rawfile import RawFile
from tests.data.conftest import Mirror, mirror
from tests.data.idx_bytes import idx_bytes, tiny_mnist, write
from tests.polling import wait_until
from tests.reliability.counts import counts
from tests.reliability.project import copied_project, environment, train

__all__ = ["mirror"]

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
ANY = ("data.num_val=10", "data.verify_checksum=false", "trainer.epochs=1", "tracking=off")
"""Takes any digits of the right format."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that has no data yet."""
    return copied_project(tmp_path_factory.mktemp("elsewhere") / "project")


@pytest.fixture
def home(project: Path) -> Path:
    """The folder of its data, without any."""
    home = project / "data" / "mnist"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    return home


def refused(project: Path, *overrides: str) -> str:
    """Check that train.py ends without training, and without a traceback; return what it says."""
    before = content(project / "data")
    ended = train(project, *overrides)
    assert (ended.returncode, ended.stdout) in ((1, ""), (EXIT_NO_DATA, ""))
    assert "Traceback" not in ended.stderr
    assert content(project / "data") == before
    return ended.stderr


def content(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder, by path; hidden files and folders, too."""
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def cut_when_unpacked(path: Path) -> None:
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-1]))


def damage(path: Path) -> None:
    packed = bytearray(path.read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def save_a_page(path: Path) -> None:
    path.write_bytes(b"<!DOCTYPE html><html>Please log in</html>")


def take_another_type(path: Path) -> None:
    path.write_bytes(gzip.compress(bytes.fromhex("00000d03 00000001 00000001 00000001 3f800000")))


def take_labels(path: Path) -> None:
    path.write_bytes(gzip.compress(tiny_mnist()[LABELS]))


def make_a_folder(path: Path) -> None:
    """What cannot be read, for root too, who may read every file."""
    path.unlink()
    path.mkdir()


HARMS: dict[Callable[[Path], None], str] = {
    cut: "expected a complete gzip file, found one that breaks off at",
    cut_when_unpacked: "expected 656 bytes (a header of 16, then 40 x 4 x 4), found 655",
    damage: "expected sound gzip data, found damaged data",
    empty: "expected gzip data, found an empty file",
    save_a_page: "expected gzip data, found b'<!DOCTYPE html><'",
    take_another_type: "expected IDX magic number 0x00000803 (unsigned bytes, dimensions: 3), found 0x00000d03",
    take_labels: "expected IDX magic number 0x00000803 (unsigned bytes, dimensions: 3), found 0x00000801",
    make_a_folder: "expected a readable file, found Is a directory",
}
"""What can happen to the file with the images, and how the sentence about it goes on."""


@counts("harms", few=[cut_when_unpacked], all_of_them=list(HARMS))
def test_a_file_that_was_harmed(project: Path, home: Path, harms: list[Callable[[Path], None]]) -> None:
    write(home, tiny_mnist())
    whole = train(project, *ANY)
    assert (whole.returncode, whole.stderr) == (0, "")
    for harm in harms:
        write(home, tiny_mnist())
        harm(home / f"{IMAGES}.gz")
        said = refused(project, *ANY)
        assert said.startswith(f"{home / IMAGES}.gz: {HARMS[harm]}")
        assert said.count("\n") == 1
        shutil.rmtree(home)


@pytest.mark.reliability
def test_another_data_set_in_the_place_of_mnist(project: Path, home: Path) -> None:
    write(home, tiny_mnist())
    said = refused(project, "tracking=off")
    assert said.startswith(f"{home / IMAGES}.gz: expected uncompressed bytes of SHA-256 ba891046e6505d7aadcb")
    assert "found 656 bytes of SHA-256 " in said
    assert said.endswith("; replace it, or accept it as it is with data.verify_checksum=false\n")


@pytest.mark.reliability
def test_one_bit_of_mnist(project: Path, home: Path, repository: Path) -> None:
    """The very last label of the test images: 6 turns into 7."""
    for place in (repository / "data" / "mnist", repository.parent / "shared" / "data" / "mnist"):
        if place.exists():
            shutil.copytree(place, home, dirs_exist_ok=True)
    [path] = home.glob("t10k-labels-idx1-ubyte*")
    labels = bytearray(RawFile.read(path).content)
    assert labels[-1] == 6
    labels[-1] ^= 1
    path.write_bytes(gzip.compress(labels) if path.suffix == ".gz" else labels)
    ended = train(project, "tracking=off")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"{path}: expected uncompressed bytes of SHA-256 ff7bcfd416de33731a308c")


@counts("kinds", few=["html", "half"], all_of_them=["html", "half", "other", "hang", "absent"])
def test_a_mirror_that_has_something_else(
    project: Path, home: Path, mirror: Mirror, kinds: list[str]
) -> None:
    """All of them are asked, one after the other, and nothing is left of their answers."""
    images = gzip.compress(tiny_mnist()[IMAGES])
    answers = {
        "html": (mirror.send(b"<html>This page has moved"), "expected gzip data, found b'<html>This page '"),
        "half": (
            mirror.send(images[:100], announced_bytes=len(images)),
            f"broke off after 100 of {len(images)} bytes",
        ),
        "other": (mirror.send(images), "expected uncompressed bytes of SHA-256 ba891046e6505d7aadcb"),
        "hang": (mirror.hang, "timed out"),
        "absent": (None, "HTTP Error 404: Not Found"),
    }
    for kind, (answer, _) in answers.items():
        if answer is not None:
            mirror.answers[f"/{kind}/{IMAGES}.gz"] = answer
    urls = [f"{mirror.url}/{kind}" for kind in kinds]
    said = refused(project, f"data.mirrors=[{','.join(urls)}]", "tracking=off")
    lines = said.splitlines()
    assert lines[0] == f"{IMAGES} of mnist was found in none of these places:"
    for url, kind in zip(urls, kinds, strict=True):
        [line] = [line for line in lines if url in line]
        assert line.startswith(f"  {url}/{IMAGES}.gz: {answers[kind][1]}")
    assert lines[-1].endswith("or train on the digits that need no download with data=mnist_sample")


@pytest.mark.reliability
def test_a_download_that_is_killed(project: Path, home: Path, mirror: Mirror) -> None:
    """Nothing appears under the name of the file, and the next command downloads it."""
    packed = {name: gzip.compress(each) for name, each in tiny_mnist().items()}
    mirror.answers = {f"/{name}.gz": mirror.stop_halfway for name in packed}
    overrides = (*ANY, f"data.mirrors=[{mirror.url}]")
    command = [sys.executable, "train.py", "data=mnist", *overrides]
    with subprocess.Popen(command, cwd=project, env=environment(project)) as process:
        wait_until(lambda: any(path.is_file() and path.stat().st_size > 0 for path in home.rglob("*")))
        process.send_signal(signal.SIGKILL)
    assert not [path for path in home.iterdir() if path.name.endswith(".gz")]
    mirror.answers = {f"/{name}.gz": mirror.send(each) for name, each in packed.items()}
    ended = train(project, *overrides)
    assert (ended.returncode, ended.stderr) == (0, "")


def mutated(content: bytes, position: int, piece: bytes, num_removed: int) -> bytes:
    position %= len(content) + 1
    return content[:position] + piece + content[position + num_removed :]


SMALL = st.integers(0, 3)
ARRAYS = st.lists(SMALL, min_size=1, max_size=4).map(lambda shape: idx_bytes(np.zeros(shape, np.uint8)))
MUTATED = st.builds(mutated, ARRAYS, st.integers(0), st.binary(max_size=8), SMALL)
HEADERS = st.builds(
    lambda magic, sizes, rest: b"".join(each.to_bytes(4, "big") for each in (magic, *sizes)) + rest,
    st.integers(0, 2**32 - 1) | st.sampled_from([0x0801, 0x0803, 0x0D01]),
    st.lists(SMALL | st.integers(0, 2**32 - 1), max_size=4),
    st.binary(max_size=40),
)
STORED = st.one_of(st.binary(), ARRAYS, MUTATED, HEADERS)
PACKED = st.builds(mutated, STORED.map(gzip.compress), st.integers(0), st.binary(max_size=8), SMALL)


@counts("num_inputs", few=500, all_of_them=10_000)
def test_whatever_is_in_a_file_it_is_read_or_refused(tmp_path: Path, num_inputs: int) -> None:
    accepted, refused = [], []

    @settings(max_examples=num_inputs, derandomize=True, database=None, deadline=None)
    @given(STORED.map(lambda stored: ("a", stored)) | PACKED.map(lambda stored: ("a.gz", stored)), SMALL)
    def read(file: tuple[str, bytes], extra_ndim: int) -> None:
        path, ndim = tmp_path / file[0], 1 + extra_ndim
        path.write_bytes(file[1])
        try:
            content = RawFile.read(path).content
            accepted.append((content, parse_idx(RawFile(path, content), ndim=ndim)))
        except DataFileError as error:
            refused.append(str(error).startswith(f"{path}: expected "))

    read()
    print(f"{len(accepted) + len(refused)} inputs, of which {len(accepted)} were arrays")
    assert accepted
    assert refused
    assert all(refused)
    for content, array in accepted:
        header = [0x0800 + array.ndim, *array.shape]
        assert array.size > 0
        assert content == b"".join(each.to_bytes(4, "big") for each in header) + array.tobytes()
