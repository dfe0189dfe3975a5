"""The server for a team as the README starts it, on a PostgreSQL that is made for the test."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.polling import wait_until
from tests.sweeps.sweeping import children, parent, swept
from tests.tracking.conftest import answers, free_port


@contextmanager
def running(command: list[str], *, cwd: Path, log: Path, user: str | None = None) -> Iterator[None]:
    """Run a server in a process group of its own, which is ended with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, stdout=output, stderr=output, start_new_session=True, user=user
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(120)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The URI of an empty database in a folder of its own; PostgreSQL refuses to be run by root."""
    [*_, programs] = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    user = "nobody" if os.getuid() == 0 else None
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="postgresql"))  # tmp_path is closed to others than its owner
    if user is not None:
        shutil.chown(folder, user)
    initdb = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "mlflow", "--auth=trust"]
    subprocess.run(initdb, cwd=folder, user=user, check=True, stdout=subprocess.DEVNULL)
    postgres = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-p", str(port)]
    postgres += ["-c", "listen_addresses=127.0.0.1"]
    is_ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    try:
        with running(postgres, cwd=folder, log=tmp_path / "postgresql.log", user=user):
            wait_until(lambda: subprocess.run(is_ready, check=False).returncode == 0)
            yield f"postgresql+psycopg2://mlflow@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def server(repository: Path, tmp_path: Path, database: str) -> Iterator[str]:
    """The address of the server that `make server` starts."""
    port = free_port()
    command = ["make", "server", f"DATABASE={database}", f"ARTIFACTS={tmp_path / 'artifacts'}"]
    with running([*command, f"ARGS=--port {port}"], cwd=repository, log=tmp_path / "server.log"):
        uri = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{uri}/health"))
        yield uri


def test_a_sweep_is_on_the_server_with_all_that_belongs_to_it(
    tmp_path: Path, server: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow
    import psycopg2

    overrides = ("hydra.launcher.n_jobs=2", "trainer.epochs=2", "seed=0,1", f"tracking.uri={server}")
    code, _, stderr = swept("joblib", *overrides, cwd=tmp_path)
    assert (code, stderr) == (0, "")
    client = mlflow.MlflowClient(server)
    experiment = client.get_experiment_by_name("scratchlab")
    assert experiment is not None
    found = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    assert {run.info.status for run in found.values()} == {"FINISHED"}
    sweep = found.pop(parent(tmp_path).start.name)
    assert {run.data.tags["mlflow.parentRunId"] for run in found.values()} == {sweep.info.run_id}
    for child in children(tmp_path):
        run = found[child.start.name]
        assert run.data.metrics == {key: pytest.approx(value) for key, value in child.values.items()}
        names = {file.path for file in client.list_artifacts(run.info.run_id)}
        assert names >= {"config.yaml", "report.md", "plots"}
        report = Path(client.download_artifacts(run.info.run_id, "report.md", str(tmp_path)))
        assert report.read_text() == (child.folder / "artifacts" / "report.md").read_text()
    assert {file.path for file in client.list_artifacts(sweep.info.run_id)} >= {"leaderboard.csv", "plots"}

    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    model = mlflow.pyfunc.load_model(f"runs:/{found['seed=0'].info.run_id}/model")
    assert len(model.predict(np.zeros((3, 64), np.uint8))["labels"]) == 3
    with psycopg2.connect(database.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM runs")
        assert cursor.fetchone() == (3,)
    connection.close()
