"""A proxy between a client and a tracking server that loses answers: what was asked for is done, but nobody is told."""

import re
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

IDS = re.compile(r"(m-)?[0-9a-f]{32}|(?<=/)\d+(?=/|$)|(?<=/mlflow-artifacts/artifacts/).*")
HOP = ("connection", "transfer-encoding", "keep-alive", "content-length", "host", "content-encoding")


class LossyProxy:
    """Passes on every request to the server on `port`.

    Args:
        port: of the server.
        loses: tells of an endpoint (`POST /api/2.0/mlflow/runs/create`) whether the first answer of it is lost.

    Attributes:
        endpoints: those that were asked, in order.
        lost: those of which an answer was lost.
    """

    def __init__(self, port: int, loses: Callable[[str], bool]) -> None:
        self.endpoints: list[str] = []
        self.lost: set[str] = set()
        self._server_port = port
        self._loses = loses

        def handle(handler: BaseHTTPRequestHandler) -> None:
            self._pass_on(handler)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 2  # that an idle connection is kept open, so that its thread ends
            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle  # noqa: N815

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._listener.server_port
        self.uri = f"http://127.0.0.1:{self.port}"

    def _pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in HOP}
        server = HTTPConnection("127.0.0.1", self._server_port, timeout=120)
        server.request(handler.command, handler.path, body, headers)
        answer = server.getresponse()
        content = answer.read()
        server.close()
        endpoint = f"{handler.command} {IDS.sub('*', handler.path.partition('?')[0])}"
        self.endpoints.append(endpoint)
        if endpoint not in self.lost and self._loses(endpoint):
            self.lost.add(endpoint)
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def __enter__(self) -> Self:
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown()
        self._listener.server_close()
