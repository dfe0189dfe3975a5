from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from scratchlab.processes.process import Process
from scratchlab.tracking import Published
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.records import End, Metrics, Model, Resumed, Start, Status, Tag
from scratchlab.tracking.publish.follow import Publication
from scratchlab.tracking.store.client import connect
from tests.tracking.conftest import Content
from tests.tracking.runs import start_record, write_network

PARENT = "mlflow.parentRunId"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def journal(folder: Path) -> Journal:
    return Journal(folder)


@pytest.fixture
def start(uri: str) -> Start:
    return start_record(uri)


def history(client: MlflowClient, run_id: str, name: str) -> list[tuple[int, float]]:
    return [(metric.step, metric.value) for metric in client.get_metric_history(run_id, name)]


def test_a_run_is_carried_over_as_it_grows(folder: Path, journal: Journal, start: Start, uri: str) -> None:
    publication = Publication(folder)
    publication.advance()
    assert publication.published is None, "nothing is recorded yet"

    journal.write(start)
    journal.write(Metrics(0, 10, {"loss": 2.5}))
    publication.advance()
    published = publication.published
    assert published is not None
    assert (published.uri, published.status, publication.is_complete) == (uri, "RUNNING", False)
    assert Published.load(folder) == published
    client = connect(uri)
    assert history(client, published.run_id, "loss") == [(0, 2.5)]

    for step in range(1, 2500):
        journal.write(Metrics(step, 10 + step, {"loss": 1 / step}))
        if step == 1000:
            journal.write(Tag("note", "in between"))
    journal.write(End(Status.FINISHED, 5000))
    journal.close()
    publication.advance()
    assert publication.is_complete
    assert Published.load(folder) == replace(published, status="FINISHED")
    run = client.get_run(published.run_id)
    assert (run.info.status, run.info.end_time, run.data.tags["note"]) == ("FINISHED", 5000, "in between")
    assert history(client, published.run_id, "loss") == [(0, 2.5)] + [
        (step, 1 / step) for step in range(1, 2500)
    ]


def test_publishing_again_changes_nothing(
    folder: Path, journal: Journal, start: Start, content: Callable[[], Content]
) -> None:
    journal.write(start)
    for step in range(1500):
        journal.write(Metrics(step, step, {"loss": step / 3}))
    Publication(folder).advance()
    before = content()
    assert len(before["metrics"]) == 1500
    Publication(folder).advance()  # the run goes on, so everything is sent again
    assert content() == before
    journal.write(End(Status.FAILED, 2000))
    journal.close()
    Publication(folder).advance()
    ended = content()
    assert ended["metrics"] == before["metrics"]
    assert ended["runs"] != before["runs"]
    Publication(folder).advance()
    assert content() == ended


