from pathlib import Path

import pytest

from scratchlab.tracking import FilesRun, NullRun, Run


def test_nothing_is_recorded_and_nothing_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def draw(place: Path) -> None:
        raise AssertionError("a picture that nobody will see")

    with NullRun() as run:
        run.log_metrics({"loss": 1.0}, step=1)
        run.set_tag("a", "b")
        run.log_artifact("plots/curves.png", draw)
        run.log_dataset(name="mnist", digest="ab", source="/data", num_train=1, num_val=1, num_test=1)
        run.log_model(tmp_path)
    assert run.published is None
    assert isinstance(run, Run)
    assert not list(tmp_path.iterdir())


def test_an_error_goes_on() -> None:
    with pytest.raises(ZeroDivisionError), NullRun():
        raise ZeroDivisionError


def test_of_a_run_that_keeps_files_only_the_files_are_kept(tmp_path: Path) -> None:
    with FilesRun(tmp_path / "new") as run:
        run.log_metrics({"loss": 1.0}, step=1)
        run.set_tag("a", "b")
        run.log_artifact("plots/curves.txt", lambda place: place.write_text("drawn"))
        run.log_artifact("report.txt", lambda place: place.write_text("written"))
    files = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*.txt")}
    assert files == {"new/plots/curves.txt": "drawn", "new/report.txt": "written"}
    assert run.published is None
