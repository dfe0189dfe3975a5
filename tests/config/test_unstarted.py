from pathlib import Path

import pytest

from scratchlab.config.unstarted import remove_unstarted
from tests.launched import launch


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    "arguments",
    [
        ("train.py", "data=mnist", "data.mirrors=[]"),
        ("train.py", "data=digits", "optimizer.lr=-1"),
        ("train.py", "data=table", "data.path=missing.csv"),
        ("train.py", "data=digits", "tracking=off", "regularization.l2=-1"),
        ("train.py", "data=digits", "tracking.uri=http://127.0.0.1:9", "tracking.require=true"),
        ("train.py", "data=digits", "hydra.run.dir=mine", "seed=-1"),
        ("train.py", "-m", "data=digits", "optimizer.lr=1,-1"),
        ("check.py", "data=digits", "model=knn"),
    ],
    ids=" ".join,
)
def test_a_run_that_did_not_start_leaves_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert launch(*arguments, cwd=folder).code != 0
    assert list(folder.iterdir()) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a run as Hydra makes it."""
    folder = tmp_path / "outputs" / "2026-12-01" / "12-00-00"
    (folder / ".hydra").mkdir(parents=True)
    (folder / ".hydra" / "config.yaml").write_text("seed: 0")
    return folder


@pytest.mark.parametrize("name", ["journal.jsonl", "notes.txt"])
def test_a_folder_with_anything_in_it_stays(folder: Path, name: str) -> None:
    (folder / name).write_text("")
    remove_unstarted(folder, within=folder.parents[2])
    assert sorted(path.name for path in folder.iterdir()) == [".hydra", name]


def test_the_day_stays_where_other_runs_are(folder: Path) -> None:
    (folder.parent / "another").mkdir()
    remove_unstarted(folder, within=folder.parents[2])
    assert [path.name for path in folder.parent.iterdir()] == ["another"]


def test_a_folder_that_is_gone_is_no_error(tmp_path: Path) -> None:
    remove_unstarted(tmp_path / "gone", within=tmp_path)
