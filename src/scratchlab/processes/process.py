"""Which process runs a run, so that one that is gone can be told from one that lives."""

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process; its id alone would not do, because ids are used again."""

    host: str
    pid: int
    started: str
    """What `started` says."""

    @classmethod
    def current(cls) -> Self:
        """Return the process that asks."""
        return cls(socket.gethostname(), os.getpid(), started(os.getpid()) or "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the process that `str` made the text of.

        Raises:
            ValueError: it is none.
        """
        host, pid, started = text.split(" ", 2)
        return cls(host, int(pid), started)

    def __str__(self) -> str:
        return f"{self.host} {self.pid} {self.started}"

    def is_gone(self) -> bool:
        """Tell whether the process has certainly ended; of one on another machine that is never certain."""
        return self.host == socket.gethostname() and started(self.pid) != self.started


def started(pid: int) -> str | None:
    """Return when a process was started: on Linux the boot and the clock tick in it, elsewhere a date.

    A process that has ended is None, also while its parent has not noticed (a zombie).
    """
    if (PROC / "self" / "stat").exists():
        return _started_on_linux(pid)
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    environment = os.environ | {"LC_ALL": "C"}
    ps = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    state, _, date = ps.stdout.strip().partition(" ")
    return None if state[:1] in ("", "Z") else date.strip()


def _started_on_linux(pid: int) -> str | None:
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
    fields = stat[stat.rindex(")") + 2 :].split()
    state, ticks = fields[0], fields[19]
    boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    return None if state in "ZX" else f"{boot}/{ticks}"
