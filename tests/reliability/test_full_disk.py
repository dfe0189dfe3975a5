"""Training on a disk that is full: a tmpfs of 5 MB where this may be mounted, and files that may not grow anywhere."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scratchlab.tracking import JOURNAL, read_journal
from scratchlab.tracking.journal.records import End, Status
from scratchlab.training import read_checkpoint
from tests.reliability.resuming import Result, end_of, folder_of, result_of, run, stopped

OVERRIDES = (
    *("data=digits", "model.hidden=1000", "optimizer=adam", "trainer.threads=1"),
    *("trainer.epochs=8", "trainer.batch_size=200"),
)
"""75,000 parameters, of which a checkpoint has four kinds: 1.2 MB."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The result of the run that has room."""
    cwd = tmp_path_factory.mktemp("whole")
    ended = run(*OVERRIDES, cwd=cwd)
    assert (ended.code, ended.stderr) == (0, "")
    return result_of(cwd)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 5 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"only root may mount a small disk, test_files_that_may_not_grow does: {mounted.stderr}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(ballast: Path, *, leave_bytes: int) -> None:
    """Fill the disk with a file, and give so much of it back."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)) == 4096:
                pass
        except OSError:
            pass
        file.truncate(file.tell() - leave_bytes)


def resume_command(stderr: str, *, reason: str) -> str:
    """Return what the last line says to type, after a look at the one before: there are no others."""
    said, way_on = stderr.splitlines()
    assert said == f"the run could not be written: {reason}"
    return way_on.removeprefix("to go on with it: python train.py ")


def assert_nothing_is_torn(folder: Path) -> None:
    read_journal(folder)
    assert (folder / JOURNAL).read_bytes().endswith(b"\n")
    for path in folder.rglob("*.npz"):
        read_checkpoint(path)
    assert not [*folder.rglob(".epoch-*")]
    assert not (folder / "model").exists()


def test_a_checkpoint_that_does_not_fit(disk: Path, whole: Result) -> None:
    fill(disk / "ballast", leave_bytes=3_000_000)  # two and a half of them
    ended = run(*OVERRIDES, cwd=disk)
    assert ended.code == 1
    command = resume_command(ended.stderr, reason="No space left on device")
    folder = folder_of(disk)
    assert_nothing_is_torn(folder)
    assert len([*folder.rglob("*.npz")]) == 2
    end = read_journal(folder)[-1]
    assert isinstance(end, End)
    assert end.status is Status.FAILED
    ended = run(command, cwd=disk)  # still full
    assert ended.code == 1
    assert resume_command(ended.stderr, reason="No space left on device") == command
    assert_nothing_is_torn(folder)
    (disk / "ballast").unlink()
    ended = run(command, cwd=disk)
    assert (ended.code, ended.stderr) == (0, "")
    assert "going on after epoch 2" in ended.stdout
    assert result_of(disk) == whole


def test_a_journal_that_cannot_grow(disk: Path, whole: Result) -> None:
    process = stopped(*OVERRIDES, after_epoch=1, cwd=disk)
    fill(disk / "ballast", leave_bytes=0)
    process.send_signal(signal.SIGCONT)
    ended = end_of(process)
    assert ended.code == 1
    said, way_on = ended.stderr.splitlines()
    assert said.startswith("the run could not be written: ")
    assert_nothing_is_torn(folder_of(disk))
    (disk / "ballast").unlink()
    ended = run(way_on.split()[-1], cwd=disk)
    assert (ended.code, ended.stderr) == (0, "")
    assert result_of(disk) == whole


def test_files_that_may_not_grow(tmp_path: Path, whole: Result) -> None:
    """Where nothing can be mounted: the system refuses to let a file of the process exceed a length."""
    ended = run(*OVERRIDES, cwd=tmp_path, LARGEST_FILE="1000000")
    assert ended.code == 1
    command = resume_command(ended.stderr, reason="File too large")
    assert_nothing_is_torn(folder_of(tmp_path))
    ended = run(command, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.startswith("going on from the beginning\n")
    assert result_of(tmp_path) == whole


def test_a_model_that_does_not_fit(tmp_path: Path, whole: Result) -> None:
    """Without checkpoints before: the weights have 300 kB, and are the first large file of the run."""
    ended = run(*OVERRIDES, cwd=tmp_path, LARGEST_FILE="200000", WITHOUT="")
    assert ended.code == 1
    command = resume_command(ended.stderr, reason="File too large")
    assert_nothing_is_torn(folder_of(tmp_path))
    ended = run(command, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert result_of(tmp_path) == whole
