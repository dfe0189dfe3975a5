from dataclasses import replace
from pathlib import Path

import pytest

from scratchlab.processes.process import Process
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.reader import RunReader
from scratchlab.tracking.journal.records import End, Metrics, Record, Resumed, Status, Tag
from tests.tracking.runs import start_record


def test_a_run_that_goes_on_has_no_end(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    reader = RunReader(tmp_path)
    assert (reader.read(), reader.start, reader.end) == ([], None, None)
    start = start_record()
    journal.write(start)
    assert (reader.read(), reader.start, reader.end) == ([start], start, None)
    assert reader.read() == []
    end = End(Status.FAILED, 12)
    journal.write(end)
    journal.close()
    assert (reader.read(), reader.end) == ([end], end)
    assert reader.read() == []


def test_a_run_whose_process_is_gone_was_killed_at_its_last_record(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    start = replace(start_record(), process_started="an earlier boot/1", time_ms=10)
    records: list[Record] = [start, Metrics(1, 20, {"loss": 1.0}), Tag("a", "b")]
    for record in records:
        journal.write(record)
    journal.close()
    killed = End(Status.KILLED, 20)
    for _ in range(2):  # it is the same end each time, for publishing again must change nothing
        reader = RunReader(tmp_path)
        assert reader.read() == [*records, killed]
        assert reader.end == killed
        assert reader.read() == []


def test_an_end_counts_though_its_process_is_gone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    start = replace(start_record(), process_started="an earlier boot/1")
    end = End(Status.FINISHED, 30)
    journal.write(start)
    journal.write(end)
    journal.close()
    assert RunReader(tmp_path).read() == [start, end]


def test_what_a_process_writes_before_it_is_found_gone_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)
    journal.write(start_record())
    end = End(Status.FINISHED, 30)

    def ends_and_is_gone(process: Process) -> bool:
        journal.write(end)
        journal.close()
        return True

    monkeypatch.setattr(Process, "is_gone", ends_and_is_gone)
    assert RunReader(tmp_path).read()[1:] == [end]


def resumed(process: Process, *, time_ms: int) -> Resumed:
    return Resumed(process.host, process.pid, process.started, time_ms)


@pytest.mark.parametrize("live", [True, False])
def test_a_run_that_is_resumed_goes_on_until_its_new_end(tmp_path: Path, live: bool) -> None:
    """Its first process was killed; somebody has watched from the beginning, or looks only now."""
    gone = replace(start_record(), process_started="an earlier boot/1", time_ms=10)
    journal, reader = Journal(tmp_path), RunReader(tmp_path)
    journal.write(gone)
    journal.close()
    if live:
        assert reader.read() == [gone, End(Status.KILLED, 10)]
    journal = Journal.reopen(tmp_path)
    again = resumed(Process.current(), time_ms=20)
    journal.write(again)
    assert reader.read() == ([again] if live else [gone, again])
    ends = [reader.end]
    end = End(Status.FINISHED, 30)
    journal.write(end)
    journal.close()
    assert reader.read() == [end]
    assert [*ends, reader.end] == [None, end]
    assert RunReader(tmp_path).read() == [gone, again, end]


def test_a_run_that_ended_is_not_over_while_it_is_resumed(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    records: list[Record] = [start_record(), End(Status.FAILED, 10), resumed(Process.current(), time_ms=20)]
    for record in records:
        journal.write(record)
    journal.close()
    reader = RunReader(tmp_path)
    assert (reader.read(), reader.end) == (records, None)


def test_a_resumed_run_whose_process_is_gone_too_was_killed_at_its_last_record(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    gone = replace(Process.current(), started="an earlier boot/2")
    records: list[Record] = [
        replace(start_record(), process_started="an earlier boot/1", time_ms=10),
        resumed(gone, time_ms=20),
    ]
    for record in records:
        journal.write(record)
    journal.close()
    for _ in range(2):
        assert RunReader(tmp_path).read() == [*records, End(Status.KILLED, 20)]
