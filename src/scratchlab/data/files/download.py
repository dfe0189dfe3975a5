"""Downloads that arrive whole or not at all."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from scratchlab.data.files.rawfile import RawFile

SILENCE_SECONDS = 10.0
"""How long a server may say nothing."""

TOTAL_SECONDS = 600.0
"""How long a file may take: a server that drips never falls silent."""

_CHUNK_BYTES = 1 << 16


def download(url: str, path: Path, *, check: Callable[[RawFile], None]) -> RawFile:
    """Download `url` to `path`, which either appears complete and checked or stays as it was.

    The file is received in a temporary folder beside `path`, read, given to `check` and renamed into place.
    So neither a broken download does harm, nor a second process that downloads the same file.

    Raises:
        OSError, http.client.HTTPException: no connection, no such file, silence, a connection that broke off.
        ValueError: `url` is not a URL.
        DataError: the server sent something else than the file, as `check` or `RawFile.read` found.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".download-", dir=path.parent) as folder:
        partial = Path(folder) / path.name
        receive(url, partial)
        file = RawFile.read(partial)
        check(file)
        partial.replace(path)
    return RawFile(path, file.content)


def receive(url: str, path: Path) -> None:
    """Write what is at `url` to `path`, which is left incomplete where that fails.

    Raises:
        OSError, http.client.HTTPException: no connection, no such file, silence, a connection that broke off.
        ValueError: `url` is not a URL.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    with urlopen(url, timeout=SILENCE_SECONDS) as response, path.open("wb") as file:
        # read1 returns what one call of recv brought: read would wait for a full chunk, past any deadline.
        while chunk := response.read1(_CHUNK_BYTES):
            file.write(chunk)
            if time.monotonic() > deadline:
                raise TimeoutError(f"not complete after {TOTAL_SECONDS:g} seconds")
        announced = response.headers["Content-Length"]
        if announced is not None and file.tell() != int(announced):
            raise ConnectionError(f"broke off after {file.tell()} of {announced} bytes")
