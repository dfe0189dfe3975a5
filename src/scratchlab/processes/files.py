"""Files that appear whole: written beside their place, then renamed into it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path, *, sync: bool = False) -> Iterator[Path]:
    """Yield where to write a file, which replaces `path` at the end of the block.

        with written_whole(path) as place:
            place.write_text(text)

    The place is in the folder of `path`, which has to exist, and has the same suffix. A reader sees the old file or the
    new one. If the block raises, `path` stays as it was and nothing is left beside it.

    Args:
        path: of the file; one process at a time may write it.
        sync: return only when file and name are on the disk, where the death of the machine does not lose them.
    """
    place = path.with_name(f".{path.name}")
    try:
        yield place
        if sync:
            _sync(place)
        place.replace(path)
    finally:
        place.unlink(missing_ok=True)
    if sync:
        _sync(path.parent)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
