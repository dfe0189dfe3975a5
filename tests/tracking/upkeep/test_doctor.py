import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from scratchlab.tracking import Published
from scratchlab.tracking.journal.records import Status
from scratchlab.tracking.publish.command import publish
from scratchlab.tracking.store.client import connect
from scratchlab.tracking.store.database import damage
from scratchlab.tracking.upkeep.doctor import main
from tests.tracking.conftest import Content
from tests.tracking.publish.test_command import record, statuses

pytestmark = pytest.mark.usefixtures("quick_to_give_up")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "outputs"


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_where_all_is_well_it_says_so(runs: Path, uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    record(runs / "a", uri).close()
    publish(runs / "a")
    record(runs / "goes on", uri, None)
    assert main(["--uri", uri, str(runs)]) == 0
    assert told(capsys) == ["nothing is amiss"]


def test_a_project_without_anything_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    assert told(capsys) == ["nothing is amiss"]
    assert not list(tmp_path.iterdir())


def test_runs_that_were_never_published_are(runs: Path, uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    record(runs / "a", uri).close()
    record(runs / "b", uri, Status.FAILED).close()
    assert main(["--uri", uri, str(runs)]) == 1
    assert told(capsys) == [
        f"{runs}/a: never published",
        f"{runs}/b: never published",
        "2 to mend: python -m scratchlab.tracking.upkeep.doctor --mend",
    ]
    assert main(["--uri", uri, str(runs), "--mend"]) == 0
    link = Published.load(runs / "b")
    assert link is not None
    assert told(capsys)[3:] == [f"  FAILED in MLflow, {link.link}", "nothing is amiss any more"]
    assert statuses(uri) == {"a": "FINISHED", "b": "FAILED"}


@pytest.mark.system
def test_a_store_that_cannot_be_read_is_made_anew_from_the_journals(
    runs: Path, uri: str, database: Path
) -> None:
    for name in ("a", "b"):
        record(runs / name, uri).close()
        publish(runs / name)
    database.write_bytes(b"nonsense" * 1000)
    # In processes of their own: this one has the file open.
    command = [sys.executable, "-m", "scratchlab.tracking.upkeep.doctor", "--uri", uri, str(runs)]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 1
    assert found.stdout.startswith(f"{database} is damaged: file is not a database\n")
    mended = subprocess.run([*command, "--mend"], capture_output=True, text=True)
    assert (mended.returncode, mended.stdout.splitlines()[-1]) == (0, "nothing is amiss any more")
    with closing(sqlite3.connect(database)) as store:
        assert store.execute("SELECT name, status FROM runs ORDER BY name").fetchall() == [
            ("a", "FINISHED"),
            ("b", "FINISHED"),
        ]
    assert damage(database) is None
    [aside] = database.parent.glob("*.damaged-*[0-9]")
    assert aside.read_bytes() == b"nonsense" * 1000


def test_runs_of_a_store_that_was_deleted_are_published_again(
    runs: Path, uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record(runs / "a", uri).close()
    replace(publish(runs / "a"), run_id="0" * 32).save(runs / "a")
    assert main(["--uri", uri, str(runs)]) == 1
    assert told(capsys)[0] == f"{runs}/a: was published, but the store does not have it"
    assert main(["--uri", uri, str(runs), "--mend"]) == 0
    assert statuses(uri) == {"a": "FINISHED"}


def test_what_cannot_be_mended_keeps_nothing_else_from_it(
    runs: Path, uri: str, dead: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record(runs / "a", dead).close()
    record(runs / "b", uri).close()
    (runs / "c").mkdir()
    (runs / "c" / "journal.jsonl").write_text("nonsense\n")
    assert main(["--uri", uri, str(runs), "--mend"]) == 1
    lines = told(capsys)
    assert lines[1] == "  not mended: the tracking server does not answer (Connection refused)"
    problem = f"{runs}/c/journal.jsonl: expected a record of a journal, found b'nonsense'"
    assert lines[-2:] == [problem, f"  not mended: {problem}"]
    assert statuses(uri) == {"b": "FINISHED"}


def test_it_changes_nothing_unasked(
    runs: Path, uri: str, content: Callable[[], Content], capsys: pytest.CaptureFixture[str]
) -> None:
    record(runs / "a", uri).close()
    connect(uri)
    before = content()
    assert main(["--uri", uri, str(runs)]) == 1
    assert content() == before


def test_a_backup_is_a_store(
    runs: Path, uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(runs / "a", uri).close()
    publish(runs / "a")
    copy = tmp_path / "backup.db"
    assert main(["--uri", uri, "--backup", str(copy)]) == 0
    assert statuses(f"sqlite:///{copy}") == {"a": "FINISHED"}
    assert main(["--uri", uri, "--backup", str(copy)]) == 1
    assert f"{copy}: expected the name of a new file" in capsys.readouterr().err
    assert main(["--uri", "http://me:secret@server:5000", "--backup", str(copy)]) == 1
    assert capsys.readouterr().err == (
        "http://server:5000: a server's store is backed up where the server is\n"
    )


def test_a_server_that_is_away_is_one_sentence(
    runs: Path, dead: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runs.mkdir()
    assert main(["--uri", dead, str(runs)]) == 1
    assert capsys.readouterr().err == f"{dead}: the tracking server does not answer (Connection refused)\n"
