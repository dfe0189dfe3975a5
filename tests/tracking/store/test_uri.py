from pathlib import Path

import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.tracking.store.uri import (
    absolute_uri,
    artifacts_folder,
    embedded_uri,
    sqlite_file,
    with_credentials,
    without_credentials,
)

SERVER = "http://127.0.0.1:5000"


def test_the_embedded_store_is_in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert embedded_uri(Path()) == f"sqlite:///{tmp_path}/mlruns/mlflow.db"
    file = sqlite_file(embedded_uri(Path()))
    assert file == tmp_path / "mlruns" / "mlflow.db"
    assert artifacts_folder(file) == tmp_path / "mlruns" / "artifacts"


def test_a_server_has_no_file() -> None:
    assert sqlite_file(SERVER) is None


def test_a_relative_file_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute_uri("sqlite:///runs.db") == f"sqlite:///{tmp_path}/runs.db"


@pytest.mark.parametrize("uri", ["sqlite:////a/runs.db", SERVER, "https://h"])
def test_what_is_absolute_stays(uri: str) -> None:
    assert absolute_uri(uri) == uri


@pytest.mark.parametrize("uri", ["", "mlruns", "file:///mlruns", "localhost:5000", "postgresql://h/runs"])
def test_what_mlflow_cannot_store_runs_in_is_refused(uri: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        absolute_uri(uri)
    assert (
        str(caught.value) == f"uri={uri}: expected http://HOST:PORT of an MLflow server, or sqlite:///FILE.db"
    )


def test_a_refusal_does_not_repeat_a_password() -> None:
    with pytest.raises(ArgumentError, match=r"^uri=ftp://host: expected http://HOST:PORT"):
        absolute_uri("ftp://me:secret@host")


def test_a_folder_that_is_no_part_of_a_uri_is_refused() -> None:
    with pytest.raises(
        ArgumentError, match=r"^uri=sqlite:////a%20b/runs.db: expected a folder without % and \?"
    ):
        absolute_uri("sqlite:////a%20b/runs.db")


@pytest.mark.parametrize(
    ("uri", "clean"),
    [
        ("http://me:secret@host:5000/mlflow", "http://host:5000/mlflow"),
        ("http://me@host", "http://host"),
        ("https://me:p@ss@host/mlflow", "https://host/mlflow"),
        (SERVER, SERVER),
        ("sqlite:////a@b/runs.db", "sqlite:////a@b/runs.db"),
    ],
)
def test_credentials_are_taken_out(uri: str, clean: str) -> None:
    assert without_credentials(uri) == clean


def test_credentials_come_back_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://me:secret@host:5000")
    assert with_credentials("http://host:5000") == "http://me:secret@host:5000"
    assert with_credentials("http://other:5000") == "http://other:5000"
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert with_credentials("http://host:5000") == "http://host:5000"
