import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scratchlab.processes.process import Process, started
from scratchlab.tracking import Terminated
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.lifeline import Lifeline
from scratchlab.tracking.journal.records import End, Start, Status
from tests.polling import wait_until

SLEEP = "import time; time.sleep(600)"


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """Another process, which goes on until it is killed."""
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as process:
        yield process
        process.kill()


def identity(process: subprocess.Popen[bytes]) -> Process:
    return replace(Process.current(), pid=process.pid, started=started(process.pid) or "")


def test_it_is_cut_when_the_process_of_the_sweep_is_gone(
    tmp_path: Path, other: subprocess.Popen[bytes]
) -> None:
    lifeline = Lifeline(identity(other), tmp_path / "nothing is recorded")
    assert not lifeline.is_cut()
    other.kill()
    wait_until(lifeline.is_cut)


@pytest.mark.parametrize(
    ("status", "cut"), [(Status.FINISHED, False), (Status.FAILED, True), (Status.KILLED, True)]
)
def test_on_another_machine_the_journal_tells_how_the_sweep_has_ended(
    tmp_path: Path, status: Status, cut: bool
) -> None:
    sweep = Process(host="another", pid=1, started="then")
    journal = Journal(tmp_path)
    journal.write(Start("uuid", "mnist", "sweep", "uri", {}, {}, sweep.host, sweep.pid, sweep.started, 0))
    assert not Lifeline(sweep, tmp_path).is_cut()
    journal.write(End(status, 1))
    journal.close()
    assert Lifeline(sweep, tmp_path).is_cut() is cut


def test_no_run_is_started_when_the_sweep_is_over(tmp_path: Path, other: subprocess.Popen[bytes]) -> None:
    lifeline = Lifeline(identity(other), tmp_path)
    other.kill()
    other.wait()
    with pytest.raises(Terminated, match="ended by SIGTERM"):
        lifeline.hold()


def test_the_process_of_the_sweep_does_not_watch_itself(tmp_path: Path) -> None:
    threads = threading.active_count()
    Lifeline(Process.current(), tmp_path).hold()
    assert threading.active_count() == threads


WORKER = """
import sys, time
from pathlib import Path
from scratchlab.tracking import Terminated, signals_as_exceptions
from scratchlab.tracking.journal.lifeline import Lifeline
from scratchlab.processes.process import Process
host, pid, start, folder, is_stubborn = sys.argv[1:]
lifeline = Lifeline(Process(host, int(pid), start), Path(folder))
lifeline.hold()
lifeline.hold()  # for its next run
with signals_as_exceptions():
    try:
        print("holds", flush=True)
        time.sleep(600)
    except Terminated as error:
        print(error, flush=True)
        time.sleep(600 if is_stubborn == "True" else 0)
"""


@pytest.mark.system
@pytest.mark.parametrize(("stubborn", "code"), [(False, 0), (True, -signal.SIGKILL)])
def test_a_worker_ends_its_run_and_is_killed_if_it_does_not(
    tmp_path: Path, other: subprocess.Popen[bytes], stubborn: bool, code: int
) -> None:
    sweep = identity(other)
    arguments = [sweep.host, str(sweep.pid), sweep.started, str(tmp_path), str(stubborn)]
    command = [sys.executable, "-c", WORKER, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "holds\n"
        assert worker.poll() is None
        other.kill()
        assert worker.stdout.readline() == "ended by SIGTERM\n"
        assert worker.wait() == code


@pytest.mark.system
def test_a_worker_between_its_runs_is_killed_at_once(tmp_path: Path, other: subprocess.Popen[bytes]) -> None:
    sweep = identity(other)
    code = WORKER.replace("with signals_as_exceptions()", "signal.signal(15, print)\nif True").replace(
        "import sys", "import signal, sys"
    )
    command = [sys.executable, "-c", code, sweep.host, str(sweep.pid), sweep.started, str(tmp_path), "False"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "holds\n"
        other.kill()
        assert worker.stdout.read() == ""
        assert worker.wait() == -signal.SIGKILL
