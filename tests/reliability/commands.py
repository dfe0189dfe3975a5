"""train.py in a process of its own, with a store in the folder that it is started in."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from scratchlab.config.project import ROOT

TRAIN = [sys.executable, str(ROOT / "train.py")]


def uri_in(cwd: Path) -> str:
    return f"sqlite:///{cwd}/mlruns/mlflow.db"


def command(
    *arguments: str, cwd: Path, uri: str | None = None, environment: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start `python train.py ARGUMENTS...` in the folder `cwd`, on the digits, in a session of its own."""
    return subprocess.Popen(
        [*TRAIN, *arguments, "data=digits", f"tracking.uri={uri_in(cwd) if uri is None else uri}"],
        cwd=cwd,
        env=os.environ
        | {"FORCE_COLOR": "", "COLUMNS": "120", "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def in_store(database: Path) -> list[tuple[str, str]]:
    """Names and statuses of all runs in a store, in alphabetical order."""
    if not database.exists():
        return []
    with closing(sqlite3.connect(database)) as store:
        return store.execute("SELECT name, status FROM runs ORDER BY name, status").fetchall()
