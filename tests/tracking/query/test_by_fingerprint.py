import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scratchlab.tracking import EARLIER, FINGERPRINT, Fingerprint, PastRun, runs_by_fingerprint
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.records import End, Metrics, Status
from scratchlab.tracking.publish.follow import Publication
from scratchlab.tracking.query.by_fingerprint import possible
from scratchlab.tracking.store.client import connect
from tests.tracking.conftest import Content
from tests.tracking.runs import start_record


def of(*digests: str) -> list[Fingerprint]:
    return [Fingerprint(each) for each in digests]


pytestmark = pytest.mark.usefixtures("quick_to_give_up")


@pytest.fixture
def publish(tmp_path: Path, uri: str) -> Callable[..., str]:
    """Publishes a run and returns its id."""

    def publish(
        fingerprint: str,
        status: Status | None = Status.FINISHED,
        *,
        accuracy: float = 0.5,
        time_ms: int = 1,
        experiment: str = "mnist",
        tag: str = FINGERPRINT,
    ) -> str:
        folder = tmp_path / "outputs" / str(len(list(tmp_path.glob("outputs/*"))))
        journal = Journal(folder)
        start = replace(start_record(uri), experiment=experiment, time_ms=time_ms)
        journal.write(replace(start, tags={tag: fingerprint}))
        journal.write(Metrics(1, time_ms, {"val/accuracy": accuracy / 2}))
        journal.write(Metrics(2, time_ms, {"val/accuracy": accuracy}))
        if status is not None:
            journal.write(End(status, time_ms))
        journal.close()
        publication = Publication(folder)
        publication.advance()
        assert publication.published is not None
        return publication.published.run_id

    return publish


def test_what_is_known_of_a_signed_run(publish: Callable[..., str], uri: str, tmp_path: Path) -> None:
    run_id = publish("aa", accuracy=0.75)
    publish("bb")
    [(fingerprint, found)] = runs_by_fingerprint(uri, "mnist", of("aa", "cc")).items()
    assert found == PastRun(
        name="adam",
        status="FINISHED",
        params={"optimizer": "adam", "optimizer.lr": "0.001", "model.hidden": "[4, 5]"},
        tags=found.tags,  # MLflow adds its own
        metrics={"val/accuracy": 0.75},
        val_accuracy=[0.375, 0.75],
        run_id=run_id,
        folder=tmp_path / "outputs" / "0",
    )
    assert fingerprint == found.tags[FINGERPRINT] == "aa"
    assert found.score == 0.75


@pytest.mark.parametrize("status", [Status.FAILED, Status.KILLED, None])
def test_a_run_that_did_not_finish_counts_where_no_status_is_asked_for(
    publish: Callable[..., str], uri: str, status: Status | None
) -> None:
    other = publish("aa", status, time_ms=2)
    assert runs_by_fingerprint(uri, "mnist", of("aa"), status=Status.FINISHED) == {}
    finished = publish("aa", Status.FINISHED, time_ms=1)
    assert runs_by_fingerprint(uri, "mnist", of("aa"), status=Status.FINISHED)["aa"].run_id == finished
    assert runs_by_fingerprint(uri, "mnist", of("aa"))["aa"].run_id == other


def test_the_newest_of_equals_counts(publish: Callable[..., str], uri: str) -> None:
    _, newest, _ = [publish("aa", time_ms=time_ms) for time_ms in (2, 3, 1)]
    assert runs_by_fingerprint(uri, "mnist", of("aa"))["aa"].run_id == newest


def test_deleted_runs_and_other_experiments_do_not_count(publish: Callable[..., str], uri: str) -> None:
    deleted = publish("aa")
    connect(uri).delete_run(deleted)
    publish("bb", experiment="another")
    assert runs_by_fingerprint(uri, "mnist", of("aa", "bb")) == {}


def test_runs_from_before_version_0_2_are_found_by_the_digest_of_then(
    publish: Callable[..., str], uri: str
) -> None:
    before = publish("old", tag=EARLIER)
    wanted = [Fingerprint("1-new", earlier="old"), Fingerprint("1-another", earlier="older")]
    assert {digest: run.run_id for digest, run in runs_by_fingerprint(uri, "mnist", wanted).items()} == {
        "1-new": before
    }
    after = publish("1-new")
    assert runs_by_fingerprint(uri, "mnist", wanted)["1-new"].run_id == after


def test_what_does_not_exist_is_not_made(tmp_path: Path, uri: str, content: Callable[[], Content]) -> None:
    before = content()
    assert runs_by_fingerprint(uri, "mnist", of("aa")) == {}
    assert content() == before
    assert runs_by_fingerprint(f"sqlite:///{tmp_path}/new/mlflow.db", "mnist", of("aa")) == {}
    assert not (tmp_path / "new").exists()


def test_a_server_that_does_not_answer_is_named(dead: str) -> None:
    with pytest.raises(ConnectionError, match=rf"^{dead} cannot be reached \(Connection refused\)"):
        runs_by_fingerprint(dead.replace("//", "//me:secret@"), "mnist", of("aa"))


@pytest.mark.system
def test_a_database_without_the_fingerprints_is_not_worth_an_import_of_mlflow(
    publish: Callable[..., str], uri: str
) -> None:
    publish("aa")
    code = (
        "import sys; from scratchlab.tracking import Fingerprint, runs_by_fingerprint\n"
        f"print(len(runs_by_fingerprint({uri!r}, 'mnist', map(Fingerprint, sys.argv[1:]))), 'mlflow' in sys.modules)"
    )

    def found(*fingerprints: str) -> str:
        command = [sys.executable, "-c", code, *fingerprints]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert found("bb", "cc") == "0 False\n"
    assert found("bb", "aa") == "1 True\n"


def test_tables_that_are_not_as_expected_are_left_to_mlflow(
    publish: Callable[..., str], uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("aa")

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("no such table: tags")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    assert list(possible(Path(uri.removeprefix("sqlite:///")), of("aa", "bb"))) == of("aa", "bb")
