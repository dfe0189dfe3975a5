"""Where the files of a data set are: on disk, on a shared disk, or on a mirror."""

from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path

from scratchlab.arguments import ArgumentError
from scratchlab.data.download import download
from scratchlab.data.errors import DataFileError, DataUnavailableError
from scratchlab.data.rawfile import RawFile


def fetch(
    filename: str, *, dataset: str, root: Path, mirrors: Sequence[str], check: Callable[[RawFile], None]
) -> RawFile:
    """Find a file of a data set, or download it.

    Looked at in this order, for `filename` as it is and then for `filename.gz`: the folders
    `root/data/<dataset>` and `root/../shared/data/<dataset>` (which several checkouts can share). Then
    `<mirror>/<filename>.gz` is downloaded from the first of the `mirrors` that has it, into the first folder.

    `check` raises `DataError` for a file that is not the right one. A file on disk that fails is an error,
    never passed over or replaced; an answer of a mirror that fails is dropped, and the next mirror is tried.

    Raises:
        DataFileError: a file is on disk but damaged, unreadable, or fails the check.
        DataUnavailableError: it is in none of these places.
    """
    if isinstance(mirrors, str):
        raise ArgumentError("mirrors", mirrors, f"a list of URLs, such as [{mirrors}]")
    root = root.resolve()
    home = root / "data" / dataset
    shared = root.parent / "shared" / "data" / dataset
    tried: list[str] = []

    for folder in (home, shared):
        for path in (folder / filename, folder / f"{filename}.gz"):
            try:
                file = RawFile.read(path)
            except FileNotFoundError as error:
                tried.append(str(error))
                continue
            check(file)
            return file

    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{filename}.gz"
        try:
            return download(url, home / f"{filename}.gz", check=check)
        except DataFileError as error:
            tried.append(f"{url}: expected {error.expected}, found {error.found}")
        except (OSError, HTTPException, ValueError) as error:
            tried.append(f"{url}: {error}")

    raise DataUnavailableError(
        wanted=f"{filename} of {dataset}",
        tried=tried,
        ways_out=f"Put the files of {dataset} into {home}, or train on the digits that need no download "
        "with data=digits",
    )
