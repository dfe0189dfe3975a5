"""Unpacked copies of packed files: to unpack MNIST takes longer than to read and to check it.

A copy is one file: a line of JSON that says what it is a copy of, then the unpacked bytes.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from scratchlab.data.files.rawfile import RawFile

Stamp = dict[str, str | int]
"""Which file it is, and what tells that it has not changed."""


def read_unpacked(path: Path, *, copy: Path, check: Callable[[RawFile], None]) -> RawFile:
    """Read a packed file as `RawFile.read` does, from its unpacked copy if there is a sound one, and check it.

    A copy is believed only while the packed file has the size and the time of its last change that it had when the
    copy was made, and if its bytes have the SHA-256 that they had then. Any other is made anew. A folder that cannot
    be written to, or a full disk, is no reason to complain: then there is no copy.

    Raises:
        FileNotFoundError: there is no such packed file.
        DataFileError: the packed file cannot be read, is empty, or is not a complete gzip file.
        DataError: `check` fails.
    """
    try:
        stamp = _stamp(path)
    except OSError:
        return RawFile.read(path)  # which says what is wrong
    file = _read(copy, path, stamp)
    if file is not None:
        check(file)
        return file
    file = RawFile.read(path)
    check(file)
    with suppress(OSError):
        _write(copy, file, stamp)
    return file


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return {"path": str(path), "bytes": status.st_size, "changed_ns": status.st_mtime_ns}


def _read(copy: Path, path: Path, stamp: Stamp) -> RawFile | None:
    """Return the content of a copy under the name of its original, None if there is no sound one."""
    try:
        with copy.open("rb") as stored:
            header = json.loads(stored.readline())
            file = RawFile(path, stored.read())
    except (OSError, ValueError):
        return None
    return file if header == stamp | {"sha256": file.sha256} else None


def _write(copy: Path, file: RawFile, stamp: Stamp) -> None:
    """Write a copy, which appears complete or not at all."""
    header = json.dumps(stamp | {"sha256": file.sha256}).encode() + b"\n"
    copy.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".copy-", dir=copy.parent) as folder:
        partial = Path(folder) / copy.name
        with partial.open("wb") as stored:
            stored.write(header)
            stored.write(file.content)
        partial.replace(copy)
