"""MLflow's pages for the embedded store of a project, on this machine only.

    python -m scratchlab.tracking.upkeep.server [--port 5000]

in the project's folder; Ctrl-C ends it.
"""

import argparse
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from scratchlab.processes.signals import Terminated, signals_as_exceptions
from scratchlab.tracking.store.database import find_artifacts
from scratchlab.tracking.store.links import experiment_link
from scratchlab.tracking.store.uri import artifacts_folder, embedded_uri, sqlite_file

HOST = "127.0.0.1"
LOG = "server.log"
PR_SET_PDEATHSIG = 1
"""From Linux's <sys/prctl.h>."""


def serve(root: Path, port: int) -> int:
    """Show the runs of the project in `root` until Ctrl-C; return the exit code where it ends otherwise."""
    if _is_taken(port):
        return _fail(
            f'port {port} is in use: end what uses it, or take another one: make ui ARGS="--port {port + 1}"'
        )
    uri = embedded_uri(root)
    database = sqlite_file(uri)
    assert database is not None
    if not database.exists():
        from scratchlab.tracking.store.client import connect  # MLflow takes seconds that no later start needs

        connect(uri)
    find_artifacts(database)
    log = database.parent / LOG
    server = _start(uri, database, port, log)
    try:
        if _answers(server, port):
            _print_links(f"http://{HOST}:{port}")
            _mend_stale_runs(uri, log)
            server.wait()
        return _fail(f"the server has ended; {log} says why")
    finally:
        server.terminate()
        server.wait()


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _start(uri: str, database: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start `mlflow server` in a session of its own, so that Ctrl-C reaches it once, through this process."""
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", uri]
    command += ["--host", HOST, "--port", str(port), "--workers", "1"]
    # Experiments made through this server are like those that runs make: clients write the artifacts themselves.
    command += ["--no-serve-artifacts", "--default-artifact-root", artifacts_folder(database).as_uri()]
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            start_new_session=True,
            preexec_fn=partial(_end_with, os.getpid()),
        )


def _end_with(parent: int) -> None:
    """Have Linux end this process, the server to be, if its parent is killed; elsewhere it would hold the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it was killed before this was asked for
            os.kill(os.getpid(), signal.SIGKILL)


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    """Wait for the server's first answer; return False if it ends instead."""
    while server.poll() is None:
        try:
            with urlopen(f"http://{HOST}:{port}/health", timeout=1):
                return True
        except (OSError, HTTPException):
            time.sleep(0.1)
    return False


def _print_links(base: str) -> None:
    """Print the address of each experiment's runs; of the default one only where there is no other."""
    query = Request(
        f"{base}/api/2.0/mlflow/experiments/search",
        data=json.dumps({"max_results": 1000}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(query, timeout=30) as answer:
        experiments = json.load(answer)["experiments"]
    made = [experiment for experiment in experiments if experiment["experiment_id"] != "0"]
    for experiment in made or experiments:
        print(f"{experiment['name']}: {experiment_link(base, experiment['experiment_id'])}", flush=True)
    print("Ctrl-C ends the server.", flush=True)


def _mend_stale_runs(uri: str, log: Path) -> None:
    """Have another process do it: MLflow takes seconds to import, and memory while the server goes on."""
    code = "import sys; from scratchlab.tracking.upkeep.stale import mend_stale_runs; mend_stale_runs(sys.argv[1])"
    with log.open("ab") as output:
        subprocess.run([sys.executable, "-c", code, uri], stdout=output, stderr=output, check=False)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scratchlab.tracking.upkeep.server",
        description="Show a project's runs in MLflow, on this machine only. Ctrl-C ends it.",
    )
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the project, if not here")
    options = parser.parse_args(arguments)
    try:
        with signals_as_exceptions():
            return serve(options.root, options.port)
    except (KeyboardInterrupt, Terminated):
        return 0


if __name__ == "__main__":
    sys.exit(main())
