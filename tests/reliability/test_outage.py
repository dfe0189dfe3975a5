"""A tracking server that dies while a run goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scratchlab.tracking import Published
from scratchlab.tracking.publish.command import main
from tests.polling import wait_until
from tests.reliability.counts import counts
from tests.reliability.processes import all_ended, num_recorded, recording, told
from tests.reliability.tracking_server import TrackingServer


@pytest.fixture
def server(database: Path) -> Iterator[TrackingServer]:
    with TrackingServer(database) as server:
        yield server


@counts("num_lost", few=300, all_of_them=10_500)
def test_an_outage_in_mid_run_loses_nothing(tmp_path: Path, server: TrackingServer, num_lost: int) -> None:
    """The server is away while so many metrics are recorded, 30 seconds' worth in full."""
    folder, num_metrics = tmp_path / "run", 2500 + num_lost
    with (
        all_ended(folder),
        recording(folder, server.uri, live=True, num_metrics=num_metrics, seconds=0.0035) as run,
    ):
        wait_until(lambda: bool(server.losses()))
        server.kill()
        num_back = min(num_recorded(folder) + num_lost, num_metrics)
        wait_until(lambda: num_recorded(folder) >= num_back)
        server.start()
        cost = told(run)
    if cost.remedy is not None:  # it has ended before the server was back
        assert main([str(folder)]) == 0
    assert server.losses() == [("FINISHED", step) for step in range(num_metrics)]
    print(f"recording {num_metrics} metrics took {cost.seconds:.3f} s, the end {cost.end_seconds:.1f} s")
    one_or_none = (folder / "publisher.log").read_text().splitlines()
    assert len(one_or_none) <= 1, "an outage between two requests is not even noticed"


@pytest.mark.reliability
def test_an_outage_without_end_loses_nothing(tmp_path: Path, server: TrackingServer) -> None:
    folder, num_metrics = tmp_path / "run", 3000
    with (
        all_ended(folder),
        recording(folder, server.uri, live=True, num_metrics=num_metrics, seconds=0.003) as run,
    ):
        wait_until(lambda: bool(server.losses()))
        server.kill()
        cost = told(run)
    assert cost.remedy is not None
    assert cost.remedy.startswith(f"python -m scratchlab.tracking.publish {folder} (")
    print(f"recording {num_metrics} metrics took {cost.seconds:.3f} s, the end {cost.end_seconds:.1f} s")
    [warning] = (folder / "publisher.log").read_text().splitlines()
    assert "the tracking server does not answer" in warning
    assert len(server.losses()) < num_metrics
    server.start()
    assert main([str(folder)]) == 0
    assert server.losses() == [("FINISHED", step) for step in range(num_metrics)]
    num_rows = server.num_rows()
    for _ in range(2):
        assert main([str(folder)]) == 0
        assert server.num_rows() == num_rows
    published = Published.load(folder)
    assert published is not None
    (folder / "published.json").unlink()  # and again by somebody who knows nothing
    assert main([str(folder)]) == 0
    assert Published.load(folder) == published
    assert server.num_rows() == num_rows
