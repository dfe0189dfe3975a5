import os
import resource
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from scratchlab.tracking.journal.journal import (
    JOURNAL,
    Journal,
    JournalReader,
    read_journal,
    read_start,
    run_folders,
)
from scratchlab.tracking.journal.records import Metrics, Tag
from tests.tracking.runs import start_record


def run_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_what_is_written_is_read_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "outputs" / "run"
    journal = Journal(folder)
    records = [Metrics(step, step, {"loss": 1 / (step + 1)}) for step in range(100)]
    for record in records:
        journal.write(record)
    assert read_journal(folder) == records
    journal.sync()
    journal.close()
    assert read_journal(folder) == records


def test_two_runs_never_share_a_journal(tmp_path: Path) -> None:
    Journal(tmp_path).close()
    with pytest.raises(FileExistsError, match=JOURNAL):
        Journal(tmp_path)


def test_a_record_without_its_end_is_left_until_the_end_is_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write(Tag("a", "1"))
    journal.write(Tag("b", "2"))
    journal.close()
    file = tmp_path / JOURNAL
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        reader = JournalReader(tmp_path)
        first = reader.read()
        file.write_bytes(whole)
        assert first + reader.read() == [Tag("a", "1"), Tag("b", "2")]
        assert reader.read() == []


def test_a_damaged_line_is_refused_with_the_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b'{"record":"tag","key":"a","value":"1"}\nnonsense\n')
    with pytest.raises(ValueError, match=rf"{JOURNAL}: expected a record of a journal, found b'nonsense'"):
        read_journal(tmp_path)


def test_kill_9_loses_nothing_that_was_written(tmp_path: Path) -> None:
    writer = run_python(
        """
        import sys
        from pathlib import Path
        from scratchlab.tracking.journal.journal import Journal
        from scratchlab.tracking.journal.records import Metrics
        journal = Journal(Path(sys.argv[1]))
        for step in range(10**9):
            journal.write(Metrics(step, 0, {"loss": 1.5}))
            if step % 100 == 0:
                print(step, flush=True)
        """,
        str(tmp_path),
    )
    assert writer.stdout is not None
    with writer:
        reported = -1
        while reported < 1000:
            reported = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        reported = max([reported, *(int(line) for line in writer.stdout)])
    records = read_journal(tmp_path)
    assert len(records) > reported
    assert records == [Metrics(step, 0, {"loss": 1.5}) for step in range(len(records))]


def test_a_full_disk_is_an_error_that_leaves_the_journal_readable(tmp_path: Path) -> None:
    """A limit on the size of files does what a full disk does: the last write stops halfway."""
    journal = Journal(tmp_path)
    journal.write(Tag("a", "1"))
    size = (tmp_path / JOURNAL).stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, hard))
    try:
        with pytest.raises(OSError, match="disk is full: a record of the run's journal was not written"):
            journal.write(Tag("b", "2"))
        assert (tmp_path / JOURNAL).stat().st_size == size
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    journal.write(Tag("c", "3"))
    journal.close()
    assert read_journal(tmp_path) == [Tag("a", "1"), Tag("c", "3")]


def test_a_run_is_identified_while_it_goes_on(tmp_path: Path) -> None:
    start = start_record()
    journal = Journal(tmp_path)
    journal.write(start)
    journal.write(Tag("a", "1"))
    journal.close()
    assert read_start(tmp_path).run_uuid == start.run_uuid


def test_a_folder_without_a_run_identifies_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=JOURNAL):
        read_start(tmp_path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "expected a record of a journal, found b''"),
        ('{"record":"tag","key":"a","value":"1"}\n', 'expected the start of a run, found b\'{"record":"tag"'),
    ],
)
def test_a_journal_without_a_start_identifies_no_run(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / JOURNAL).write_text(content)
    with pytest.raises(ValueError, match=f"^{tmp_path / JOURNAL}: {problem}"):
        read_start(tmp_path)


def test_a_folder_holds_a_run_when_its_journal_has_a_record(tmp_path: Path) -> None:
    for name in ("10", "9", "nested/0"):
        journal = Journal(tmp_path / name)
        journal.write(Tag("a", "1"))
        journal.close()
    Journal(tmp_path / "killed at once").close()
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / JOURNAL).write_text('{"record":"sta')
    (tmp_path / "none").mkdir()
    assert run_folders(tmp_path) == [tmp_path / name for name in ("10", "9", "nested/0")]
    assert run_folders(tmp_path / "9") == [tmp_path / "9"]


class TestReopen:
    def test_it_goes_on_behind_the_last_record(self, tmp_path: Path) -> None:
        journal = Journal(tmp_path)
        journal.write(Tag("a", "1"))
        journal.close()
        journal = Journal.reopen(tmp_path)
        journal.write(Tag("b", "2"))
        journal.sync()
        journal.close()
        assert read_journal(tmp_path) == [Tag("a", "1"), Tag("b", "2")]

    def test_a_record_that_a_kill_cut_short_is_cut_off_wherever_it_was_cut(self, tmp_path: Path) -> None:
        journal = Journal(tmp_path)
        journal.write(Tag("a", "1"))
        journal.write(Tag("\n", "2"))
        journal.close()
        file = tmp_path / JOURNAL
        whole = file.read_bytes()
        first = whole.index(b"\n") + 1
        for length in range(len(whole) + 1):
            file.write_bytes(whole[:length])
            journal = Journal.reopen(tmp_path)
            journal.write(Tag("c", "3"))
            journal.close()
            kept = [Tag("a", "1")] * (length >= first) + [Tag("\n", "2")] * (length == len(whole))
            assert read_journal(tmp_path) == [*kept, Tag("c", "3")]

    def test_without_a_journal_there_is_nothing_to_go_on_with(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=JOURNAL):
            Journal.reopen(tmp_path)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("how", ["Journal(folder)", "Journal.reopen(folder)"])
    def test_another_process_that_writes_it_keeps_it(self, tmp_path: Path, how: str) -> None:
        if "reopen" in how:
            Journal(tmp_path).close()
        writer = run_python(
            f"""
            import sys
            from pathlib import Path
            from scratchlab.tracking.journal.journal import Journal
            from scratchlab.tracking.journal.records import Tag
            folder = Path(sys.argv[1])
            journal = {how}
            journal.write(Tag("a", "1"))
            print("has it", flush=True)
            sys.stdin.read()
            """,
            str(tmp_path),
        )
        assert writer.stdout is not None
        with writer:
            assert writer.stdout.readline() == "has it\n"
            before = (tmp_path / JOURNAL).read_bytes()
            with pytest.raises(BlockingIOError):
                Journal.reopen(tmp_path)
            assert (tmp_path / JOURNAL).read_bytes() == before
            os.kill(writer.pid, signal.SIGKILL)
        journal = Journal.reopen(tmp_path)  # a kill -9 gives the lock back
        journal.write(Tag("b", "2"))
        journal.close()
        assert read_journal(tmp_path) == [Tag("a", "1"), Tag("b", "2")]
