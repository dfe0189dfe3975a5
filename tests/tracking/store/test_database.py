import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.tracking.store.client import connect, experiment_id
from scratchlab.tracking.store.database import back_up, damage, set_aside


def test_a_store_is_whole(database: Path) -> None:
    assert damage(database) is None


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000])
def test_what_is_no_database_is_damaged(tmp_path: Path, content: bytes) -> None:
    database = tmp_path / "mlflow.db"
    database.write_bytes(content)
    assert damage(database) == ("file is not a database" if content else "it is empty")


def test_a_database_of_something_else_is_no_store(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE runs (name TEXT)")
    connection.close()
    assert damage(tmp_path / "other.db") == "it holds no MLflow store"


def test_a_page_that_was_overwritten_is_found(database: Path) -> None:
    content = bytearray(database.read_bytes())
    for page in range(5, len(content) // 4096, 7):
        content[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    database.write_bytes(content)
    assert damage(database) is not None


def test_a_locked_database_is_not_called_damaged(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scratchlab.tracking.store.database.BUSY_SECONDS", 0.1)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        damage(database)
    connection.close()


WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("CREATE TABLE pairs (a, b)")
for number in range(10**9):
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO pairs VALUES (?, 0)", [number])
    connection.execute("UPDATE pairs SET b = a WHERE a = ?", [number])
    connection.execute("COMMIT")
    if number % 100 == 0:
        print(number, flush=True)
"""


def test_a_copy_made_while_it_is_written_is_the_state_of_one_moment(database: Path, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITE, str(database)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        copies = [tmp_path / "backups" / f"{number}.db" for number in range(5)]
        for copy in copies:
            back_up(database, copy)
            writer.stdout.readline()
        writer.kill()
    counts = []
    for copy in copies:
        assert damage(copy) is None
        connection = sqlite3.connect(copy)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        pairs = connection.execute("SELECT a, b FROM pairs ORDER BY a").fetchall()
        connection.close()
        assert pairs == [(number, number) for number in range(len(pairs))]
        counts.append(len(pairs))
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert not [path for path in copies[0].parent.iterdir() if path.name.startswith(".")]


def test_a_copy_takes_nobody_elses_place(database: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(FileExistsError, match=r"copy\.db: expected the name of a new file"):
        back_up(database, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_what_is_set_aside_makes_room_for_a_new_one(database: Path, uri: str) -> None:
    content = database.read_bytes()
    Path(f"{database}-wal").write_bytes(b"log")
    aside = set_aside(database)
    assert aside.read_bytes() == content
    assert Path(f"{aside}-wal").read_bytes() == b"log"
    assert experiment_id(connect(uri), "mnist") == "1"
    assert damage(database) is None
