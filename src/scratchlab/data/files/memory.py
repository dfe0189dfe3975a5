"""How much memory there is, so that data that cannot fit are refused before they are read."""

import os
from pathlib import Path

from scratchlab.data.errors import DataFileError

MEMINFO = Path("/proc/meminfo")
_GIB = 1 << 30


def available_bytes() -> int | None:
    """Return the memory that new arrays can take, or None if the system does not say.

    Linux estimates it. Elsewhere it is all the memory that the machine has.
    """
    try:
        for line in MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # a system without sysconf, or without these names
        return None


def demand_memory(path: Path, needed_bytes: int, *, advice: str) -> None:
    """Demand that what is in `path` fits into memory.

    Raises:
        DataFileError: it needs more than there is.
    """
    available = available_bytes()
    if available is not None and needed_bytes > available:
        raise DataFileError(
            path,
            f"data that fit into the available memory, {available / _GIB:.1f} GiB",
            f"about {needed_bytes / _GIB:.1f} GiB",
            advice=advice,
        )
