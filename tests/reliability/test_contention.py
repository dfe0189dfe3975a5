"""Four runs at once while somebody else holds the database: a reader first, then a writer."""

import sqlite3
from contextlib import closing
from pathlib import Path

from scratchlab.tracking.publish.command import main
from tests.polling import wait_until
from tests.reliability.commands import in_store
from tests.reliability.counts import counts
from tests.reliability.processes import all_ended, num_recorded, recording, told

NUM_METRICS = 2000


@counts("pause_seconds", few=0.001, all_of_them=0.04)
def test_nobody_who_holds_the_database_is_felt(
    tmp_path: Path, uri: str, database: Path, pause_seconds: float
) -> None:
    """Each of them has it for 800 of the 2,000 metrics of each run: 32 s where there are 0.04 between two."""
    root, runs = tmp_path / "runs", []
    with all_ended(root), closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM runs").fetchone()
        runs = [
            recording(root / str(each), uri, live=True, num_metrics=NUM_METRICS, seconds=pause_seconds)
            for each in range(4)
        ]
        wait_until(lambda: all(num_recorded(root / str(each)) >= 800 for each in range(4)))
        other.execute("COMMIT")
        other.execute("BEGIN IMMEDIATE")
        wait_until(lambda: all(num_recorded(root / str(each)) >= 1600 for each in range(4)))
        other.execute("COMMIT")
        costs = [told(run) for run in runs]
    for cost in costs:
        print(
            f"recording took {cost.seconds:.3f} s, 99 % of it {1000 * cost.p99_seconds:.3f} ms a metric or less"
        )
    if any(cost.remedy for cost in costs):
        assert main([str(root)]) == 0
    assert in_store(database) == [(str(each), "FINISHED") for each in range(4)]
    with closing(sqlite3.connect(database)) as store:
        rows = store.execute(
            "SELECT count(*), count(DISTINCT step) FROM metrics GROUP BY run_uuid"
        ).fetchall()
    assert rows == [(NUM_METRICS, NUM_METRICS)] * 4
    assert [cost.remedy for cost in costs] == [None] * 4
