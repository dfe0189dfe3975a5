"""The process that publishes runs while they are made, seen from the process that makes them."""

import os
import subprocess
import sys
from pathlib import Path

from scratchlab.tracking.store.uri import with_credentials

LOG = "publisher.log"
PROCESS = Path(__file__).with_name("worker.py")


class Publisher:
    """Publishes every run under a folder, from now until `close` or the end of this process.

    It is a process of its own, because importing MLflow takes seconds and a server may take longer, and in a
    session of its own, because Ctrl-C ends the training and not the report of how it ended. What it has to say
    goes to `publisher.log` in the folder.

    A pipe ties it to this process: its end is the sign that nothing more will come, whether `close` or
    `kill -9` ended it.
    """

    def __init__(self, folder: Path, *, uri: str) -> None:
        # As a file, without the folder of that in the search path: the packages around it wait for their turn.
        command = [sys.executable, "-P", str(PROCESS), str(folder)]
        # Credentials go through the environment: no journal holds them, and nobody else can read it.
        environment = os.environ | {"MLFLOW_TRACKING_URI": with_credentials(uri)}
        with (folder / LOG).open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )

    def close(self, *, timeout_seconds: float) -> bool:
        """Wait until all is published, or given up, or the time is over (it then goes on by itself).

        Return whether MLflow has everything that was recorded under the folder.
        """
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            return self._process.wait(timeout_seconds) == 0
        except subprocess.TimeoutExpired:
            return False
