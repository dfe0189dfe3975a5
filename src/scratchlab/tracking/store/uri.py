"""Tracking URIs: the embedded store of a project, servers, and the credentials that must not be written down."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from scratchlab.arguments import ArgumentError

SQLITE = "sqlite:///"
_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#'\"]*@")
SCHEMES = ("http", "https", "sqlite")


def embedded_uri(root: Path) -> str:
    """Return the URI of the store that a project carries with it: `mlruns/mlflow.db` in its folder."""
    return f"{SQLITE}{root.resolve() / 'mlruns' / 'mlflow.db'}"


def absolute_uri(uri: str) -> str:
    """Return the URI with a SQLite file's path made absolute, so that it means the same from everywhere.

    Raises:
        ArgumentError: it is neither a server's nor a SQLite file's.
    """
    if urlsplit(uri).scheme not in SCHEMES:
        expected = f"http://HOST:PORT of an MLflow server, or {SQLITE}FILE.db"
        raise ArgumentError("uri", without_credentials(uri), expected)
    file = sqlite_file(uri)
    if file is not None and any(character in str(file.absolute()) for character in "%?"):
        raise ArgumentError("uri", uri, "a folder without % and ? in its name, which have a meaning in URIs")
    return uri if file is None else f"{SQLITE}{file.absolute()}"


def sqlite_file(uri: str) -> Path | None:
    """Return the file of a SQLite database's URI, None for a server."""
    return Path(uri.removeprefix(SQLITE)) if uri.startswith(SQLITE) else None


def artifacts_folder(database: Path) -> Path:
    """Return the folder for the artifacts of runs in a SQLite database: beside it."""
    return database.parent / "artifacts"


def without_credentials(text: str) -> str:
    """Return a URI, or a text with URIs in it, without users and passwords: what may be written down."""
    return _CREDENTIALS.sub("", text)


def hand_over_credentials(uri: str) -> str:
    """Return the URI without credentials, which `MLFLOW_TRACKING_URI` holds from now on: see `with_credentials`."""
    clean = without_credentials(uri)
    if clean != uri:
        os.environ["MLFLOW_TRACKING_URI"] = uri
    return clean


def with_credentials(uri: str) -> str:
    """Return the URI with the credentials that `MLFLOW_TRACKING_URI` holds for the same store, if it does."""
    given = os.environ.get("MLFLOW_TRACKING_URI", "")
    return given if without_credentials(given) == uri else uri
