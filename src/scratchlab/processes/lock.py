"""A lock between processes, which the system takes back from a process that dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock that `path` stands for; wait while another process holds it. The file stays, as it is."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
