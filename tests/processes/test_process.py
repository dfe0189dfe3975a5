import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from scratchlab.processes import process as module
from scratchlab.processes.process import Process


@pytest.fixture
def child() -> Iterator[tuple["subprocess.Popen[str]", Process]]:
    """A process that waits, and what it says of itself."""
    code = (
        "from scratchlab.processes.process import Process\n"
        "process = Process.current()\n"
        "print(process.host, process.pid, process.started, flush=True)\n"
        "input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        host, pid, started = child.stdout.readline().split()
        yield child, Process(host, int(pid), started)
        child.kill()


def test_this_process_is_there() -> None:
    assert Process.current().pid == os.getpid()
    assert not Process.current().is_gone()


def test_a_process_is_gone_once_it_has_ended(child: tuple["subprocess.Popen[str]", Process]) -> None:
    popen, process = child
    assert not process.is_gone()
    popen.kill()
    popen.wait()
    assert process.is_gone()


def test_a_zombie_is_gone(child: tuple["subprocess.Popen[str]", Process]) -> None:
    popen, process = child
    popen.kill()
    os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOWAIT)  # dead, but nobody has asked how it died
    assert process.is_gone()


def test_a_stopped_process_is_not_gone(child: tuple["subprocess.Popen[str]", Process]) -> None:
    popen, process = child
    os.kill(popen.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, popen.pid, os.WSTOPPED | os.WNOWAIT)
    assert not process.is_gone()


def test_another_process_with_the_same_id_is_another_process() -> None:
    assert replace(Process.current(), started="an earlier boot/1").is_gone()


def test_nothing_is_known_about_another_machine() -> None:
    assert not Process("another", 1, "long ago").is_gone()


def test_without_proc_it_is_ps_that_knows(
    child: tuple["subprocess.Popen[str]", Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROC", module.PROC / "nowhere")
    popen, _ = child
    process = replace(Process.current(), pid=popen.pid, started=module.started(popen.pid) or "")
    assert process.started.count(":") == 2, "a date, from ps"
    assert not process.is_gone()
    popen.kill()
    os.waitid(os.P_PID, popen.pid, os.WEXITED | os.WNOWAIT)
    assert process.is_gone()
    popen.wait()
    assert process.is_gone()
