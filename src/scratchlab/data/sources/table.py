"""A person's own data in one file: a table of numbers with labels."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError
from scratchlab.data.dataset import Dataset
from scratchlab.data.errors import DataFileError
from scratchlab.data.files.csv_table import read_csv
from scratchlab.data.files.npz_table import read_npz
from scratchlab.data.preparation import LabelledImages
from scratchlab.data.sources.own_data import OwnData, checked_shape, own_path
from scratchlab.data.stratification import Stratification


def table(
    *,
    path: str | Path | None,
    label: str | int = "label",
    shape: Sequence[int] | None = None,
    val_fraction: float = 0.1,
    test_fraction: float = 0.1,
    split_seed: int = 0,
    num_val: int | None = None,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
) -> Dataset:
    """Read examples from a `.csv` or `.csv.gz` file with a header, or from a `.npz` file.

    In a CSV file the column `label` holds the classes, as words or whole numbers, all others hold numbers. In an NPZ
    file the array `targets` (N,) holds the classes, `inputs` (N, ...) the numbers. `shape` makes images of the rows:
    (H, W), or (3, H, W) in planes red, green, blue. None leaves them as they are: rows of a CSV file are no images.

    Numbers that are all whole and from 0 to 255 count as 8-bit pixels. The fractions and `split_seed` are explained
    with `Stratification`, the others with `OwnData`. The digest is that of the uncompressed bytes; those of an NPZ
    file are its two arrays, inputs first.

    Raises:
        ArgumentError: an argument is out of range.
        DataNotFoundError: there is no such file.
        DataFileError: the file cannot be used.
    """
    own = OwnData(
        stratification=Stratification(
            val_fraction=val_fraction, test_fraction=test_fraction, split_seed=split_seed
        ),
        num_val=num_val,
        limit_train=limit_train,
        limit_test=limit_test,
        preprocessing=preprocessing,
    )
    image_shape = checked_shape(shape)
    file = own_path(path, kind="file", example="train.csv")
    if file.suffix.lower() == ".npz":
        read = read_npz(file)
    elif file.name.lower().endswith((".csv", ".csv.gz")):
        if not isinstance(label, str | int):  # Hydra makes a number of the name 0
            raise ArgumentError("label", label, "the name of a column")
        read = read_csv(file, label=str(label))
    else:
        raise DataFileError(file, "a name that ends in .npz, .csv or .csv.gz", file.suffix or "none of these")
    values, ids, class_names, digest = read
    if image_shape is not None:
        num_values = math.prod(values.shape[1:])
        if math.prod(image_shape) != num_values:
            raise ArgumentError(
                "shape", list(image_shape), f"a product of {num_values}, the number of values of a row"
            )
        values = values.reshape(-1, *image_shape)
    return own.dataset(
        LabelledImages(_compact(values), ids), path=file, class_names=class_names, digest=digest
    )


def _compact(values: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Return 8-bit numbers if that changes none of them."""
    if values.dtype == np.uint8 or values.min() < 0 or values.max() > 255:
        return values
    whole = values.astype(np.uint8)
    return whole if (whole == values).all() else values
