"""The uncompressed content of a file."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Literal, Self

from scratchlab.data.errors import DataFileError, DataNotFoundError
from scratchlab.data.files.memory import demand_memory

Algorithm = Literal["sha256", "md5"]
"""SHA-256 wherever it is known. MD5 tells damage and another file, but not a forgery."""

_ALGORITHM_NAMES: dict[Algorithm, str] = {"sha256": "SHA-256", "md5": "MD5"}

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class RawFile:
    """The uncompressed bytes of a file, and the path they were read from."""

    path: Path
    content: bytes

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; one whose name ends in `.gz` is unpacked.

        Raises:
            DataNotFoundError: there is no such file.
            DataFileError: the file cannot be read, is empty, is not a complete gzip file, or does not fit into memory.
        """
        try:
            demand_memory(path, path.stat().st_size, advice="take a part of it")
            stored = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise DataNotFoundError(f"{path}: no such file") from error
        except OSError as error:
            raise DataFileError(path, "a readable file", f"{error.strerror}") from error
        content = _unpack(path, stored) if path.suffix == ".gz" else stored
        if not content:
            raise DataFileError(path, "data", "an empty file")
        return cls(path, content)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the uncompressed bytes, in hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()

    def verify(self, digest: str, *, algorithm: Algorithm = "sha256") -> None:
        """Demand that the uncompressed bytes have this digest, in hexadecimal digits.

        Raises:
            DataFileError: they have another one.
        """
        is_sha256 = algorithm == "sha256"
        found = self.sha256 if is_sha256 else hashlib.md5(self.content, usedforsecurity=False).hexdigest()
        if found != digest:
            name = _ALGORITHM_NAMES[algorithm]
            raise DataFileError(
                self.path,
                expected=f"uncompressed bytes of {name} {digest}",
                found=f"{len(self.content)} bytes of {name} {found}",
                advice="replace it, or accept it as it is with data.verify_checksum=false",
            )


def _unpack(path: Path, stored: bytes) -> bytes:
    if not stored.startswith(b"\x1f\x8b"):
        raise DataFileError(path, "gzip data", f"{stored[:16]!r}" if stored else "an empty file")
    content = BytesIO()
    try:
        with gzip.open(BytesIO(stored)) as unpacked:
            # The little that is packed does not say how much it will become.
            while chunk := unpacked.read(_CHUNK_BYTES):
                demand_memory(path, content.tell() + len(chunk), advice="take a part of it")
                content.write(chunk)
    except EOFError as error:
        raise DataFileError(
            path, "a complete gzip file", f"one that breaks off at {len(stored)} bytes"
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataFileError(path, "sound gzip data", f"damaged data ({error})") from error
    return content.getvalue()
