import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from mlflow.entities import ViewType

from scratchlab.tracking.store.client import SETTINGS, connect, experiment_id, set_up_mlflow
from scratchlab.tracking.store.uri import embedded_uri

FOUR_AT_ONCE = """
import os
import sys
from scratchlab.tracking.store.client import connect, experiment_id

children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        client = connect(sys.argv[1])
        run = client.create_run(experiment_id(client, "mnist"))
        client.log_metric(run.info.run_id, "loss", 0.5)
        client.set_terminated(run.info.run_id)
        os._exit(0)
    children.append(child)
sys.exit(sum(os.waitpid(child, 0)[1] for child in children))
"""


def runs_of(uri: str) -> list[str]:
    client = connect(uri)
    ids = [experiment.experiment_id for experiment in client.search_experiments()]
    return [run.info.status for run in client.search_runs(ids) if run.data.metrics == {"loss": 0.5}]


@pytest.mark.system
def test_four_processes_make_one_store_and_one_experiment(tmp_path: Path) -> None:
    uri = embedded_uri(tmp_path)
    subprocess.run([sys.executable, "-c", FOUR_AT_ONCE, uri], check=True)
    assert runs_of(uri) == ["FINISHED"] * 4
    assert [experiment.name for experiment in connect(uri).search_experiments()] == ["mnist", "Default"]


def test_the_database_appears_complete_and_with_a_write_ahead_log(empty_store: Path) -> None:
    assert not list(empty_store.parent.glob("*.new*"))
    connection = sqlite3.connect(empty_store)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_what_an_interrupted_start_left_behind_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "mlruns"
    folder.mkdir()
    (folder / "mlflow.db.new").write_bytes(b"half a database")
    (folder / "mlflow.db.new-journal").write_bytes(b"half a journal")
    (folder / "mlflow.db").touch()
    connect(embedded_uri(tmp_path))
    assert not list(folder.glob("*.new*"))
    assert runs_of(embedded_uri(tmp_path)) == []


def test_an_experiment_is_made_once_and_shown_as_training(uri: str, database: Path) -> None:
    client = connect(uri)
    identity = experiment_id(client, "mnist, wide/deep")
    assert experiment_id(client, "mnist, wide/deep") == identity
    experiment = client.get_experiment(identity)
    assert experiment.tags == {"mlflow.experimentKind": "custom_model_development"}
    assert experiment.artifact_location == (database.parent / "artifacts" / "mnist%2C wide%2Fdeep").as_uri()


def test_an_experiment_that_another_process_makes_in_between_is_found(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connect(uri)
    identity = experiment_id(client, "mnist")
    look, looks = client.get_experiment_by_name, iter([False, True])
    monkeypatch.setattr(client, "get_experiment_by_name", lambda name: look(name) if next(looks) else None)
    assert experiment_id(client, "mnist") == identity


def test_a_deleted_experiment_is_an_error_with_the_way_out(uri: str) -> None:
    client = connect(uri)
    identity = experiment_id(client, "mnist")
    client.delete_experiment(identity)
    with pytest.raises(
        ValueError, match=f"mnist was deleted in MLflow; .*--experiment-id {identity}` brings it"
    ):
        experiment_id(client, "mnist")
    assert len(client.search_experiments(ViewType.DELETED_ONLY)) == 1


def test_a_folder_with_odd_characters(tmp_path: Path, empty_store: Path) -> None:
    root = tmp_path / "a b#ü"
    (root / "mlruns").mkdir(parents=True)
    shutil.copy(empty_store, root / "mlruns" / "mlflow.db")
    client = connect(embedded_uri(root))
    run = client.create_run(experiment_id(client, "mnist"))
    client.log_text(run.info.run_id, "hello", "note.txt")
    assert [file.read_text() for file in root.rglob("note.txt")] == ["hello"]


def test_what_the_user_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.setenv(name, "the user's")
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT")
    set_up_mlflow()
    assert {name: os.environ[name] for name in SETTINGS} == {
        "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "the user's",
        "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "the user's",
    }


def test_a_store_that_was_moved_finds_its_artifacts(tmp_path: Path, empty_store: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new place"
    (old / "mlruns").mkdir(parents=True)
    shutil.copy(empty_store, old / "mlruns" / "mlflow.db")
    client = connect(embedded_uri(old))
    run = client.create_run(experiment_id(client, "mnist, wide/deep")).info.run_id
    client.log_text(run, "hello", "note.txt")
    elsewhere = client.create_experiment("elsewhere", (tmp_path / "far" / "away").as_uri())
    old.rename(new)
    client = connect(embedded_uri(new))
    assert Path(client.download_artifacts(run, "note.txt")).read_text() == "hello"
    another = client.create_run(experiment_id(client, "mnist, wide/deep")).info.run_id
    client.log_text(another, "hello", "note.txt")
    assert not old.exists()
    assert client.get_experiment(elsewhere).artifact_location == (tmp_path / "far" / "away").as_uri()
