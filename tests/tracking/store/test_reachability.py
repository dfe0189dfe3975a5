import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scratchlab.tracking.store import reachability as module
from scratchlab.tracking.store.reachability import why_unreachable
from tests.tracking.conftest import free_port


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)


class Refusing(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(401)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """A server that answers everything with 401."""
    with http.server.HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_any_answer_is_an_answer(server: str) -> None:
    assert why_unreachable(server) is None
    assert why_unreachable(server.replace("//", "//me:secret@") + "/") is None


def test_one_that_is_not_there() -> None:
    assert why_unreachable(f"http://127.0.0.1:{free_port()}") == "Connection refused"


def test_one_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert why_unreachable(f"http://127.0.0.1:{mute.getsockname()[1]}") == "timed out"


def test_a_name_that_nobody_has() -> None:
    assert why_unreachable("http://nobody.invalid:5000") is not None


def test_a_name_that_takes_for_ever_to_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = threading.Event()

    def look_up(*_: object, **__: object) -> None:
        looked_up.wait(300)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert why_unreachable("http://slow.invalid:5000") == "timed out"
    looked_up.set()


def test_one_that_does_not_speak_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"SSH-2.0\r\n")

        threading.Thread(target=talk).start()
        assert why_unreachable(f"http://127.0.0.1:{server.getsockname()[1]}") is not None


def test_a_file_that_can_be_made_or_written(tmp_path: Path) -> None:
    assert why_unreachable(f"sqlite:///{tmp_path}/a/b/mlflow.db") is None
    (tmp_path / "mlflow.db").touch()
    assert why_unreachable(f"sqlite:///{tmp_path}/mlflow.db") is None


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "mlruns").touch()
    assert why_unreachable(f"sqlite:///{tmp_path}/mlruns/mlflow.db") == f"{tmp_path}/mlruns is no folder"


def test_a_file_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda place, mode: False)  # whoever is root may write everywhere
    assert why_unreachable(f"sqlite:///{tmp_path}/a/mlflow.db") == f"{tmp_path} cannot be written to"
