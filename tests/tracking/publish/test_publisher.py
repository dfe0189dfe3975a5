"""With real processes: the publisher, a run that ends, one that is killed, and a sweep of both kinds."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.tracking import Published, open_run, read_start
from scratchlab.tracking.publish.publisher import Publisher
from scratchlab.tracking.store.client import connect
from tests.polling import LIMIT_SECONDS, wait_until

pytestmark = pytest.mark.system

TRAIN_FOR_EVER = """
import sys, time
from pathlib import Path
from scratchlab.tracking import open_run, read_start
folder = Path(sys.argv[1])
parent = read_start(folder.parent).run_uuid if (folder.parent / "journal.jsonl").exists() else None
with open_run(
    folder, experiment="mnist", name="a", uri=sys.argv[2], params={}, tags={}, parent=parent, live=parent is None
) as run:
    for step in range(10**9):
        run.log_metrics({"loss": 1.0}, step=step)
        print(step, flush=True)
        time.sleep(0.01)
"""


def status_of(folder: Path) -> str | None:
    published = Published.load(folder)
    return None if published is None else published.status


def test_a_run_is_in_mlflow_when_it_is_left(tmp_path: Path, uri: str) -> None:
    folder = tmp_path / "run"
    with open_run(folder, experiment="mnist", name="adam", uri=uri, params={"lr": 0.1}, tags={}) as run:
        run.log_metrics({"loss": 0.5}, step=1)
    assert run.published is not None
    published = connect(uri).get_run(run.published.run_id)
    assert (published.info.status, published.info.run_name) == ("FINISHED", "adam")
    assert (published.data.metrics, published.data.params) == ({"loss": 0.5}, {"lr": "0.1"})
    assert (folder / "publisher.log").read_bytes() == b""


def test_kill_9_is_seen_and_nothing_is_lost(tmp_path: Path, uri: str) -> None:
    folder = tmp_path / "run"
    command = [sys.executable, "-c", TRAIN_FOR_EVER, str(folder), uri]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as training:
        assert training.stdout is not None
        wait_until(lambda: status_of(folder) == "RUNNING")
        os.kill(training.pid, signal.SIGKILL)
        reported = [int(line) for line in training.stdout]
    wait_until(lambda: status_of(folder) == "KILLED")
    published = Published.load(folder)
    assert published is not None
    client = connect(uri)
    assert client.get_run(published.run_id).info.status == "KILLED"
    steps = [metric.step for metric in client.get_metric_history(published.run_id, "loss")]
    assert steps == list(range(len(steps)))
    assert len(steps) >= len(reported)


def test_a_sweep_is_left_when_mlflow_has_all_of_its_runs(
    tmp_path: Path, uri: str, caplog: pytest.LogCaptureFixture
) -> None:
    sweep = tmp_path / "sweep"
    with open_run(sweep, experiment="mnist", name="sweep", uri=uri, params={}, tags={}) as parent:
        command = [sys.executable, "-c", TRAIN_FOR_EVER, str(sweep / "0"), uri]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            worker.kill()
        with open_run(
            sweep / "1",
            experiment="mnist",
            name="b",
            uri=uri,
            params={},
            tags={},
            parent=read_start(sweep).run_uuid,
            live=False,
        ) as run:
            run.log_metrics({"loss": 0.5}, step=0)
    assert caplog.messages == []
    assert [status_of(folder) for folder in (sweep, sweep / "0", sweep / "1")] == [
        "FINISHED",
        "KILLED",
        "FINISHED",
    ]
    assert parent.published is not None
    client = connect(uri)
    children = client.search_runs(
        [parent.published.experiment_id], f"tags.mlflow.parentRunId = '{parent.published.run_id}'"
    )
    assert {child.info.run_name: child.info.status for child in children} == {"a": "KILLED", "b": "FINISHED"}


def test_it_says_whether_mlflow_has_everything(tmp_path: Path, uri: str) -> None:
    publisher = Publisher(tmp_path, uri=uri)
    assert not publisher.close(timeout_seconds=0), "it cannot even have started"
    assert publisher.close(timeout_seconds=LIMIT_SECONDS)


def test_it_does_not_say_so_when_it_failed(tmp_path: Path, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    assert not Publisher(tmp_path, uri=uri).close(timeout_seconds=LIMIT_SECONDS)
