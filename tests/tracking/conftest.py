import shutil
import socket
import sqlite3
import urllib.request
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from scratchlab.tracking.store.uri import embedded_uri

with warnings.catch_warnings():
    # When it is imported, MLflow warns about its own type hints and database models.
    warnings.simplefilter("ignore")
    from scratchlab.tracking.publish.command import publish  # noqa: F401
    from scratchlab.tracking.store.client import SETTINGS, connect


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10):
            return True
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


Content = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a store without runs; making one takes seconds."""
    root = tmp_path_factory.mktemp("store")
    connect(embedded_uri(root))
    return root / "mlruns" / "mlflow.db"


@pytest.fixture
def database(tmp_path: Path, empty_store: Path) -> Path:
    """The file of a test's own embedded store."""
    database = tmp_path / "project" / "mlruns" / "mlflow.db"
    database.parent.mkdir(parents=True)
    shutil.copy(empty_store, database)
    return database


@pytest.fixture
def uri(database: Path) -> str:
    return f"sqlite:///{database}"


@pytest.fixture
def quick_to_give_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have MLflow behave in this process as it does in those that publish."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def dead(quick_to_give_up: None) -> str:
    """The URI of a server that is not there."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture
def content(database: Path) -> Callable[[], Content]:
    """What each table of the store holds, in full."""

    def content() -> Content:
        connection = sqlite3.connect(database)
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        content = {table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}
        connection.close()
        return content

    return content
