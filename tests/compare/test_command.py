import re
import shlex
from pathlib import Path

import pytest

from scratchlab.compare.command import compare, main
from scratchlab.config.project import ROOT
from scratchlab.tracking import Published, RunNotFoundError, embedded_uri
from tests.launched import Ended, launch, without_figures
from tests.own_process import python
from tests.stored import Stored


def sweep(*overrides: str, cwd: Path) -> Path:
    """Run a sweep over short runs that are not published; return its folder."""
    store = f"tracking.uri={embedded_uri(cwd)}"
    with without_figures():
        launch("train.py", "-m", "data=digits", "trainer.epochs=2", store, *overrides, cwd=cwd)
    [folder] = cwd.glob("outputs/*/*-sweep")
    return folder


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sweep with two seeds of two widths that work, and of a learning rate that does not."""
    cwd = tmp_path_factory.mktemp("swept")
    return sweep("model.hidden=8,[16,8]", "seed=0,1", "optimizer.lr=0.1,1e30", cwd=cwd)


def test_a_sweep_is_compared_by_a_process_that_is_told_its_folder(swept: Path, tmp_path: Path) -> None:
    ended = python(str(ROOT / "compare.py"), str(swept), cwd=tmp_path)
    assert ended.stderr == ""
    [folder] = tmp_path.glob("outputs/*/*-comparison")
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        *("leaderboard.csv", "leaderboard.json", "leaderboard.md", "report.html"),
        *(f"plots/{name}.png" for name in ("best_curves", "heat_maps", "parallel_coordinates")),
    }
    *_, count, chosen, again, files = ended.stdout.splitlines()
    assert count == "8 runs · 2 configurations · 4 without a result"
    assert chosen.startswith("best   hidden=")
    assert shlex.split(again)[:3] == ["again", "python", "train.py"]
    assert {"data=digits", "optimizer.lr=0.1"} <= set(shlex.split(again))
    assert files == f"files  {folder.relative_to(tmp_path)}/report.html"
    assert str(tmp_path) not in (folder / "report.html").read_text()


def test_the_command_that_is_shown_gives_the_same_result(
    swept: Path, tmp_path: Path, no_figures: None
) -> None:
    comparison = compare([str(swept)], uri=embedded_uri(tmp_path))
    assert comparison.best_run is not None
    _, script, *overrides = shlex.split(comparison.best_run.command)
    again = launch(script, *overrides, cwd=tmp_path)
    assert again.once("best/val_accuracy") == comparison.best_run.score
    assert again.once("test/accuracy") == comparison.best_run.test_accuracy


def test_folders_of_runs_and_of_sweeps_come_together(trained: Ended, swept: Path, tmp_path: Path) -> None:
    comparison = compare([str(trained.folder), str(swept / "0")], uri=embedded_uri(tmp_path))
    assert len(comparison.runs) == 2
    assert {"optimizer", "model.hidden", "trainer.epochs"} <= set(comparison.varied)
    assert {"optimizer.beta1", "tracking.uri", "seed", "commit"} & set(comparison.varied) == set()
    assert comparison.title.startswith("comparison over preprocessing hidden schedule optimizer lr l2 epochs")


def test_a_comparison_never_overwrites_another(
    swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [main([str(swept / "0")]), main([str(swept / "0")])] == [0, 0]
    assert len(set(re.findall("^files  (.*)$", capsys.readouterr().out, flags=re.MULTILINE))) == 2
    assert len(list(tmp_path.glob("outputs/*/*-comparison/report.html"))) == 2


@pytest.mark.usefixtures("settings_of_mlflow")
def test_ids_in_mlflow_stand_for_what_folders_stand_for(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    [folder] = stored.cwd.glob("outputs/*/*-sweep")
    ids = [published.run_id for each in (folder, folder / "0") if (published := Published.load(each))]
    shown = []
    # A run that is named twice is still one.
    for arguments in ([ids[0]], [str(folder)], [str(folder), ids[1][:20]]):
        assert main([*arguments, "--uri", stored.uri]) == 0
        shown.append(capsys.readouterr().out.splitlines()[:-1])
    assert "5 runs · 1 configuration" in shown[0]
    assert shown[0] == shown[1] == shown[2]
    tables = [path.read_text() for path in tmp_path.glob("outputs/*/*-comparison/leaderboard.json")]
    assert len(tables) == 3
    assert len(set(tables)) == 1


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        (
            "nowhere",
            "nowhere: expected the folder of a run or a sweep under outputs/, or the id of a run in MLflow",
        ),
        ("empty", "empty: expected a folder with runs of train.py, but there are none in it"),
        ("0abc", "0abc: expected a run in sqlite:///{cwd}/none.db, but there is no store"),
        ("failed", "failed: expected a run that ended with an accuracy, found failed"),
        ("damaged", "damaged/journal.jsonl: expected a record of a journal, found b'nonsense'"),
    ],
)
def test_an_argument_that_cannot_be_compared_is_answered_in_a_sentence(
    argument: str,
    said: str,
    swept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "failed").symlink_to(swept / "1")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "journal.jsonl").write_text("nonsense\n")
    assert main([argument, "--uri", f"sqlite:///{tmp_path}/none.db"]) == 2
    assert capsys.readouterr() == ("", said.format(cwd=tmp_path) + "\n")
    assert not (tmp_path / "outputs").exists()


def test_a_uri_that_is_none_is_answered_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["0abc", "--uri", "ftp://x"]) == 2
    assert (
        capsys.readouterr().err
        == "uri=ftp://x: expected http://HOST:PORT of an MLflow server, or sqlite:///FILE.db\n"
    )


def test_without_arguments_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([])
    assert "RUN_OR_SWEEP" in capsys.readouterr().err


def test_what_ended_without_an_accuracy_is_named(swept: Path, tmp_path: Path) -> None:
    with pytest.raises(RunNotFoundError, match=r"expected a run that ended with an accuracy, found failed$"):
        compare([str(swept / "1"), str(swept / "3")], uri=embedded_uri(tmp_path))
