"""Where the files of a data set are: on disk, on a shared disk, or on a mirror.

The environment variable SCRATCHLAB_DATA names one or more folders, separated as in PATH, in which each data set has a
folder of its name. They take the place of `root/data` and `root/../shared/data`, and downloads go to the first. Empty,
it counts as unset.
"""

import os
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import TypeVar

from scratchlab.arguments import ArgumentError
from scratchlab.data.errors import DataFileError, DataUnavailableError
from scratchlab.data.files.archive import download_archive
from scratchlab.data.files.download import download
from scratchlab.data.files.rawfile import RawFile
from scratchlab.data.files.unpacked import read_unpacked

Found = TypeVar("Found")

DATA_FOLDERS = "SCRATCHLAB_DATA"
"""The environment variable that names the folders of all data sets."""

UNPACKED = ".unpacked"
"""The folder of unpacked copies. Nobody misses it when it is gone."""


def fetch(
    filename: str, *, dataset: str, root: Path, mirrors: Sequence[str], check: Callable[[RawFile], None]
) -> RawFile:
    """Find a file of a data set, or download it.

    Looked at in this order, for `filename` as it is and then for `filename.gz`: the folders
    `root/data/<dataset>` and `root/../shared/data/<dataset>` (which several checkouts can share). Then
    `<mirror>/<filename>.gz` is downloaded from the first of the `mirrors` that has it, into the first folder.
    Of a packed file the first folder keeps an unpacked copy, see `read_unpacked`.

    `check` raises `DataError` for a file that is not the right one. A file on disk that fails is an error,
    never passed over or replaced; an answer of a mirror that fails is dropped, and the next mirror is tried.

    Raises:
        DataFileError: a file is on disk but damaged, unreadable, or fails the check.
        DataUnavailableError: it is in none of these places.
    """
    home, *others = _homes(root, dataset)
    tried: list[str] = []
    for folder in (home, *others):
        try:
            file = RawFile.read(folder / filename)
            check(file)
            return file
        except FileNotFoundError as error:
            tried.append(str(error))
        try:
            return read_unpacked(folder / f"{filename}.gz", copy=home / UNPACKED / filename, check=check)
        except FileNotFoundError as error:
            tried.append(str(error))

    return _from_a_mirror(
        mirrors,
        f"{filename}.gz",
        lambda url: download(url, home / f"{filename}.gz", check=check),
        wanted=f"{filename} of {dataset}",
        home=home,
        tried=tried,
    )


def fetch_folder(
    name: str,
    filenames: Sequence[str],
    *,
    archive: str,
    sha256: str | None,
    dataset: str,
    root: Path,
    mirrors: Sequence[str],
) -> Path:
    """Find the folder that holds the files of a data set, or download the archive that it is published in.

    The folder is the first of `root/data/<dataset>`, `root/data/<dataset>/<name>` and the same two under
    `root/../shared` in which any of the files is. If there is none, `<mirror>/<archive>` is downloaded from
    the first of the `mirrors` that has it, checked against `sha256` unless that is None, and unpacked as
    `root/data/<dataset>/<name>`.

    Raises:
        DataFileError: some of the files are there, but not all of them.
        DataUnavailableError: none of the files is in any of these places.
    """
    home, *others = _homes(root, dataset)
    tried: list[str] = []
    for folder in (place for each in (home, *others) for place in (each, each / name)):
        missing = [folder / filename for filename in filenames if not (folder / filename).exists()]
        if not missing:
            return folder
        if len(missing) < len(filenames):
            raise DataFileError(
                missing[0],
                f"all {len(filenames)} files of {dataset} in one folder",
                f"{len(filenames) - len(missing)} of them without this one",
                advice="add what is missing, or remove the rest",
            )
        tried.append(f"{folder}: none of its files")

    return _from_a_mirror(
        mirrors,
        archive,
        lambda url: download_archive(url, home / name, sha256=sha256),
        wanted=f"{name} of {dataset}",
        home=home,
        tried=tried,
    )


def _homes(root: Path, dataset: str) -> list[Path]:
    named = [Path(each).expanduser() for each in os.environ.get(DATA_FOLDERS, "").split(os.pathsep) if each]
    root = root.resolve()
    folders = [folder.resolve() for folder in named] or [root / "data", root.parent / "shared" / "data"]
    return [folder / dataset for folder in folders]


def _from_a_mirror(
    mirrors: Sequence[str],
    filename: str,
    download_from: Callable[[str], Found],
    *,
    wanted: str,
    home: Path,
    tried: Sequence[str],
) -> Found:
    """Return what `download_from` makes of the first URL that works; `tried` are the places on disk."""
    if isinstance(mirrors, str):
        raise ArgumentError("mirrors", mirrors, f"a list of URLs, such as [{mirrors}]")
    failures = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{filename}"
        try:
            return download_from(url)
        except DataFileError as error:
            failures.append(f"{url}: expected {error.expected}, found {error.found}")
        except (OSError, HTTPException, ValueError) as error:
            failures.append(f"{url}: {error}")
    raise DataUnavailableError(
        wanted=wanted,
        tried=[*tried, *failures],
        ways_out=f"Put the files of {home.name} into {home}, name the folder around theirs in {DATA_FOLDERS}, "
        "or train on the digits that need no download with data=mnist_sample",
    )
