from pathlib import Path

import pytest

from scratchlab.processes.files import written_whole


@pytest.mark.parametrize("sync", [False, True])
def test_a_file_appears_at_the_end_of_the_block(tmp_path: Path, sync: bool) -> None:
    path = tmp_path / "curves.png"
    path.write_text("old")
    with written_whole(path, sync=sync) as place:
        assert place.suffix == ".png"
        place.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), written_whole(path) as place:
        place.write_bytes(bytes(1 + place.write_text("half") // 0))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_writes_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), written_whole(tmp_path / "a"):
        pass


def test_what_a_kill_left_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".a").write_text("half of something longer")
    with written_whole(tmp_path / "a") as place:
        place.write_text("whole")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "whole"}
