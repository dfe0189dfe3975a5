"""Sweeps in processes of their own, whichever launcher starts their runs, and what becomes of those processes."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scratchlab.config.project import ROOT
from scratchlab.tracking import JOURNAL, read_journal
from scratchlab.tracking.journal.records import Artifact, End, Metrics, Record, Start, Status, Tag
from tests.polling import wait_until
from tests.sweeps.troubled import SAID, TROUBLES

MARK = "SCRATCHLAB_TEST_OF"
"""The environment variable that all processes of a sweep inherit."""
RAYS_AGENTS = ("ray::DashboardAgent", "ray::RuntimeEnvAgent")
"""They take a minute to end when Ray is killed, and no setting of Ray's makes that shorter."""


DEADLINE_SECONDS = 120
"""For what takes seconds on a machine that has nothing else to do."""


class SweptRun:
    """What one run of a sweep, or the sweep itself, has recorded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal: list[Record] = read_journal(folder)
        [self.start] = [record for record in self.journal if isinstance(record, Start)]
        self.values = {
            key: value
            for record in self.journal
            if isinstance(record, Metrics)
            for key, value in record.values.items()
        }
        self.tags = {record.key: record.value for record in self.journal if isinstance(record, Tag)}
        self.artifacts = {record.path for record in self.journal if isinstance(record, Artifact)}

    @property
    def status(self) -> Status:
        end = self.journal[-1]
        assert isinstance(end, End)
        return end.status


def parent(cwd: Path) -> SweptRun:
    [journal] = cwd.glob(f"outputs/*/*-sweep/{JOURNAL}")
    return SweptRun(journal.parent)


def children(cwd: Path) -> list[SweptRun]:
    journals = cwd.glob(f"outputs/*/*-sweep/*/{JOURNAL}")
    return [SweptRun(path.parent) for path in sorted(journals, key=lambda path: int(path.parent.name))]


def in_store(cwd: Path) -> list[tuple[str, str]]:
    """Names and statuses of all runs in the store, in alphabetical order."""
    database = cwd / "mlruns" / "mlflow.db"
    if not database.exists():
        return []
    with closing(sqlite3.connect(database)) as store:
        return store.execute("SELECT name, status FROM runs ORDER BY name, status").fetchall()


@contextmanager
def sweeping(launcher: str, *overrides: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a sweep over the digits in a process group of its own, with a store in `cwd`."""
    store = f"tracking.uri=sqlite:///{cwd}/mlruns/mlflow.db"
    command = [
        sys.executable,
        str(ROOT / "train.py"),
        "-m",
        f"hydra/launcher={launcher}",
        "data=digits",
        store,
    ]
    environment = os.environ | {"FORCE_COLOR": "", "COLUMNS": "120", MARK: str(cwd), "PYTHONPATH": str(ROOT)}
    environment.pop("OPENBLAS_NUM_THREADS", None)  # that of the tests; what the launchers do is tested
    process = subprocess.Popen(
        [*command, *overrides],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_interrupts,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _heed_interrupts() -> None:
    """Undo what a shell does to the processes it runs in the background, and pytest may be one."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def swept(launcher: str, *overrides: str, cwd: Path) -> tuple[int, str, str]:
    """Run a sweep to its end; return its exit code and what it printed."""
    with sweeping(launcher, *overrides, cwd=cwd) as process:
        stdout, stderr = process.communicate(timeout=4 * DEADLINE_SECONDS)
    return process.returncode, stdout, stderr


def living(cwd: Path) -> list[str]:
    """Command lines of the processes that belong to the sweep in `cwd`."""
    mark = f"{MARK}={cwd}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has just ended
            continue
    return found


def end_a_sweep(launcher: str, number: signal.Signals, *overrides: str, cwd: Path) -> tuple[int, str]:
    """Start a sweep of four endless runs and end it when two are training; return its exit code and stderr.

    As at a terminal, Ctrl-C (SIGINT) goes to all its processes. Returns when none is left but Ray's agents.
    """
    with sweeping(launcher, "trainer.epochs=1000000", "seed=0,1,2,3", *overrides, cwd=cwd) as process:
        journals = "outputs/*/*/[0-9]*/journal.jsonl"
        wait_until(
            lambda: sum(path.stat().st_size > 10_000 for path in cwd.glob(journals)) >= 2,
            "two runs that train",
        )
        assert len(living(cwd)) >= 4  # the sweep, its publisher, two workers
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, stderr = process.communicate(timeout=DEADLINE_SECONDS)
        wait_until(
            lambda: all(line.startswith(RAYS_AGENTS) for line in living(cwd)), "the end of all processes"
        )
    return process.returncode, stderr


def all_is_in_the_store(cwd: Path, *, finished: int) -> None:
    """Check that MLflow has the sweep in `cwd` with as many children, all FINISHED, and all that they recorded."""
    runs = [parent(cwd), *children(cwd)]
    assert len(runs) == 1 + finished
    assert {run.status for run in runs} == {Status.FINISHED}
    with closing(sqlite3.connect(cwd / "mlruns" / "mlflow.db")) as store:
        [experiment] = store.execute("SELECT name FROM experiments WHERE experiment_id != 0").fetchall()
        statuses = store.execute("SELECT run_uuid, status FROM runs").fetchall()
        tags = store.execute("SELECT run_uuid, key, value FROM tags").fetchall()
        metrics = store.execute("SELECT run_uuid, key, step, value FROM metrics").fetchall()
    assert experiment == ("scratchlab",)
    tag = {(run_id, key): value for run_id, key, value in tags}
    uuids = {run_id: tag[run_id, "scratchlab.run_uuid"] for run_id, _ in statuses}
    assert sorted(uuids.values()) == sorted(run.start.run_uuid for run in runs)
    assert {status for _, status in statuses} == {"FINISHED"}
    parents = {uuid: uuids.get(tag.get((run_id, "mlflow.parentRunId"), "")) for run_id, uuid in uuids.items()}
    assert parents == {run.start.run_uuid: run.start.parent for run in runs}
    recorded = [
        (run.start.run_uuid, key, record.step, value)
        for run in runs
        for record in run.journal
        if isinstance(record, Metrics)
        for key, value in record.values.items()
    ]
    assert sorted((uuids[run_id], *metric) for run_id, *metric in metrics) == sorted(recorded)


def troubles_stay_apart(launcher: str, *overrides: str, cwd: Path) -> str:
    """Check that runs which end in every kind of trouble leave the others alone; return what stderr says."""
    seeds = f"seed=range({len(TROUBLES) + 2})"
    task = "task=tests.sweeps.troubled.train"
    code, stdout, stderr = swept(launcher, task, "trainer.epochs=1", seeds, *overrides, cwd=cwd)
    assert code == 1
    assert f"{len(TROUBLES) + 2} runs: 2 finished, {len(TROUBLES)} failed" in stdout.splitlines()
    runs = sorted(children(cwd), key=lambda run: int(str(run.start.params["seed"])))
    assert [run.status for run in runs] == [Status.FAILED] * len(TROUBLES) + [Status.FINISHED] * 2
    for said, run in zip(SAID, runs, strict=False):
        assert (run.folder / "artifacts" / "traceback.txt").read_text().rstrip().endswith(said)
    assert parent(cwd).status == Status.FINISHED
    assert not living(cwd)
    return stderr
