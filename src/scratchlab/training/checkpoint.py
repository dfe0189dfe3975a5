"""A checkpoint: the state of a training in a file, which is there as a whole or not at all.

The file is an .npz archive whose comment, its last 64 bytes, is the SHA-256 of all bytes before: a file that was cut
short or has changed on the disk is recognised before anything in it is read.
"""

import hashlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from scratchlab.processes.files import written_whole
from scratchlab.training.state import State

_DIGEST_BYTES = 64


class CheckpointError(ValueError):
    """A file that is no checkpoint, or no longer."""


def write_checkpoint(path: Path, state: State) -> None:
    """Write a state to the disk: whenever that ends, `path` is the old file or the new one.

    Raises:
        OSError: it cannot be written, because the disk is full, say; nothing is left of it then.
    """
    content = BytesIO()
    np.savez(content, allow_pickle=False, **state)
    with ZipFile(content, "a") as archive:
        archive.comment = bytes(_DIGEST_BYTES)
    with content.getbuffer() as whole:
        whole[-_DIGEST_BYTES:] = _digest(whole[:-_DIGEST_BYTES])
        with written_whole(path, sync=True) as place, place.open("wb") as file:
            file.write(whole)


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
