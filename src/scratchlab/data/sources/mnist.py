"""MNIST: 60,000 and 10,000 handwritten digits of 28x28 pixels.

Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", 1998.
"""

from collections.abc import Sequence
from pathlib import Path

from scratchlab.arguments import flag
from scratchlab.data.dataset import Dataset
from scratchlab.data.preparation import Preparation
from scratchlab.data.sources.idx_dataset import idx_dataset

_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""Of the uncompressed bytes."""


def mnist(
    *,
    root: Path,
    mirrors: Sequence[str] = (),
    num_val: int = 10_000,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    verify_checksum: bool = True,
) -> Dataset:
    """Read MNIST from `root/data/mnist`, from `root/../shared/data/mnist`, or download it from `mirrors`.

    `root` is the folder of the project; `mirrors` are URLs of folders that hold the four files, gzipped.
    `num_val`, `limit_train`, `limit_test` and `preprocessing` are explained with `Preparation`. `verify_checksum`
    demands the files of 1998, byte by byte; False accepts any digits in the same format.

    Raises:
        ArgumentError: an argument is out of range.
        DataFileError: a file is there but is damaged or another one; it is left as it is.
        DataUnavailableError: a file is neither there nor on any of the mirrors.
    """
    preparation = Preparation(
        num_val=num_val, limit_train=limit_train, limit_test=limit_test, preprocessing=preprocessing
    )
    flag(verify_checksum=verify_checksum)
    return idx_dataset(
        "mnist",
        preparation,
        root=root,
        mirrors=mirrors,
        class_names=tuple("0123456789"),
        digests=_SHA256 if verify_checksum else None,
    )
