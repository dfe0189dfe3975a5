"""A checkpoint: the state of a training in a file, which is there as a whole or not at all.

The file is an .npz archive whose comment, its last 64 bytes, is the SHA-256 of all bytes before: a file that was cut
short or has changed on the disk is recognised before anything in it is read.
"""

import hashlib
import os
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from scratchlab.training.state import State

_DIGEST_BYTES = 64
UNFINISHED = ".unfinished"
"""The name of a checkpoint while it is written; a kill leaves it behind, and the next checkpoint overwrites it."""


class CheckpointError(ValueError):
    """A file that is no checkpoint, or no longer."""


def write_checkpoint(path: Path, state: State) -> None:
    """Write a state to the disk under another name, and rename it: whenever that ends, `path` is the old or the new.

    Raises:
        OSError: it cannot be written, because the disk is full, say; nothing is left of it then.
    """
    content = BytesIO()
    np.savez(content, allow_pickle=False, **state)
    with ZipFile(content, "a") as archive:
        archive.comment = bytes(_DIGEST_BYTES)
    with content.getbuffer() as whole:
        whole[-_DIGEST_BYTES:] = _digest(whole[:-_DIGEST_BYTES])
    unfinished = path.with_name(UNFINISHED)
    try:
        with unfinished.open("wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())  # or a dying machine may have the name without the content
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_checkpoint(path: Path) -> State:
    """Return the state in a file.

    Raises:
        CheckpointError: the file was cut short, or has changed.
        FileNotFoundError: there is none.
    """
    content = path.read_bytes()
    if content[-_DIGEST_BYTES:] != _digest(content[:-_DIGEST_BYTES]):
        raise CheckpointError(f"{path} is damaged")
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def _digest(content: bytes | memoryview) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
