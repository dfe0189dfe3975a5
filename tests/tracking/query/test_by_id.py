from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.tracking import PastRun, RunNotFoundError, read_run, runs_by_id
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.records import End, Metrics, Start, Status, Tag
from scratchlab.tracking.publish.command import publish
from scratchlab.tracking.store.client import connect
from tests.tracking.conftest import Content
from tests.tracking.runs import start_record

pytestmark = pytest.mark.usefixtures("quick_to_give_up")


def recorded(folder: Path, start: Start, accuracy: float) -> str:
    """Record a run and publish it; return its id."""
    journal = Journal(folder)
    journal.write(start)
    for epoch in (1, 2, 10):  # by their texts, 10 would come before 2
        journal.write(Metrics(epoch, epoch, {"val/accuracy": accuracy * epoch / 10}))
    journal.write(Metrics(0, 11, {"best/val_accuracy": accuracy, "test/accuracy": accuracy - 0.125}))
    journal.write(Tag("scratchlab.note", "kept"))
    journal.write(End(Status.FINISHED, 12))
    journal.close()
    return publish(folder).run_id


def test_mlflow_tells_of_a_run_what_its_journal_tells(tmp_path: Path, uri: str) -> None:
    run_id = recorded(tmp_path / "run", start_record(uri), 0.75)
    [stored] = runs_by_id(uri, [run_id])
    journaled = read_run(tmp_path / "run")
    assert stored.val_accuracy == pytest.approx([0.075, 0.15, 0.75])
    assert {key: stored.tags[key] for key in journaled.tags} == journaled.tags
    assert replace(stored, tags=journaled.tags) == journaled


def test_a_sweep_stands_for_its_children_in_the_order_in_which_they_started(tmp_path: Path, uri: str) -> None:
    sweep = replace(start_record(uri), name="sweep")
    recorded(tmp_path, sweep, 0.5)
    for number in range(3):
        child = replace(start_record(uri), name=f"run {number}", parent=sweep.run_uuid, time_ms=10 - number)
        recorded(tmp_path / str(number), child, 0.5)
    parent_id = read_run(tmp_path).run_id
    assert parent_id is not None
    assert [run.name for run in runs_by_id(uri, [parent_id])] == ["run 2", "run 1", "run 0"]


def test_more_children_than_a_page_holds(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scratchlab.tracking.store.client.RUNS_AT_ONCE", 2)
    client = connect(uri)
    parent = client.create_run("0")
    tags = {"mlflow.parentRunId": parent.info.run_id}
    for number in range(5):
        client.create_run("0", start_time=number + 1, tags=tags, run_name=f"run {number}")
    assert [run.name for run in runs_by_id(uri, [parent.info.run_id])] == [f"run {n}" for n in range(5)]


def test_the_beginning_of_an_id_does(tmp_path: Path, uri: str) -> None:
    first, second = (
        recorded(tmp_path / name, replace(start_record(uri), name=name), 0.5) for name in ("first", "second")
    )
    assert first[:8] != second[:8]
    assert [run.name for run in runs_by_id(uri, [second[:8], first[:8]])] == ["second", "first"]


def test_an_id_that_is_nobodys_or_of_several_is_named(uri: str) -> None:
    with pytest.raises(RunNotFoundError, match=r"^ab: expected the id of a run in sqlite:.*, found none$"):
        runs_by_id(uri, ["ab"])
    client = connect(uri)
    ids = [client.create_run("0").info.run_id for _ in range(17)]  # of which two begin with the same digit
    shared = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    with pytest.raises(
        RunNotFoundError, match=rf"^{shared}: .* found several that begin so: type more of it$"
    ):
        runs_by_id(uri, [shared])


def test_a_store_that_does_not_exist_is_not_made(
    tmp_path: Path, uri: str, content: Callable[[], Content]
) -> None:
    before = content()
    with pytest.raises(RunNotFoundError, match="found none"):
        runs_by_id(uri, ["ab"])
    assert content() == before
    with pytest.raises(RunNotFoundError, match=r"^ab: expected a run in sqlite:.*, but there is no store$"):
        runs_by_id(f"sqlite:///{tmp_path}/new/mlflow.db", ["ab"])
    assert not (tmp_path / "new").exists()


def test_a_server_that_does_not_answer_is_named(dead: str) -> None:
    with pytest.raises(ConnectionError, match=rf"^{dead}: the tracking server does not answer"):
        runs_by_id(dead.replace("//", "//me:secret@"), ["ab"])


def test_what_is_no_store_is_refused() -> None:
    with pytest.raises(ArgumentError, match="uri=ftp://x: expected http"):
        runs_by_id("ftp://x", ["ab"])


def test_a_run_of_somebody_else_is_a_run() -> None:
    assert PastRun("n", "FINISHED", {}, {}, {}).is_training
    assert not PastRun("n", "FINISHED", {}, {"scratchlab.kind": "sweep"}, {}).is_training
