"""What a kill of both a run and its publisher leaves RUNNING in MLflow, and who brings it to its end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow import MlflowClient

from scratchlab.processes.process import Process, started
from scratchlab.tracking import Published, open_run, runs_by_id
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.records import Metrics, Resumed
from scratchlab.tracking.publish.command import publish
from scratchlab.tracking.store.client import connect
from scratchlab.tracking.upkeep.doctor import main
from scratchlab.tracking.upkeep.stale import mend_stale_runs, stale_runs
from tests.polling import wait_until
from tests.reliability.counts import counts
from tests.reliability.processes import all_ended, kill_all_of, num_recorded, processes_of, recording
from tests.tracking.runs import start_record


def statuses(uri: str) -> dict[str, str]:
    """The status in MLflow of each run, by name."""
    client = connect(uri)
    runs = client.search_runs([each.experiment_id for each in client.search_experiments()], max_results=1000)
    return {run.info.run_name: run.info.status for run in runs}


@pytest.fixture
def left_running(tmp_path: Path, uri: str) -> Iterator[Path]:
    """The folder of a run that was killed together with its publisher after MLflow had some of it."""
    folder = tmp_path / "outputs" / "killed"
    with all_ended(folder):
        training = recording(folder, uri, live=True, num_metrics=10**9, seconds=0.001)
        wait_until(lambda: Published.load(folder) is not None)
        kill_all_of(folder)
        training.communicate()
        wait_until(lambda: not processes_of(folder))
        assert statuses(uri) == {"killed": "RUNNING"}
        yield folder


def is_complete(folder: Path, uri: str) -> None:
    """Check that MLflow has all that the journal holds, and the run as KILLED."""
    published = Published.load(folder)
    assert published is not None
    client = connect(uri)
    steps = [each.step for each in client.get_metric_history(published.run_id, "loss")]
    assert steps == list(range(len(steps)))
    assert num_recorded(folder) - len(steps) in (0, 1), "the last record may be torn"
    assert client.get_run(published.run_id).info.status == "KILLED"


def test_the_next_run_brings_it_to_its_end(left_running: Path, uri: str, tmp_path: Path) -> None:
    with open_run(tmp_path / "next", experiment="other", name="next", uri=uri, params={}, tags={}):
        pass
    assert statuses(uri) == {"killed": "KILLED", "next": "FINISHED"}
    is_complete(left_running, uri)


def test_a_comparison_brings_it_to_its_end(left_running: Path, uri: str) -> None:
    published = Published.load(left_running)
    assert published is not None
    [run] = runs_by_id(uri, [published.run_id])
    assert run.status == "KILLED"
    is_complete(left_running, uri)


def test_the_doctor_finds_and_mends_it(
    left_running: Path, uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = str(left_running.parent)
    assert main(["--uri", uri, outputs]) == 1
    stale, unpublished, remedy = capsys.readouterr().out.splitlines()
    assert stale.endswith("(killed) is RUNNING in MLflow, but its process is gone")
    assert unpublished == f"{left_running}: not all of it is published"
    assert remedy == "2 to mend: python -m scratchlab.tracking.upkeep.doctor --mend"
    assert main(["--uri", uri, outputs, "--mend"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["  KILLED", "nothing is amiss any more"]
    is_complete(left_running, uri)
    assert main(["--uri", uri, outputs]) == 0
    assert capsys.readouterr().out == "nothing is amiss\n"


def test_without_its_folder_it_was_killed_at_its_last_metric(left_running: Path, uri: str) -> None:
    published = Published.load(left_running)
    assert published is not None
    left_running.rename(left_running.with_name("moved"))
    mend_stale_runs(uri)
    client = connect(uri)
    run = client.get_run(published.run_id)
    last = max(each.timestamp for each in client.get_metric_history(published.run_id, "loss"))
    assert (run.info.status, run.info.end_time) == ("KILLED", last)


def test_with_a_damaged_journal_it_was_killed_all_the_same(left_running: Path, uri: str) -> None:
    journal = left_running / "journal.jsonl"
    start, *_ = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(start + b"nonsense\n")
    mend_stale_runs(uri)
    assert statuses(uri) == {"killed": "KILLED"}


SLEEP = "import signal; print(flush=True); signal.pause()"


def living_process() -> tuple["subprocess.Popen[str]", Process]:
    child = subprocess.Popen([sys.executable, "-c", SLEEP], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    return child, replace(Process.current(), pid=child.pid, started=started(child.pid) or "")


def publish_as_of(folder: Path, uri: str, process: Process) -> None:
    """Publish what there is of a run that goes on, and have it be that of `process` afterwards."""
    journal = Journal(folder)
    start = replace(start_record(uri), name=folder.name, host=process.host, pid=process.pid)
    journal.write(replace(start, process_started=process.started))
    journal.write(Metrics(0, 0, {"loss": 0.5}))
    publish(folder)
    journal.close()


@counts("num_living", few=3, all_of_them=100)
def test_a_living_run_is_never_closed(tmp_path: Path, uri: str, num_living: int) -> None:
    """Many live ones, a stopped one, one on another machine, and two that shared a process id, one of them gone."""
    living = [living_process() for _ in range(num_living)]
    try:
        for number, (_, process) in enumerate(living):
            publish_as_of(tmp_path / f"living {number}", uri, process)
        stopped, process = living[0]
        os.kill(stopped.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, stopped.pid, os.WSTOPPED | os.WNOWAIT)
        publish_as_of(tmp_path / "elsewhere", uri, replace(process, host="another", started="never/1"))
        boot, _, tick = process.started.partition("/")
        publish_as_of(tmp_path / "reused", uri, replace(process, started=f"{boot}/{int(tick) - 1}"))
        connect(uri).create_run("0", run_name="made by hand")
        before = statuses(uri)
        assert set(before.values()) == {"RUNNING"}
        mend_stale_runs(uri)
        assert statuses(uri) == before | {"reused": "KILLED"}
        assert main(["--uri", uri, str(tmp_path), "--mend"]) == 0
        assert statuses(uri) == before | {"reused": "KILLED"}
    finally:
        for child, _ in living:
            child.kill()
            child.communicate()


def test_a_run_is_alive_while_its_journal_is_being_written(tmp_path: Path, uri: str) -> None:
    """By a process that is not to be seen: in another container, whose machine has the same name."""
    journal = Journal(tmp_path / "contained")
    journal.write(replace(start_record(uri), name="contained", process_started="not to be seen"))
    publish(tmp_path / "contained")
    mend_stale_runs(uri)
    assert statuses(uri) == {"contained": "RUNNING"}
    journal.close()
    mend_stale_runs(uri)
    assert statuses(uri) == {"contained": "KILLED"}


def test_a_run_that_was_resumed_meanwhile_is_alive(tmp_path: Path, uri: str) -> None:
    folder = tmp_path / "resumed"
    publish_as_of(folder, uri, Process.current())
    client: MlflowClient = connect(uri)
    published = Published.load(folder)
    assert published is not None
    client.set_tag(published.run_id, "scratchlab.process", f"{socket.gethostname()} 1 never/1")
    process = Process.current()
    journal = Journal.reopen(folder)
    journal.write(Resumed(process.host, process.pid, process.started, 1))
    journal.close()
    assert stale_runs(client) == []