def test_a_run_that_is_complete_costs_no_more_than_a_look(
    folder: Path, journal: Journal, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.write(start)
    journal.write(Metrics(0, 0, {"loss": 1.0}))
    journal.write(End(Status.FINISHED, 1))
    journal.close()
    Publication(folder).advance()
    for name in ("log_batch", "create_run", "set_terminated", "set_tag"):
        monkeypatch.delattr(MlflowClient, name)
    again = Publication(folder)
    again.advance()
    assert again.is_complete
    assert again.published == Published.load(folder)


def test_a_killed_run_has_every_record_and_the_time_of_the_last(
    folder: Path, journal: Journal, start: Start, uri: str, content: Callable[[], Content]
) -> None:
    journal.write(replace(start, process_started="an earlier boot/1"))
    for step in range(10):
        journal.write(Metrics(step, start.time_ms + step, {"loss": 1.0}))
    journal.close()
    publication = Publication(folder)
    publication.advance()
    assert publication.published is not None
    assert publication.published.status == "KILLED"
    run = connect(uri).get_run(publication.published.run_id)
    assert (run.info.status, run.info.end_time) == ("KILLED", start.time_ms + 9)
    before = content()
    assert len(before["metrics"]) == 10
    Publication(folder).advance()
    assert content() == before


@pytest.mark.parametrize("failures", range(1, 8))
def test_after_any_failure_it_goes_on_where_it_was(
    folder: Path, journal: Journal, start: Start, uri: str, failures: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to one request after the other is lost; what was asked for has been done."""
    journal.write(start)
    journal.write(Metrics(0, 0, {"loss": 1.0}))
    journal.write(Tag("note", "a"))
    journal.write(Metrics(1, 1, {"loss": 0.5}))
    journal.write(End(Status.FINISHED, 2))
    journal.close()
    remaining = failures

    def losing(request: Callable[..., object]) -> Callable[..., object]:
        def lose(*arguments: object, **options: object) -> object:
            nonlocal remaining
            answer = request(*arguments, **options)
            remaining -= 1
            if remaining >= 0:
                raise MlflowException("the answer was lost")
            return answer

        return lose

    for name in ("create_experiment", "create_run", "log_batch", "set_tag", "set_terminated"):
        monkeypatch.setattr(MlflowClient, name, losing(getattr(MlflowClient, name)))
    publication = Publication(folder)
    for _ in range(failures):
        with pytest.raises(MlflowException, match="the answer was lost"):
            publication.advance()
        assert not publication.is_complete
    publication.advance()
    assert publication.is_complete
    client = connect(uri)
    assert publication.published is not None
    (run,) = client.search_runs([publication.published.experiment_id])
    assert run.info.status == "FINISHED"
    assert history(client, run.info.run_id, "loss") == [(0, 1.0), (1, 0.5)]


def write_sweep(folder: Path, uri: str) -> Path:
    """Write the journals of a parent in `folder` and of its child below; return the child's folder."""
    parent = replace(start_record(uri), name="sweep", run_uuid="ab")
    child = replace(start_record(uri), name="child", parent="ab")
    for place, start in ((folder, parent), (folder / "runs" / "0", child)):
        journal = Journal(place)
        journal.write(start)
        journal.write(End(Status.FINISHED, 1))
        journal.close()
    return folder / "runs" / "0"


def parents(uri: str) -> dict[str, str | None]:
    """The name of the parent of each run in MLflow."""
    client = connect(uri)
    runs = client.search_runs([experiment.experiment_id for experiment in client.search_experiments()])
    names = {run.info.run_id: run.info.run_name for run in runs}
    return {
        run.info.run_name: names[run.data.tags[PARENT]] if PARENT in run.data.tags else None for run in runs
    }


@pytest.mark.parametrize("parent_first", [True, False])
def test_a_child_is_shown_under_its_parent_whichever_is_published_first(
    folder: Path, uri: str, content: Callable[[], Content], parent_first: bool
) -> None:
    child = write_sweep(folder, uri)
    order = [folder, child] if parent_first else [child, folder]
    Publication(order[0]).advance()
    assert parents(uri) == ({"sweep": None} if parent_first else {"sweep": None, "child": "sweep"})
    Publication(order[1]).advance()
    assert parents(uri) == {"sweep": None, "child": "sweep"}
    before = content()
    for place in order:
        Publication(place).advance()
    assert content() == before


def test_a_parent_follows_its_child_into_another_store(
    folder: Path, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = write_sweep(folder, "http://switched-off:5000")
    monkeypatch.chdir(child.parent)
    Publication(Path("0"), uri).advance()
    assert parents(uri) == {"sweep": None, "child": "sweep"}


def test_a_child_that_was_taken_away_finds_its_parent_in_mlflow(
    folder: Path, tmp_path: Path, uri: str
) -> None:
    child = write_sweep(folder, uri)
    Publication(folder).advance()
    Publication(child.rename(tmp_path / "moved")).advance()
    assert parents(uri) == {"sweep": None, "child": "sweep"}


def test_a_child_without_its_parent_is_published_on_its_own(
    folder: Path, tmp_path: Path, uri: str, caplog: pytest.LogCaptureFixture
) -> None:
    child = write_sweep(folder, uri).rename(tmp_path / "moved")
    other = Journal(tmp_path)  # a run in a folder above, but not the parent
    other.write(start_record(uri))
    other.close()
    Publication(child).advance()
    assert parents(uri) == {"child": None}
    assert caplog.messages == [f"{child}: its parent is in no folder above, so it is published without"]


def test_a_run_can_be_published_elsewhere(
    folder: Path, journal: Journal, uri: str, content: Callable[[], Content]
) -> None:
    journal.write(start_record("http://a-server-that-was-switched-off:5000"))
    journal.write(End(Status.FINISHED, 1))
    journal.close()
    publication = Publication(folder, uri)
    publication.advance()
    assert publication.is_complete
    assert len(content()["runs"]) == 1


def test_credentials_are_used_and_not_written_down(
    folder: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://me:secret@host:5000")
    used = []

    def no_store(uri: str) -> MlflowClient:
        used.append(uri)
        raise ConnectionRefusedError

    monkeypatch.setattr("scratchlab.tracking.publish.follow.connect", no_store)
    journal.write(start_record("http://host:5000"))
    with pytest.raises(ConnectionRefusedError):
        Publication(folder).advance()
    assert used == ["http://me:secret@host:5000"]
    assert all("secret" not in file.read_text() for file in folder.iterdir())


def test_nothing_is_made_where_the_publisher_happens_to_run(
    folder: Path, journal: Journal, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    write_network(folder / "model")
    journal.write(start)
    journal.write(Model("model"))
    journal.write(End(Status.FINISHED, 1))
    journal.close()
    Publication(folder).advance()
    assert not list(elsewhere.iterdir())


class TestResumedRun:
    @pytest.fixture
    def killed(self, journal: Journal, start: Start) -> None:
        """A run that was killed at time 10."""
        journal.write(replace(start, process_started="an earlier boot/1", time_ms=5))
        journal.write(Metrics(1, 10, {"loss": 1.0}))
        journal.close()

    @staticmethod
    def resume(folder: Path) -> Journal:
        process, journal = Process.current(), Journal.reopen(folder)
        journal.write(Resumed(process.host, process.pid, process.started, 20))
        return journal

    @pytest.mark.parametrize("live", [True, False])
    def test_it_is_the_same_run_running_again_and_then_at_its_new_end(
        self, folder: Path, killed: None, uri: str, live: bool
    ) -> None:
        first = Publication(folder)
        first.advance()
        assert first.published is not None
        run_id, client = first.published.run_id, connect(uri)
        info = client.get_run(run_id).info
        assert (info.status, info.end_time) == ("KILLED", 10)

        journal = self.resume(folder)
        journal.write(Metrics(2, 25, {"loss": 0.5}))
        again = first if live else Publication(folder)
        again.advance()
        assert not again.is_complete
        assert again.published == Published.load(folder) == replace(first.published, status="RUNNING")
        info = client.get_run(run_id).info
        assert (info.status, info.start_time) == ("RUNNING", 5)

        journal.write(End(Status.FINISHED, 30))
        journal.close()
        last = again if live else Publication(folder)
        last.advance()
        assert last.is_complete
        info = client.get_run(run_id).info
        assert (info.status, info.end_time, info.start_time) == ("FINISHED", 30, 5)
        assert history(client, run_id, "loss") == [(1, 1.0), (2, 0.5)]
        assert len(client.search_runs([last.published.experiment_id])) == 1  # type: ignore[union-attr]

    def test_publishing_it_again_changes_nothing(
        self, folder: Path, killed: None, content: Callable[[], Content]
    ) -> None:
        failed = self.resume(folder)
        failed.write(End(Status.FAILED, 30))
        failed.close()
        journal = self.resume(folder)
        Publication(folder).advance()
        running = content()
        Publication(folder).advance()
        assert content() == running
        journal.write(End(Status.FINISHED, 40))
        journal.close()
        Publication(folder).advance()
        ended = content()
        assert ended != running
        Publication(folder).advance()
        assert content() == ended

    def test_from_scratch_it_is_what_it_is_live(self, folder: Path, killed: None, tmp_path: Path) -> None:
        """A run of which nothing was published before its new end."""
        journal = self.resume(folder)
        journal.write(Metrics(2, 25, {"loss": 0.5}))
        journal.write(End(Status.FINISHED, 30))
        journal.close()
        publication = Publication(folder)
        publication.advance()
        assert publication.is_complete
        assert publication.published is not None
        client = connect(publication.published.uri)
        info = client.get_run(publication.published.run_id).info
        assert (info.status, info.end_time, info.start_time) == ("FINISHED", 30, 5)
        assert history(client, info.run_id, "loss") == [(1, 1.0), (2, 0.5)]
