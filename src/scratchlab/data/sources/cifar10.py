"""CIFAR-10: 50,000 and 10,000 colour images of 32x32 pixels.

In the binary version, which needs no pickle: every file is a row of records of one byte for the label and 3,072 for the
pixels, planes red, green, blue. N records.

Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
https://www.cs.toronto.edu/~kriz/cifar.html
"""

import hashlib
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scratchlab.arguments import flag
from scratchlab.data.dataset import Dataset
from scratchlab.data.errors import DataFileError
from scratchlab.data.files.fetch import fetch_folder
from scratchlab.data.files.rawfile import RawFile
from scratchlab.data.preparation import LabelledImages, Preparation

_INPUT_SHAPE = (3, 32, 32)
_RECORD_BYTES = 1 + math.prod(_INPUT_SHAPE)

_CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_NAMES_FILE = "batches.meta.txt"

_SHA256 = {
    "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
    "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
}
"""Of the official files, from TorchVision for Ruby (https://github.com/ankane/torchvision-ruby)."""

_ARCHIVE = "cifar-10-binary.tar.gz"
_ARCHIVE_SHA256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
"""Of the archive whose published MD5 is c32a1d4ab5d03f1284b67883e8d87530."""


def cifar10(
    *,
    root: Path,
    mirrors: Sequence[str] = (),
    num_val: int = 1_000,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    verify_checksum: bool = True,
) -> Dataset:
    """Read CIFAR-10 from `root/data/cifar10`, `root/../shared/data/cifar10`, or download it from `mirrors`.

    The files may also be in a folder `cifar-10-batches-bin` therein, as they come out of the official archive.
    `root` is the folder of the project; `mirrors` are URLs of folders that hold the archive.

    `num_val`, `limit_train`, `limit_test` and `preprocessing` are explained with `Preparation`; 49,000 images
    to train on and 1,000 to validate on is how the course CS231n splits them. `verify_checksum` demands the official
    files, byte by byte; False accepts any number of images of any classes in the same format.

    Raises:
        ArgumentError: an argument is out of range.
        DataFileError: a file is there but is damaged or another one, or one of them is missing.
        DataUnavailableError: the files are neither there nor on any of the mirrors.
    """
    preparation = Preparation(
        num_val=num_val, limit_train=limit_train, limit_test=limit_test, preprocessing=preprocessing
    )
    flag(verify_checksum=verify_checksum)
    folder = fetch_folder(
        "cifar-10-batches-bin",
        [*_SHA256, _NAMES_FILE],
        archive=_ARCHIVE,
        sha256=_ARCHIVE_SHA256 if verify_checksum else None,
        dataset="cifar10",
        root=root,
        mirrors=mirrors,
    )
    class_names = _read_class_names(folder, verify_checksum=verify_checksum)
    digest = hashlib.sha256()
    batches = []
    for filename, sha256 in _SHA256.items():
        file = RawFile.read(folder / filename)
        batches.append(_parse(file, num_classes=len(class_names)))
        if verify_checksum:
            file.verify(sha256)
        digest.update(file.content)
    *train, test = batches
    return preparation.dataset(
        train=LabelledImages(
            images=np.concatenate([batch.images for batch in train]),
            labels=np.concatenate([batch.labels for batch in train]),
        ),
        test=test,
        name="cifar10",
        max_pixel=255,
        class_names=class_names,
        digest=digest.hexdigest(),
        source=folder,
    )


def _read_class_names(folder: Path, *, verify_checksum: bool) -> tuple[str, ...]:
    file = RawFile.read(folder / _NAMES_FILE)
    names = tuple(line for line in file.content.decode(errors="replace").splitlines() if line)
    if verify_checksum and names != _CLASS_NAMES:
        raise DataFileError(
            file.path,
            f"the class names {', '.join(_CLASS_NAMES)}",
            ", ".join(names),
            advice="replace it, or accept it as it is with data.verify_checksum=false",
        )
    return names


def _parse(file: RawFile, *, num_classes: int) -> LabelledImages:
    """Return the images (N, 3, 32, 32) and labels (N,) as read-only views into the bytes of `file`."""
    if len(file.content) % _RECORD_BYTES != 0:
        raise DataFileError(
            file.path,
            f"a multiple of {_RECORD_BYTES} bytes (a label and the pixels of an image)",
            f"{len(file.content)}",
        )
    records = np.frombuffer(file.content, np.uint8).reshape(-1, _RECORD_BYTES)
    labels = records[:, 0]
    if labels.max() >= num_classes:
        record = int(np.argmax(labels >= num_classes))
        raise DataFileError(
            file.path, f"labels from 0 to {num_classes - 1}", f"{labels[record]} in record {record}"
        )
    return LabelledImages(records[:, 1:].reshape(-1, *_INPUT_SHAPE), labels)
