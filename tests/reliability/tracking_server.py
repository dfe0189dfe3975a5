"""A real `mlflow server` that can be killed and started again."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Self

from tests.polling import wait_until
from tests.tracking.conftest import answers, free_port


class TrackingServer:
    """An `mlflow server` over a database in a folder, on one port for as often as it is started."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait for its first answer."""
        command = [
            sys.executable,
            "-m",
            "mlflow",
            "server",
            "--backend-store-uri",
            f"sqlite:///{self.database}",
        ]
        command += ["--artifacts-destination", str(self.database.parent / "artifacts")]
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            start_new_session=True,
        )
        wait_until(lambda: answers(f"{self.uri}/health"))

    def kill(self) -> None:
        """Kill it and all its workers."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def losses(self) -> list[tuple[str, int]]:
        """The status of the run and the step of every loss in its database, in order."""
        with closing(sqlite3.connect(self.database)) as store:
            return store.execute(
                "SELECT status, step FROM runs JOIN metrics USING (run_uuid) WHERE key = 'loss' ORDER BY step"
            ).fetchall()

    def num_rows(self) -> int:
        """How many rows all tables have."""
        with closing(sqlite3.connect(self.database)) as store:
            tables = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return sum(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for (table,) in tables)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
