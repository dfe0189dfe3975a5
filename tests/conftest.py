import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest

from scratchlab.data import Dataset, DataUnavailableError
from scratchlab.data import mnist as read_mnist
from tests.traces import Traces

WITHOUT_MNIST = "MNIST is missing"
TO_GET_MNIST = "run `make train` once with a network, or put its four files into data/mnist/"

# MLflow's progress bars start a thread that never ends.
os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"

# A shell in the background ignores SIGINT, and nohup ignores SIGHUP. Every process that a test starts would inherit
# that, and a test that signals one would wait forever.
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)


wait_for_end = subprocess.Popen.__exit__


def end(
    process: "subprocess.Popen[str]",
    kind: type[BaseException] | None,
    error: BaseException | None,
    trace: TracebackType | None,
) -> None:
    """Kill a process whose test fails inside its `with` block, which would wait for its end forever."""
    if kind is not None:
        process.kill()
    wait_for_end(process, kind, error, trace)


subprocess.Popen.__exit__ = end  # type: ignore[method-assign, assignment]

HOURS = ("slow", "reliability", "distributed")
"""The markers of tests that may take longer than the limit of the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the longest tests an hour each."""
    for item in items:
        if any(item.get_closest_marker(name) for name in HOURS):
            item.add_marker(pytest.mark.timeout(3600))


pytest_plugins = ["tests.apps"]


@pytest.fixture(autouse=True)
def leaves_no_trace() -> Iterator[None]:
    """Fail a test that changes the process for the tests after it."""
    before = Traces.now()
    yield
    changes = before.changes()
    before.restore()
    assert not changes, f"the test left changes behind: {'; '.join(changes)}"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def mnist_files(repository: Path) -> None:
    """Skip what needs the files of MNIST where they are missing: tests download nothing."""
    try:
        read_mnist(root=repository, num_val=0, limit_train=1, limit_test=1)
    except DataUnavailableError:
        pytest.skip(WITHOUT_MNIST)


@pytest.fixture(scope="session")
def mnist(repository: Path, mnist_files: None) -> Dataset:
    """MNIST with all 60,000 images to train on, scaled to [0, 1]."""
    return read_mnist(root=repository, num_val=0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once how many tests were skipped for want of MNIST, and how to get it."""
    skipped = [
        each for each in terminalreporter.stats.get("skipped", []) if WITHOUT_MNIST in str(each.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"tests skipped: {len(skipped)}, because {WITHOUT_MNIST}; to get it, {TO_GET_MNIST}"
        )
