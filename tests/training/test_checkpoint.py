import errno
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from scratchlab.training import CheckpointError, State, read_checkpoint, write_checkpoint

STATE: State = {
    "epoch": np.array(3),
    "network.linear1.weight": np.arange(6000, dtype=np.float32).reshape(60, 100),
    "text": np.array("é"),
}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.npz", STATE)
    state = read_checkpoint(tmp_path / "a.npz")
    assert list(state) == list(STATE)
    for name, array in STATE.items():
        assert (state[name].dtype, state[name].shape) == (array.dtype, array.shape)
        assert state[name].tobytes() == array.tobytes()
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_it_is_an_archive_that_others_can_read(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.npz", STATE)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert arrays["epoch"] == 3
    with ZipFile(tmp_path / "a.npz") as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize("damage", [b"\x00", b"\xff", b"a"])
def test_damage_anywhere_is_recognised(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.npz"
    write_checkpoint(path, STATE)
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        damaged = whole[:place] + damage + whole[place + 1 :]
        path.write_bytes(damaged)
        if damaged == whole:
            read_checkpoint(path)
        else:
            with pytest.raises(CheckpointError, match=r"a\.npz is damaged$"):
                read_checkpoint(path)


def test_a_file_that_was_cut_short_is_recognised_at_every_length(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_checkpoint(path, STATE)
    whole = path.read_bytes()
    for length in (*range(200), *range(200, len(whole), 61), len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointError):
            read_checkpoint(path)
    path.write_bytes(whole)
    assert read_checkpoint(path)["epoch"] == 3


@contextmanager
def largest_file(num_bytes: int) -> Iterator[None]:
    """Let no file of this process get larger: the system's own way of a disk that is full for one process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("limit", [0, 1, 4096, 24_000])
def test_a_disk_that_is_full_leaves_the_old_file(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "a.npz"
    write_checkpoint(path, {"epoch": np.array(2)})
    with largest_file(limit), pytest.raises(OSError, match="File too large") as caught:
        write_checkpoint(path, STATE)
    assert caught.value.errno == errno.EFBIG
    assert read_checkpoint(path)["epoch"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_content_and_name_reach_the_disk_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, synced = tmp_path / "a.npz", []
    fsync = os.fsync

    def noted(file: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(file).st_mode)
        synced.append(("folder" if is_folder else "file", path.exists()))
        if not is_folder:
            assert os.fstat(file).st_size > 24_000
        fsync(file)

    monkeypatch.setattr(os, "fsync", noted)
    write_checkpoint(path, STATE)
    assert synced == [("file", False), ("folder", True)]
