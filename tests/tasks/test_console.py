from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from scratchlab.tasks.console import announce, number_of
from scratchlab.tracking import NullRun, Published


class PublishedRun(NullRun):
    def __init__(self, uri: str) -> None:
        self._published = Published(uri, experiment_id="7", run_id="abc", status="FINISHED")

    @property
    def published(self) -> Published:  # type: ignore[override]
        return self._published


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outputs" / "a name that is too long for a narrow terminal, and must not be broken"


def announced(run: NullRun, folder: Path) -> list[str]:
    stream = StringIO()
    announce(Console(file=stream, width=40, highlight=False), run, "test   97 % correct", folder=folder)
    return stream.getvalue().splitlines()


PAGE = "/#/experiments/7/runs/abc?workflowType=machine_learning"


def test_a_run_in_the_embedded_store_needs_a_server_to_be_seen(folder: Path) -> None:
    assert announced(PublishedRun("sqlite:////store/mlflow.db"), folder) == [
        "",
        "test   97 % correct",
        f"files  {folder}",
        f"view   make ui, then http://127.0.0.1:5000{PAGE}",
    ]


def test_a_run_on_a_server_is_seen_there(folder: Path) -> None:
    assert announced(PublishedRun("http://server:80"), folder)[-1] == f"view   http://server:80{PAGE}"


def test_a_folder_below_is_shown_as_it_would_be_typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parents[1])
    assert announced(PublishedRun("http://server:80"), folder)[2] == f"files  outputs/{folder.name}"


def test_of_a_run_that_is_nowhere_only_the_result_is_said(folder: Path) -> None:
    assert announced(NullRun(), folder) == ["", "test   97 % correct"]


def test_a_run_that_is_to_be_published_later_ends_with_the_way_to_do_it(folder: Path) -> None:
    for run, num_lines in ((NullRun(), 4), (PublishedRun("http://server:80"), 5)):
        run.remedy = "python -m scratchlab.tracking.publish outputs/a"
        lines = announced(run, folder)
        assert lines[2] == f"files  {folder}"
        assert lines[-1] == "later  python -m scratchlab.tracking.publish outputs/a"
        assert len(lines) == num_lines


@pytest.mark.parametrize(("number", "words"), [(0, "0 runs"), (1, "1 run"), (2, "2 runs")])
def test_things_are_counted_in_words(number: int, words: str) -> None:
    assert number_of(number, "run") == words
