"""Whether a tracking store can be reached, found out in seconds and without MLflow, which takes longer to import."""

import os
import ssl
from http.client import HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from scratchlab.tracking.store.uri import sqlite_file, without_credentials

PATIENCE_SECONDS = 2.0
"""A server that goes on answers within milliseconds, one on the other side of the world within one second."""


class UnreachableError(ConnectionError):
    """A tracking store cannot be reached, and was required."""


def why_unreachable(uri: str) -> str | None:
    """Return why nothing can be published to the store at `uri` now, in a few words; None if it can be reached."""
    file = sqlite_file(uri)
    if file is not None:
        return _why_unwritable(file)
    answers: SimpleQueue[str | None] = SimpleQueue()
    # In a thread, because to look a name up may take longer than there is patience.
    Thread(target=lambda: answers.put(_why_silent(without_credentials(uri))), daemon=True).start()
    try:
        return answers.get(timeout=PATIENCE_SECONDS + 0.5)
    except Empty:
        return "timed out"


def _why_silent(uri: str) -> str | None:
    try:
        with urlopen(f"{uri.rstrip('/')}/health", timeout=PATIENCE_SECONDS):
            return None
    except HTTPError:
        return None  # that is an answer, too
    except (OSError, HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, ssl.SSLError):
            return None  # somebody is there; MLflow has settings of its own for certificates
        return (reason.strerror if isinstance(reason, OSError) else None) or str(reason)


def _why_unwritable(file: Path) -> str | None:
    place = file if file.exists() else next(parent for parent in file.absolute().parents if parent.exists())
    if place != file and not place.is_dir():
        return f"{place} is no folder"
    return None if os.access(place, os.W_OK) else f"{place} cannot be written to"
