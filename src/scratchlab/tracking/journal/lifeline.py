"""The tie between a sweep and the workers that a launcher has started for it: when the sweep is over, they end.

Without it they live on when the sweep's process is killed: joblib's start the runs that still wait, jobs of submitit
go on for hours.
"""

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scratchlab.processes.process import Process
from scratchlab.processes.signals import Terminated, ending_is_heeded
from scratchlab.tracking.journal.reader import RunReader
from scratchlab.tracking.journal.records import Status

POLL_SECONDS = 1.0
GRACE_SECONDS = 2.0
"""For a run to record that it was KILLED, before its process is; at most."""
LEAVE_SECONDS = 0.5
"""For a process whose run has ended, to end by itself."""
LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Lifeline:
    """Holds a worker as long as its sweep goes on.

    Args:
        sweep: the process that runs the sweep.
        folder: the sweep's. Its journal tells workers on other machines, who cannot see the process, that it has
            ended.
    """

    sweep: Process
    folder: Path

    def hold(self) -> None:
        """Watch the sweep from now on, and end this process when it is over.

        A run that goes on by then is told by SIGTERM, and ends as KILLED. In the sweep's own process there is
        nothing to watch.

        Raises:
            Terminated: it is over already.
        """
        if self.sweep == Process.current():
            return
        if self.is_cut():
            raise Terminated(signal.SIGTERM)
        _watch(self)

    def is_cut(self) -> bool:
        """Tell whether the sweep's process is gone, or its journal says that it did not reach its end."""
        if self.sweep.is_gone():
            return True
        reader = RunReader(self.folder)
        with suppress(OSError, ValueError):  # where nothing is recorded, or it cannot be read
            reader.read()
        return reader.end is not None and reader.end.status is not Status.FINISHED


@cache
def _watch(lifeline: Lifeline) -> None:
    """Start the thread that watches: one for all runs of a worker, because it has to end between them, too."""
    threading.Thread(target=_end_when_cut, args=[lifeline], name="lifeline", daemon=True).start()


def _end_when_cut(lifeline: Lifeline) -> None:
    while not lifeline.is_cut():
        time.sleep(POLL_SECONDS)
    if ending_is_heeded():  # otherwise no run goes on, and a launcher may ignore what it is told
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGTERM)
        for _ in range(round(GRACE_SECONDS / LOOK_SECONDS)):
            time.sleep(LOOK_SECONDS)
            if not ending_is_heeded():  # the run has ended
                time.sleep(LEAVE_SECONDS)
                break
    os.kill(os.getpid(), signal.SIGKILL)
