import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from scratchlab.data.files import download

Answer = Callable[[BaseHTTPRequestHandler], None]


class Mirror:
    """A web server on this machine: what it answers to a path is set by the test."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.closing = Event()
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.requests.append(self.path)
                if self.path in mirror.answers:
                    mirror.answers[self.path](self)
                else:
                    self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def send(self, content: bytes, *, announced_bytes: int | None = None) -> Answer:
        """Answer with `content`; where more is announced, break off after it."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            length = len(content) if announced_bytes is None else announced_bytes
            handler.send_header("Content-Length", str(length))
            handler.end_headers()
            handler.wfile.write(content)

        return answer

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Accept the connection and never answer."""
        self.closing.wait()

    def stop_halfway(self, handler: BaseHTTPRequestHandler) -> None:
        """Send more than fits into anybody's buffer, and no more, but stay."""
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(bytes(1 << 20))
        self.closing.wait()

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a byte now and then, for ever."""
        handler.send_response(200)
        handler.end_headers()
        while not self.closing.is_set():
            try:
                handler.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.01)


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests put data where they are looked for without SCRATCHLAB_DATA, which whoever runs them may have set."""
    monkeypatch.delenv("SCRATCHLAB_DATA", raising=False)


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    mirror = Mirror()
    thread = Thread(target=mirror.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield mirror
    mirror.closing.set()
    mirror.server.shutdown()
    mirror.server.server_close()
    thread.join()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr(download, "TOTAL_SECONDS", 0.3)
