"""The file of an embedded store: made by one process at a time, found whole or damaged, copied while it is in use."""

import os
import sqlite3
import time
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path
from urllib.parse import unquote

from scratchlab.processes.files import written_whole
from scratchlab.processes.lock import file_lock
from scratchlab.tracking.store.uri import artifacts_folder

LONGEST = 200
_MOVE = [
    f"UPDATE {table} SET {column} = :new || substr({column}, length(:old) + 1) "  # noqa: S608 - names of our own
    f"WHERE substr({column}, 1, length(:old)) = :old"
    for table, column in (
        ("experiments", "artifact_location"),
        ("runs", "artifact_uri"),
        ("logged_models", "artifact_location"),
    )
]
BUSY_SECONDS = 20.0
"""As long as MLflow waits for a lock."""


def damage(database: Path) -> str | None:
    """Return what is wrong with a database in a few words, None if it is whole."""
    if database.stat().st_size == 0:
        return "it is empty"
    try:
        with closing(_connection(database)) as connection:
            [verdict] = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                return str(verdict).partition("\n")[0][:LONGEST]
            [tables] = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'experiments', 'runs')"
            ).fetchone()
    except sqlite3.OperationalError:
        raise  # it is locked, or cannot be opened: that says nothing about what is in it
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if tables == 3 else "it holds no MLflow store"


def back_up(database: Path, copy: Path) -> None:
    """Write a copy of a database that may be in use meanwhile: the state at one moment, whole and on the disk.

    Raises:
        FileExistsError: there is something in the copy's place.
    """
    if copy.exists():
        raise FileExistsError(f"{copy}: expected the name of a new file, but there is one")
    copy.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(copy) as place:
        place.unlink(missing_ok=True)  # SQLite wants a new file, and a kill may have left one
        with closing(_connection(database)) as connection:
            connection.execute("VACUUM INTO ?", [str(place)])
        keep_log_ahead(place)


def keep_log_ahead(database: Path) -> None:
    """Give a database that nobody uses a write-ahead log, and return when all of it is on the disk.

    With the log nobody who reads keeps training runs from writing. The file remembers the mode.
    """
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("rb") as file:
        os.fsync(file.fileno())


def set_aside(database: Path) -> Path:
    """Rename a database, and what SQLite keeps beside it, so that a new one can take its place; return the new name."""
    aside = database.with_name(f"{database.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    with making(database):
        for suffix in ("-wal", "-shm", ""):
            part = database.with_name(f"{database.name}{suffix}")
            if part.exists():
                part.rename(aside.with_name(f"{aside.name}{suffix}"))
    return aside


def find_artifacts(database: Path) -> None:
    """Have a store that was moved or copied, with its artifacts beside it, look for them where it is now.

    MLflow writes down where artifacts are from the root of the file system.
    """
    here = artifacts_folder(database.absolute())
    # What is no store ends here without a word: MLflow is about to say what is wrong with it.
    with suppress(sqlite3.DatabaseError), closing(_connection(database)) as connection:
        for (location,) in connection.execute("SELECT artifact_location FROM experiments").fetchall():
            before, artifacts, name = location.rpartition(f"/{here.name}/")
            moved = before.startswith("file://") and f"{before}/{here.name}" != here.as_uri()
            if moved and (here / unquote(name)).exists():
                with connection:
                    for statement in _MOVE:
                        connection.execute(statement, {"old": before + artifacts, "new": f"{here.as_uri()}/"})


def making(database: Path) -> AbstractContextManager[None]:
    """Keep other processes from making the database meanwhile."""
    return file_lock(database.with_name(f"{database.name}.lock"))


def _connection(database: Path) -> sqlite3.Connection:
    """Open a database that must be there already."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
