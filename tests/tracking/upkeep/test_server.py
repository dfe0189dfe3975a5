"""The real server; it takes seconds to start, so that all tests share one."""

import math
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from mlflow.entities import LoggedModelStatus

from scratchlab.processes.process import started
from scratchlab.tracking import open_run
from scratchlab.tracking.publish.command import publish
from scratchlab.tracking.store.client import connect, experiment_id
from scratchlab.tracking.store.uri import embedded_uri
from scratchlab.tracking.upkeep import server as module
from scratchlab.tracking.upkeep.server import main
from tests.polling import wait_until
from tests.tracking.conftest import free_port
from tests.tracking.runs import write_network

pytestmark = pytest.mark.system

QUERY = "workflowType=machine_learning"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")


@dataclass
class Ui:
    process: "subprocess.Popen[str]"
    port: int
    lines: list[str]

    @property
    def link(self) -> str:
        return self.lines[0].partition(": ")[2]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """A project with one run."""
    root = tmp_path_factory.mktemp("project")
    (root / "mlruns").mkdir()
    shutil.copy(empty_store, root / "mlruns" / "mlflow.db")
    client = connect(embedded_uri(root))
    run = client.create_run(experiment_id(client, "mnist"), run_name="adam with 500")
    client.log_text(run.info.run_id, "the result in words", "report.txt")
    client.set_terminated(run.info.run_id)
    return root


@pytest.fixture(scope="module")
def ui(root: Path) -> Iterator[Ui]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "scratchlab.tracking.upkeep.server",
        "--port",
        str(port),
        "--root",
        str(root),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Ui(process, port, [process.stdout.readline().rstrip() for _ in range(2)])
        process.kill()


def server_of(pid: int) -> int | None:
    """The process of MLflow's server that another one has started, as soon as it is one."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(FileNotFoundError, ProcessLookupError):  # another child may end meanwhile
            if b"mlflow" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    return None


def test_it_prints_the_way_to_the_runs(ui: Ui) -> None:
    base = f"http://127.0.0.1:{ui.port}"
    assert ui.lines == [f"mnist: {base}/#/experiments/1/runs?{QUERY}", "Ctrl-C ends the server."]


def test_it_is_there_for_this_machine_only(ui: Ui) -> None:
    with pytest.raises(OSError, match=r"refused|assign"):  # it would answer if it listened on every address
        socket.create_connection(("127.0.0.2", ui.port))
    request = urllib.request.Request(
        f"http://127.0.0.1:{ui.port}/ajax-api/2.0/mlflow/experiments/search", headers={"Host": "evil.example"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)


def test_a_busy_port_is_one_sentence_with_the_way_out(ui: Ui, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", str(ui.port)]) == 1
    assert capsys.readouterr().err == (
        f"port {ui.port} is in use: end what uses it, or take another one: "
        f'make ui ARGS="--port {ui.port + 1}"\n'
    )


@linux_only
def test_kill_9_leaves_no_server_behind(root: Path) -> None:
    command = [sys.executable, "-m", "scratchlab.tracking.upkeep.server", "--port", str(free_port())]
    with subprocess.Popen([*command, "--root", str(root)], stdout=subprocess.DEVNULL) as process:
        server = wait_until(lambda: server_of(process.pid))
        assert server is not None
        process.kill()
    wait_until(lambda: started(server) is None)


KILLED_EARLY = """
import os, pathlib, signal, sys, time
from scratchlab.tracking.upkeep import server
def late(parent, end_with=server._end_with):
    print(os.getpid(), flush=True)  # into the server's log
    os.kill(parent, signal.SIGKILL)
    while os.getppid() == parent:
        time.sleep(0.01)
    end_with(parent)

server._end_with = late
server.serve(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
"""


@linux_only
def test_kill_9_leaves_none_behind_either_while_it_is_started(root: Path) -> None:
    command = [sys.executable, "-c", KILLED_EARLY, str(root), str(free_port())]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    server = int((root / "mlruns" / "server.log").read_text())
    wait_until(lambda: started(server) is None)


def test_a_server_that_ends_by_itself_leaves_its_log(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "_start", lambda *_: subprocess.Popen([sys.executable, "-c", ""]))
    assert main(["--port", str(free_port()), "--root", str(root)]) == 1
    assert capsys.readouterr().err == f"the server has ended; {root}/mlruns/server.log says why\n"


def test_a_run_can_be_published_through_it(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    uri = f"http://127.0.0.1:{ui.port}"
    run = open_run(
        tmp_path, experiment="through it", name="a", uri=uri, params={"lr": 1.0}, tags={}, live=False
    )
    with run:
        run.log_metrics({"loss": math.nan, "bound": -math.inf, "acc@5": 0.5}, step=3)
        run.log_artifact("report.md", lambda place: place.write_text("in words"))
        run.log_dataset(name="toy", digest="ab" * 32, source="/data", num_train=5, num_val=1, num_test=1)
        run.log_model(write_network(tmp_path / "model"))
    published = publish(tmp_path)
    assert publish(tmp_path) == published
    client = connect(uri)
    (made,) = client.search_runs([published.experiment_id])
    assert (made.info.run_id, made.info.status) == (published.run_id, "FINISHED")
    assert math.isnan(made.data.metrics.pop("loss"))
    assert made.data.metrics == {"bound": -sys.float_info.max, "acc_5": 0.5}
    assert [file.path for file in client.list_artifacts(published.run_id)] == ["report.md"]
    (model,) = client.search_logged_models([published.experiment_id])
    assert model.status == LoggedModelStatus.READY


def test_ctrl_c_ends_it_without_a_word(ui: Ui) -> None:
    ui.process.send_signal(signal.SIGINT)
    output, error = ui.process.communicate()
    assert (ui.process.returncode, output, error) == (0, "", "")
    with socket.create_server(("127.0.0.1", ui.port)):
        pass  # the port is free again
