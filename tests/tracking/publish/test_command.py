from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from scratchlab.tracking import Published
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.records import End, Metrics, Status
from scratchlab.tracking.publish import command as module
from scratchlab.tracking.publish.command import follow, main, publish
from scratchlab.tracking.store.client import connect
from tests.polling import wait_until
from tests.tracking.conftest import Content
from tests.tracking.runs import start_record

pytestmark = pytest.mark.usefixtures("quick_to_give_up")


def record(folder: Path, uri: str, status: Status | None = Status.FINISHED) -> Journal:
    """Write the journal of a run that ended with `status`, or of one that goes on."""
    journal = Journal(folder)
    journal.write(replace(start_record(uri), name=folder.name))
    journal.write(Metrics(0, 0, {"loss": 0.5}))
    if status is not None:
        journal.write(End(status, 1))
    return journal


def statuses(uri: str) -> dict[str, str]:
    client = connect(uri)
    runs = client.search_runs([experiment.experiment_id for experiment in client.search_experiments()])
    return {run.info.run_name: run.info.status for run in runs}


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "outputs"


class TestPublish:
    def test_a_run_is_published_once(self, runs: Path, uri: str, content: Callable[[], Content]) -> None:
        record(runs / "a", uri).close()
        published = publish(runs / "a")
        assert (published.uri, published.status) == (uri, "FINISHED")
        before = content()
        assert publish(runs / "a") == published
        assert content() == before

    def test_what_there_is_of_a_run_that_goes_on(self, runs: Path, uri: str) -> None:
        record(runs / "a", uri, None).close()
        assert publish(runs / "a").status == "RUNNING"

    def test_to_another_store(self, runs: Path, uri: str) -> None:
        record(runs / "a", "http://switched-off:5000").close()
        assert publish(runs / "a", uri).uri == uri

    def test_a_run_that_was_killed_before_its_first_record(self, runs: Path) -> None:
        Journal(runs).close()
        with pytest.raises(ValueError, match="nothing was recorded"):
            publish(runs)


class TestCommand:
    def test_every_run_under_the_folders_in_one_line_each(
        self, runs: Path, uri: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        record(runs / "b", uri, Status.FAILED).close()
        record(runs / "sweep" / "0", uri).close()
        assert main([str(runs)]) == 0
        assert statuses(uri) == {"b": "FAILED", "0": "FINISHED"}
        first, second = capsys.readouterr().out.splitlines()
        link = Published.load(runs / "b")
        assert link is not None
        assert first == f"{runs}/b: FAILED {link.link}"
        assert second.startswith(f"{runs}/sweep/0: FINISHED http://127.0.0.1:5000/#/experiments/")

    def test_one_that_cannot_be_published_keeps_no_other_from_it(
        self, runs: Path, uri: str, dead: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        record(runs / "a", dead).close()
        record(runs / "b", uri).close()
        assert main([str(runs / "a"), str(runs / "b")]) == 1
        output = capsys.readouterr()
        assert output.err == (
            f"{runs}/a: not published, the tracking server does not answer (Connection refused)\n"
        )
        assert output.out.startswith(f"{runs}/b: FINISHED")
        assert main([str(runs), "--uri", uri]) == 0
        assert statuses(uri) == {"a": "FINISHED", "b": "FINISHED"}

    def test_a_folder_without_runs(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([str(tmp_path)]) == 1
        assert capsys.readouterr().err == f"no journal.jsonl under {tmp_path}\n"

    def test_no_folder(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main([])
        assert "name the folders with the runs, for example: outputs multirun" in capsys.readouterr().err


class TestFollow:
    def test_a_tree_of_runs_until_the_last_has_ended(self, runs: Path, uri: str) -> None:
        journals: list[Journal] = []

        def events() -> Iterator[bool]:
            assert not runs.exists()
            journals.append(record(runs / "0", uri, None))
            yield False
            assert statuses(uri) == {"0": "RUNNING"}
            record(runs / "1", uri, Status.FAILED).close()
            journals[0].write(End(Status.FINISHED, 2))
            yield False
            assert statuses(uri) == {"0": "FINISHED", "1": "FAILED"}
            record(runs / "2", uri).close()
            yield True

        happening = events()
        assert follow(runs, wait=lambda seconds: next(happening))
        assert statuses(uri) == {"0": "FINISHED", "1": "FAILED", "2": "FINISHED"}
        journals[0].close()

    def test_a_run_may_end_after_the_last_has_started(self, runs: Path, uri: str) -> None:
        journal = record(runs / "0", uri, None)
        with ThreadPoolExecutor() as other:
            followed = other.submit(follow, runs, wait=lambda seconds: True)
            wait_until(lambda: statuses(uri) == {"0": "RUNNING"})
            journal.write(End(Status.FINISHED, 2))
            assert followed.result()
        assert statuses(uri) == {"0": "FINISHED"}
        journal.close()

    def test_a_sweep_is_complete_when_the_last_of_its_runs_is(self, runs: Path, uri: str) -> None:
        parent = replace(start_record(uri), name="sweep", run_uuid="ab")
        journals = {folder: Journal(folder) for folder in (runs, runs / "0", runs / "1")}
        journals[runs].write(parent)
        for name in ("0", "1"):
            journals[runs / name].write(replace(start_record(uri), name=name, parent="ab"))
        journals[runs].write(End(Status.FINISHED, 2))
        journals[runs / "0"].write(End(Status.FINISHED, 1))
        with ThreadPoolExecutor() as other:
            followed = other.submit(follow, runs, wait=lambda seconds: True)
            wait_until(lambda: statuses(uri) == {"sweep": "FINISHED", "0": "FINISHED", "1": "RUNNING"})
            assert not followed.done()
            journals[runs / "1"].write(End(Status.FAILED, 2))
            assert followed.result()
        assert statuses(uri) == {"sweep": "FINISHED", "0": "FINISHED", "1": "FAILED"}
        for journal in journals.values():
            journal.close()

    def test_a_dead_server_is_named_once_and_given_up(
        self, runs: Path, dead: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.5)
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.1)
        record(runs / "0", dead).close()
        record(runs / "1", dead).close()
        over = iter([False, False, True])
        assert not follow(runs, wait=lambda seconds: next(over))
        problem = "the tracking server does not answer (Connection refused)"
        assert [message for message in caplog.messages if problem in message] == [f"{runs}/0: {problem}"]

    def test_one_damaged_journal_keeps_no_other_from_being_published(
        self, runs: Path, uri: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.0)
        (runs / "0").mkdir(parents=True)
        (runs / "0" / "journal.jsonl").write_text("nonsense\n")
        record(runs / "1", uri).close()
        assert not follow(runs, wait=lambda seconds: True)
        assert statuses(uri) == {"1": "FINISHED"}
        assert "expected a record of a journal, found b'nonsense'" in caplog.text
