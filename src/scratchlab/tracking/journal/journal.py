"""The journal of a run: everything it records, in one file that only grows.

A record costs one system call and no waiting: a process that is killed loses at most the record it was
writing, and neither a slow tracking server nor a dead one is felt in training.
"""

import errno
import fcntl
import os
import time
from pathlib import Path
from typing import Self

from scratchlab.tracking.journal.records import Record, Start, decode, encode

JOURNAL = "journal.jsonl"
GLANCE_SECONDS = 0.1
"""Longer than it takes to look whether a journal is being written."""


class Journal:
    """Writes the records of one run into `folder/journal.jsonl`.

    Raises:
        FileExistsError: the folder holds a run already. Two runs never share a journal.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._take(os.open(folder / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o644))

    @classmethod
    def reopen(cls, folder: Path) -> Self:
        """Go on with the journal in `folder`, behind its last whole record.

        Raises:
            FileNotFoundError: there is none.
            BlockingIOError: another process writes it.
        """
        journal = cls.__new__(cls)
        journal._take(os.open(folder / JOURNAL, os.O_RDWR | os.O_APPEND))
        content = (folder / JOURNAL).read_bytes()
        os.ftruncate(journal._file, content.rfind(b"\n") + 1)  # a kill may have cut the last one short
        return journal

    def _take(self, file: int) -> None:
        """Keep other processes from writing the file until this one closes it or dies."""
        try:
            _lock(file)
        except BlockingIOError:
            time.sleep(GLANCE_SECONDS)  # perhaps somebody has only looked: see `is_being_written`
            try:
                _lock(file)
            except BlockingIOError:
                os.close(file)
                raise
        self._file = file

    def write(self, record: Record) -> None:
        """Append a record; once this returns, the death of the process does not lose it.

        Raises:
            OSError: it could not be written (the disk is full); the journal is as it was before.
        """
        line = encode(record)
        written = os.write(self._file, line)
        if written < len(line):
            os.ftruncate(self._file, os.fstat(self._file).st_size - written)
            raise OSError(errno.ENOSPC, "the disk is full: a record of the run's journal was not written")

    def sync(self) -> None:
        """Return when all records are on the disk, where the death of the machine does not lose them."""
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


class JournalReader:
    """Reads a journal, also one that still grows: `read` returns what has come since the last call."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL
        self._offset = 0

    def read(self) -> list[Record]:
        """Return the new records. A last line without its end, which a kill leaves behind, is left for later.

        Raises:
            ValueError: a line is no record.
        """
        with self._path.open("rb") as file:
            file.seek(self._offset)
            unread = file.read()
        lines = unread.split(b"\n")[:-1]
        try:
            records = [decode(line) for line in lines]
        except ValueError as error:
            raise ValueError(f"{self._path}: {error}") from error
        self._offset += sum(len(line) + 1 for line in lines)
        return records


def run_folders(root: Path) -> list[Path]:
    """Return the folders in and below `root` that hold a run: whose journal has a record at least.

    A process that is killed at once leaves a journal without any, and one that starts just now has not got to it.
    """
    return sorted(journal.parent for journal in root.rglob(JOURNAL) if _has_record(journal))


def _has_record(journal: Path) -> bool:
    with journal.open("rb") as file:
        return file.readline().endswith(b"\n")


def _lock(file: int) -> None:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_being_written(folder: Path) -> bool:
    """Tell whether a process has the journal in `folder` open to write it.

    The lock tells it where process ids do not: of a process in another container of this machine, for one.
    """
    with (folder / JOURNAL).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def read_journal(folder: Path) -> list[Record]:
    """Return all records of the run in `folder`."""
    return JournalReader(folder).read()


def read_start(folder: Path) -> Start:
    """Return the first record of the run in `folder`, without reading the others.

    Raises:
        FileNotFoundError: there is no run in the folder.
        ValueError: its journal does not begin like one: it is damaged, or was left at once by a killed process.
    """
    path = folder / JOURNAL
    with path.open("rb") as file:
        line = file.readline()
    try:
        start = decode(line)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    if not isinstance(start, Start):
        raise ValueError(f"{path}: expected the start of a run, found {line[:80]!r}")
    return start
