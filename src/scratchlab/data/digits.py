"""The embedded data set: 1,797 handwritten digits of 8x8 pixels that come with scikit-learn.

Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
1998 (its test part). https://archive.ics.uci.edu/dataset/80
"""

import hashlib
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np

from scratchlab.arguments import flag
from scratchlab.data.dataset import Dataset
from scratchlab.data.errors import DataFileError, DataUnavailableError
from scratchlab.data.preparation import LabelledImages, Preparation
from scratchlab.data.rawfile import RawFile

_SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
_NUM_TEST = 360


def digits(
    *,
    num_val: int = 300,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    verify: bool = True,
) -> Dataset:
    """Read the 8x8 digits from the installed scikit-learn, which is found but not imported (that is slow).

    Pixels are 0 (paper) to 16 (ink), not 0 to 255, so `preprocessing="scale"` divides by 16, and a model
    trained on them has to be asked with pixels from 0 to 16. The last 360 images are the test split.

    `num_val`, `limit_train`, `limit_test` and `preprocessing` are explained with `Preparation`. `verify`
    demands the file as it is known; False accepts any other in the same format.

    Raises:
        ArgumentError: an argument is out of range.
        DataFileError: the file is damaged or another one.
        DataUnavailableError: scikit-learn is not installed, or came without the file.
    """
    preparation = Preparation(
        num_val=num_val, limit_train=limit_train, limit_test=limit_test, preprocessing=preprocessing
    )
    flag(verify=verify)
    file = _find()
    if verify:
        file.verify(_SHA256)
    everything = _parse(file)
    num_train = len(everything) - _NUM_TEST
    return preparation.dataset(
        train=everything.part(0, num_train),
        test=everything.part(num_train, None),
        name="digits",
        max_pixel=16,
        class_names=tuple("0123456789"),
        digest=hashlib.sha256(file.content).hexdigest(),
        source=file.path.parent,
    )


def _find() -> RawFile:
    ways_out = "Install it with `pip install scikit-learn`"
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise DataUnavailableError("digits.csv.gz of scikit-learn", ["the installed packages"], ways_out)
    path = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
    try:
        return RawFile.read(path)
    except FileNotFoundError as error:
        raise DataUnavailableError("digits.csv.gz of scikit-learn", [str(error)], ways_out) from error


def _parse(file: RawFile) -> LabelledImages:
    try:
        table = np.loadtxt(BytesIO(file.content), dtype=np.uint8, delimiter=",", ndmin=2)
    except ValueError as error:
        raise DataFileError(file.path, "a table of whole numbers from 0 to 255", str(error)) from error
    if table.shape[1] != 65 or len(table) <= _NUM_TEST:
        raise DataFileError(
            file.path,
            f"rows of 64 pixels and a label, more than the {_NUM_TEST} that are for the test",
            f"{len(table)} rows of {table.shape[1]} numbers",
        )
    return LabelledImages(images=table[:, :-1].reshape(-1, 8, 8), labels=table[:, -1])
