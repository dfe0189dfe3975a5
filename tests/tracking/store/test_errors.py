import socket
import threading

import pytest
from mlflow import MlflowClient

from scratchlab.tracking.store.errors import is_unreachable, reason


@pytest.fixture
def quick_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")


def error_of(uri: str) -> Exception:
    with pytest.raises(Exception, match=r".") as caught:
        MlflowClient(uri).get_experiment("1")
    return caught.value


@pytest.mark.usefixtures("quick_failure")
def test_a_server_that_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    error = error_of(f"http://127.0.0.1:{port}")
    assert is_unreachable(error)
    assert reason(error) == "the tracking server does not answer (Connection refused)"


@pytest.mark.usefixtures("quick_failure")
def test_a_server_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        error = error_of(f"http://127.0.0.1:{mute.getsockname()[1]}")
    assert is_unreachable(error)
    assert reason(error) == "the tracking server does not answer (timed out)"


@pytest.mark.usefixtures("quick_failure")
def test_a_server_that_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(1000)
            connection.close()

        threading.Thread(target=hang_up).start()
        error = error_of(f"http://127.0.0.1:{server.getsockname()[1]}")
    assert is_unreachable(error)
    assert reason(error) == (
        "the tracking server does not answer (Remote end closed connection without response)"
    )


@pytest.mark.usefixtures("quick_failure")
def test_a_name_that_nobody_has() -> None:
    error = error_of("http://nobody.invalid:5000")
    assert is_unreachable(error)
    assert reason(error).startswith("the tracking server does not answer (")


def test_an_answer_that_is_an_error_is_its_first_line() -> None:
    error = ValueError("no such thing\nand then a page of details")
    assert not is_unreachable(error)
    assert reason(error) == "no such thing"
    assert len(reason(ValueError("x" * 1000))) == 300
    assert reason(ValueError("no http://me:secret@host:1/a")) == "no http://host:1/a"
