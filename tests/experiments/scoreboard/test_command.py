import csv
import errno
from pathlib import Path

import pytest

from experiments.scoreboard.command import main
from experiments.scoreboard.result import write_results
from tests.experiments.scoreboard.rows import board, entry, result
from tests.stored import Stored


def test_it_writes_the_page_and_says_where(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = board(tmp_path / "experiments", entry("here"))
    assert main(["--uri", stored.uri], folder=folder) == 0
    assert capsys.readouterr() == ("page   experiments/README.md\n", "")
    assert "(5)" in (folder / "README.md").read_text()


def test_only_the_quick_rows_are_run(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quick row is complete, the other has no run: nothing is started."""
    monkeypatch.setattr("experiments.scoreboard.agenda.subprocess.Popen", None)
    others = entry("slow", overrides=["data=digits", "trainer.epochs=7"])
    folder = board(tmp_path / "experiments", entry("quick", "is_quick: true") + others)
    assert main(["--run", "--quick", "--uri", stored.uri], folder=folder) == 0
    assert "no runs yet" in (folder / "README.md").read_text()


def test_only_the_named_rows_are_run(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The named row is complete, the other has no run: nothing is started."""
    monkeypatch.setattr("experiments.scoreboard.agenda.subprocess.Popen", None)
    others = entry("slow", overrides=["data=digits", "trainer.epochs=7"])
    folder = board(tmp_path / "experiments", entry("here") + others)
    assert main(["--run", "here", "--uri", stored.uri], folder=folder) == 0
    assert main(["--run", "hree", "--uri", stored.uri], folder=folder) == 2
    assert capsys.readouterr().err == "ROW=hree: expected one of here, slow, did you mean here?\n"


def test_a_row_that_cannot_be_run_shows_in_the_exit_code(
    stored: Stored, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = board(tmp_path / "experiments", entry("broken", overrides=["a.b=c"]))
    assert main(["--run", "--uri", stored.uri], folder=folder) == 1
    assert "not complete: broken" in capsys.readouterr().out
    assert (folder / "README.md").exists()


@pytest.mark.parametrize("chosen", ["--quick", "moonshot"])
def test_rows_are_chosen_only_to_be_run(chosen: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([chosen])
    assert f"{chosen}: expected --run beside it" in capsys.readouterr().err


def test_rows_are_chosen_by_their_names_or_as_the_quick_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """Both would be the quick ones of the named rows: often none, and that is not what anybody means."""
    with pytest.raises(SystemExit, match="2"):
        main(["--run", "--quick", "moonshot"])
    assert "moonshot: expected either rows or --quick, not both" in capsys.readouterr().err


def test_what_is_wrong_ends_in_a_sentence(
    stored: Stored, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--uri", stored.uri], folder=tmp_path / "nowhere") == 2
    assert capsys.readouterr().err.endswith("nowhere/scoreboard.yaml: No such file or directory\n")
    folder = board(tmp_path / "experiments", entry("here"))
    assert main(["--uri", "ftp://x"], folder=folder) == 2
    assert capsys.readouterr().err.startswith("uri=ftp://x: expected ")
    write_results(folder / "results" / "here.csv", [result()])
    path = folder / "results" / "here.csv"
    path.write_text(path.read_text().replace("seed", "sead"))
    assert main(["--uri", stored.uri], folder=folder) == 2
    assert capsys.readouterr().err.startswith(f"{path}: expected the columns seed, ")


def test_on_a_full_disk_the_results_stay_as_they_are(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = board(tmp_path / "experiments", entry("here"))
    path = folder / "results" / "here.csv"
    write_results(path, [result()])
    before = path.read_bytes()

    def fail(table: object, lines: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(csv.DictWriter, "writerows", fail)
    assert main(["--uri", stored.uri], folder=folder) == 1
    assert capsys.readouterr() == ("", "the scoreboard could not be written: No space left on device\n")
    assert {each: each.read_bytes() for each in folder.rglob("*") if each.suffix in (".csv", ".part")} == {
        path: before
    }
