"""Downloads of whole folders, which arrive as one archive."""

import gzip
import hashlib
import tarfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from scratchlab.data.errors import DataFileError
from scratchlab.data.files.download import receive

_CHUNK_BYTES = 1 << 20


def download_archive(url: str, folder: Path, *, sha256: str | None) -> Path:
    """Download the archive at `url` and put the folder in it that is named as `folder` there, and return it.

    The archive, a tar.gz, is received and unpacked in a temporary folder beside `folder`, which appears complete or
    not at all. `sha256` is that of the archive as it is received; None accepts any.

    Raises:
        OSError, http.client.HTTPException: no connection, no such file, silence, a connection that broke off.
        ValueError: `url` is not a URL.
        DataFileError: the server sent another archive, a damaged one, or one without the folder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".download-", dir=folder.parent) as temporary:
        archive = Path(temporary) / "archive"
        receive(url, archive)
        if sha256 is not None:
            _verify(archive, sha256)
        unpacked = Path(temporary) / "unpacked"
        _unpack(archive, unpacked)
        if not (unpacked / folder.name).is_dir():
            raise DataFileError(archive, f"the folder {folder.name} in the archive", "none of that name")
        try:
            (unpacked / folder.name).rename(folder)
        except OSError:
            if not folder.is_dir():  # there, where another process was faster
                raise
    return folder


def _verify(archive: Path, sha256: str) -> None:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise DataFileError(
            archive,
            f"an archive of SHA-256 {sha256}",
            f"{archive.stat().st_size} bytes of SHA-256 {found}",
        )


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with gzip.open(archive) as content, tarfile.open(fileobj=content, mode="r|") as tar:
            tar.extractall(folder, filter="data")
            while content.read(_CHUNK_BYTES):
                pass  # behind the last file is the checksum, which only those see who read to the end
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataFileError(archive, "a sound tar.gz archive", f"something else ({error})") from error
