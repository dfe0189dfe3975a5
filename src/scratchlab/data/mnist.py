"""MNIST: 60,000 and 10,000 handwritten digits of 28x28 pixels.

Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", 1998.
"""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from scratchlab.arguments import flag
from scratchlab.data.dataset import Dataset
from scratchlab.data.errors import DataFileError
from scratchlab.data.fetch import fetch
from scratchlab.data.idx import parse_idx
from scratchlab.data.preparation import LabelledImages, Preparation
from scratchlab.data.rawfile import RawFile

_FILES = {
    "train-images-idx3-ubyte": (3, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    "train-labels-idx1-ubyte": (1, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    "t10k-images-idx3-ubyte": (3, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    "t10k-labels-idx1-ubyte": (1, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
}
"""The number of dimensions and the SHA-256 of the uncompressed bytes, file by file."""


def mnist(
    *,
    root: Path,
    mirrors: Sequence[str] = (),
    num_val: int = 10_000,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    verify: bool = True,
) -> Dataset:
    """Read MNIST from `root/data/mnist`, from `root/../shared/data/mnist`, or download it from `mirrors`.

    `root` is the folder of the project; `mirrors` are URLs of folders that hold the four files, gzipped.
    `num_val`, `limit_train`, `limit_test` and `preprocessing` are explained with `Preparation`. `verify`
    demands the files of 1998, byte by byte; False accepts any digits in the same format.

    Raises:
        ArgumentError: an argument is out of range.
        DataFileError: a file is there but is damaged or another one; it is left as it is.
        DataUnavailableError: a file is neither there nor on any of the mirrors.
    """
    preparation = Preparation(
        num_val=num_val, limit_train=limit_train, limit_test=limit_test, preprocessing=preprocessing
    )
    flag(verify=verify)

    files = []
    for name, (ndim, sha256) in _FILES.items():
        check = partial(_check, ndim=ndim, sha256=sha256 if verify else None)
        files.append(fetch(name, dataset="mnist", root=root, mirrors=mirrors, check=check))
    train_images, train_labels, test_images, test_labels = files
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.content)
    return preparation.dataset(
        train=_labelled(train_images, train_labels),
        test=_labelled(test_images, test_labels),
        name="mnist",
        max_pixel=255,
        class_names=tuple("0123456789"),
        digest=digest.hexdigest(),
        source=train_images.path.parent,
    )


def _check(file: RawFile, *, ndim: int, sha256: str | None) -> None:
    parse_idx(file, ndim=ndim)
    if sha256 is not None:
        file.verify(sha256)


def _labelled(images_file: RawFile, labels_file: RawFile) -> LabelledImages:
    images = parse_idx(images_file, ndim=3)
    labels = parse_idx(labels_file, ndim=1)
    if len(labels) != len(images):
        raise DataFileError(
            labels_file.path,
            f"{len(images)} labels, one for each of {images_file.path.name}",
            f"{len(labels)}",
        )
    return LabelledImages(images, labels)
