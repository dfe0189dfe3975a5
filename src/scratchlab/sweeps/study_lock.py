"""The lock that processes take in turn to write into a study."""

from contextlib import ExitStack
from pathlib import Path

from optuna.storages.journal import JournalFileOpenLock

from scratchlab.processes.lock import file_lock


class StudyLock(JournalFileOpenLock):
    """A lock on the file of a study itself, to be had at once where its holder was killed.

    Optuna's own lock, which it stands in for, is a file that would stay behind: the next one waits for half a minute.
    """

    def __init__(self, study: Path) -> None:
        super().__init__(str(study))
        self._study = study
        self._held = ExitStack()

    def acquire(self) -> bool:
        """Wait until nobody else writes; returns True, as Optuna expects."""
        self._held.enter_context(file_lock(self._study))
        return True

    def release(self) -> None:
        """Let others write."""
        self._held.close()
