import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.traces import Traces

pytest_plugins = ["pytester"]


@contextmanager
def running_thread() -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait, name="left", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda: os.environ.update(NEW_VARIABLE="1"), ["environment variable NEW_VARIABLE"]),
        (lambda: os.environ.pop("HOME"), ["environment variable HOME"]),
        (lambda: os.environ.update(HOME="/elsewhere"), ["environment variable HOME"]),
        (lambda: os.chdir("/"), ["working directory /"]),
        (lambda: signal.signal(signal.SIGUSR1, signal.SIG_IGN), ["handler of SIGUSR1"]),
        (lambda: None, []),
    ],
)
def test_a_change_is_named_and_undone(change: Callable[[], object], named: list[str]) -> None:
    before = Traces.now()
    change()
    changes = before.changes()
    before.restore()
    assert (changes, before.changes()) == (named, [])


def test_a_thread_that_stays_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.traces.LIMIT_SECONDS", 0.0)
    before = Traces.now()
    with running_thread():
        assert before.changes() == ["thread left"]
    assert before.changes() == []


def test_the_fixture_fails_a_test_that_leaves_a_change_and_only_that_one(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.conftest import leaves_no_trace")
    pytester.makepyfile("""
        import os

        def test_that_leaves_a_variable():
            os.environ["LEFT"] = "1"

        def test_after_it():
            assert "LEFT" not in os.environ
    """)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*the test left changes behind: environment variable LEFT*"])


def test_background_signals_reach_children_with_their_defaults() -> None:
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


def test_a_process_whose_test_fails_is_killed() -> None:
    forever = [sys.executable, "-c", "import signal; signal.pause()"]
    with pytest.raises(ZeroDivisionError), subprocess.Popen(forever) as process:
        1 / 0  # noqa: B018
    assert process.returncode == -signal.SIGKILL
