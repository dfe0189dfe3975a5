"""Sweeps in processes of their own, whichever launcher starts their runs, and what becomes of those processes."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scratchlab.app.project import ROOT

from .test_sweep import DEADLINE_SECONDS, SweptRun, children, parent, wait_until

MARK = "SCRATCHLAB_TEST_OF"
"""The environment variable that all processes of a sweep inherit."""


@contextmanager
def sweeping(launcher: str, *overrides: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a sweep over the digits in a process group of its own, with a store in `cwd`."""
    store = f"tracking.uri=sqlite:///{cwd}/mlruns/mlflow.db"
    command = [sys.executable, str(ROOT / "train.py"), "-m", f"hydra/launcher={launcher}", "data=digits", store]
    environment = os.environ | {"FORCE_COLOR": "", "COLUMNS": "120", MARK: str(cwd)}
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


def living(cwd: Path, *, but: str = "") -> list[str]:
    """Command lines of the processes that belong to the sweep in `cwd`, except for those with `but` in them."""
    mark = f"{MARK}={cwd}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has just ended
            continue
    return [line for line in found if not but or but not in line]


def end_a_sweep(launcher: str, number: signal.Signals, *, cwd: Path) -> tuple[int, str]:
    """Start a sweep of four endless runs and end it when two are training; return its exit code and stderr.

    As at a terminal, Ctrl-C (SIGINT) goes to all its processes. Returns when none is left.
    """
    overrides = ("trainer.epochs=1000000", "seed=0,1,2,3")
    with sweeping(launcher, *overrides, cwd=cwd) as process:
        journals = f"outputs/*/*/[0-9]*/journal.jsonl"
        wait_until(lambda: sum(path.stat().st_size > 10_000 for path in cwd.glob(journals)) >= 2)
        assert len(living(cwd)) >= 4  # the sweep, its publisher, two workers
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, stderr = process.communicate(timeout=DEADLINE_SECONDS)
        wait_until(lambda: not living(cwd))
    return process.returncode, stderr


def in_store(cwd: Path) -> dict[str, tuple[str, str | None, dict[str, list[tuple[int, float]]]]]:
    """Each run in the store by the id of its journal: status, parent, and the metrics' values by step."""
    with closing(sqlite3.connect(cwd / "mlruns" / "mlflow.db")) as store:
        names = dict(
            store.execute("SELECT run_uuid, value FROM tags WHERE key = 'scratchlab.run_uuid'").fetchall()
        )
        parents = dict(
            store.execute("SELECT run_uuid, value FROM tags WHERE key = 'mlflow.parentRunId'").fetchall()
        )
        statuses = dict(store.execute("SELECT run_uuid, status FROM runs").fetchall())
        metrics = store.execute("SELECT run_uuid, key, step, value FROM metrics WHERE NOT is_nan").fetchall()
    found: dict[str, tuple[str, str | None, dict[str, list[tuple[int, float]]]]] = {
        names[run_id]: (status, names.get(parents.get(run_id, "")), {}) for run_id, status in statuses.items()
    }
    assert len(found) == len(statuses)
    for run_id, key, step, value in sorted(metrics):
        found[names[run_id]][2].setdefault(key, []).append((step, value))
    return found


def experiments(cwd: Path) -> list[str]:
    with closing(sqlite3.connect(cwd / "mlruns" / "mlflow.db")) as store:
        return sorted(name for (name,) in store.execute("SELECT name FROM experiments"))


__all__ = ["SweptRun", "children", "parent", "wait_until"]
