"""Which process runs a run, so that one that is gone can be told from one that lives."""

import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Process:
    """A process: its id alone would not do, because ids are used again.

    `started` is whatever tells two processes with the same id apart: on Linux the machine's boot and the clock
    tick in it, elsewhere the date that `ps` gives.
    """

    host: str
    pid: int
    started: str

    @classmethod
    def current(cls) -> Self:
        """Return the process that asks."""
        return cls(socket.gethostname(), os.getpid(), _started(os.getpid()) or "")

    def is_gone(self) -> bool:
        """Tell whether the process has certainly ended; one on another machine is never known to have."""
        return self.host == socket.gethostname() and _started(self.pid) != self.started


def _started(pid: int) -> str | None:
    """Return when a process was started, None if there is none (a zombie has ended, too)."""
    if Path("/proc/self/stat").exists():
        return _started_on_linux(pid)
    ps = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, env={"LC_ALL": "C"}
    )
    state, _, started = ps.stdout.strip().partition(" ")
    return None if state[:1] in ("", "Z") else started.strip()


def _started_on_linux(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name, the second field, may hold anything, spaces and parentheses too.
    fields = stat[stat.rindex(")") + 2 :].split()
    state, ticks = fields[0], fields[19]
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if state in "ZX" else f"{boot}/{ticks}"
