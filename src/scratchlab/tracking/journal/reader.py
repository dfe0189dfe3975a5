"""A run as its journal tells it, with the end that a killed process could not write."""

from collections.abc import Sequence
from pathlib import Path

from scratchlab.processes.process import Process
from scratchlab.tracking.journal.journal import JournalReader, is_being_written
from scratchlab.tracking.journal.records import End, Metrics, Record, Resumed, Start, Status


class RunReader:
    """Reads a run that may go on; one whose process is gone without an end was KILLED at its last record.

    A run that is resumed has no end again until its new process writes one, or is gone.

    Attributes:
        start: the first record; None before it is written.
        end: the last record; None while the run goes on.
    """

    def __init__(self, folder: Path) -> None:
        self.start: Start | None = None
        self.end: End | None = None
        self._folder = folder
        self._journal = JournalReader(folder)
        self._process: Process | None = None
        self._last_ms = 0

    def read(self) -> list[Record]:
        """Return the records that have come since the last call.

        Raises:
            ValueError: the journal is damaged.
        """
        records = self._noted(self._journal.read())
        if self.end is None and self._is_gone():
            records += self._noted(self._journal.read())  # what it wrote before it went
            if self.end is None:
                records += self._noted([End(Status.KILLED, self._last_ms)])
        return records

    def _is_gone(self) -> bool:
        """Tell whether the run's process is certainly gone."""
        return self._process is not None and self._process.is_gone() and not is_being_written(self._folder)

    def _noted(self, records: Sequence[Record]) -> list[Record]:
        for record in records:
            if isinstance(record, Start):
                self.start = record
            elif isinstance(record, End):
                self.end = record
            if isinstance(record, Start | Resumed):
                self._process, self.end = record.process, None
            if isinstance(record, Start | Resumed | Metrics | End):
                self._last_ms = record.time_ms
        return list(records)
