"""With real processes: the publisher, a run that ends, and one that is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from scratchlab.tracking import Published, open_run
from scratchlab.tracking.store import connect

from .conftest import wait_until

TRAIN_FOR_EVER = """
import sys, time
from pathlib import Path
from scratchlab.tracking import open_run
with open_run(
    Path(sys.argv[1]), experiment="mnist", name="a", uri=sys.argv[2], params={}, tags={}
) as run:
    for step in range(10**9):
        run.metrics({"loss": 1.0}, step=step)
        print(step, flush=True)
        time.sleep(0.01)
"""


def status_of(folder: Path) -> str | None:
    published = Published.load(folder)
    return None if published is None else published.status


def test_a_run_is_in_mlflow_when_it_is_left(tmp_path: Path, uri: str) -> None:
    folder = tmp_path / "run"
    with open_run(folder, experiment="mnist", name="adam", uri=uri, params={"lr": 0.1}, tags={}) as run:
        run.metrics({"loss": 0.5}, step=1)
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
