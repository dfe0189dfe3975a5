"""A tracking server that is not there when a run starts."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scratchlab.tracking import JOURNAL
from scratchlab.tracking.publish.command import main
from tests.polling import LIMIT_SECONDS
from tests.reliability.commands import command, in_store
from tests.tracking.conftest import free_port

WHY = {"refused": "Connection refused", "black hole": "timed out", "unknown host": ""}


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.reliability][: name != "refused"]) for name in WHY]
)
def unreachable(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The URI of a server, and why it cannot be reached."""
    name: str = request.param
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        port = {"black hole": mute.getsockname()[1], "refused": free_port(), "unknown host": 5000}[name]
        yield f"http://{'nobody.invalid' if name == 'unknown host' else '127.0.0.1'}:{port}", WHY[name]


def test_training_goes_on_and_the_last_line_says_how_to_publish(
    tmp_path: Path, unreachable: tuple[str, str], uri: str, database: Path
) -> None:
    server, why = unreachable
    started = time.monotonic()
    with command("trainer.epochs=2", uri=server, cwd=tmp_path) as process:
        assert process.stderr is not None
        warning = process.stderr.readline()
        print(f"{why or 'unknown host'}: the sentence came after {time.monotonic() - started:.1f} s")
        stdout, stderr = process.communicate(timeout=LIMIT_SECONDS)
    print(f"the whole command took {time.monotonic() - started:.1f} s")
    assert (process.returncode, stderr) == (0, "")
    assert warning.startswith(f"tracking.uri={server} cannot be reached ({why}")
    assert "all is recorded in the run's folder" in warning
    assert "2/2" in stdout
    [journal] = tmp_path.glob(f"outputs/*/*/{JOURNAL}")
    remedy = f"later  python -m scratchlab.tracking.publish {journal.parent} ("
    assert stdout.splitlines()[-1].startswith(remedy)
    assert main([str(journal.parent), "--uri", uri]) == 0
    assert [status for _, status in in_store(database)] == ["FINISHED"]


def test_a_store_that_is_required_stops_it(tmp_path: Path, unreachable: tuple[str, str]) -> None:
    server, why = unreachable
    with command("tracking.require=true", uri=server, cwd=tmp_path) as process:
        stdout, stderr = process.communicate(timeout=LIMIT_SECONDS)
    assert (process.returncode, stdout) == (1, "")
    assert stderr.startswith(f"tracking.uri={server} cannot be reached ({why}")
    assert stderr.count("\n") == 1
    assert "type tracking.require=false to train without" in stderr
    assert not list(tmp_path.glob(f"outputs/*/*/{JOURNAL}"))


def test_a_sweep_goes_on_too(tmp_path: Path) -> None:
    server = f"http://127.0.0.1:{free_port()}"
    with command("-m", "seed=0,1", "trainer.epochs=1", uri=server, cwd=tmp_path) as process:
        stdout, stderr = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0
    assert stderr.count("\n") == 1
    assert stdout.splitlines()[-1].startswith("later  python -m scratchlab.tracking.publish ")
    with command("-m", "seed=0,1", "tracking.require=true", uri=server, cwd=tmp_path) as process:
        stdout, stderr = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 1
    assert stderr.startswith(f"tracking.uri={server} cannot be reached (")
