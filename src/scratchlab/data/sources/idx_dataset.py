"""Data sets in the four files of MNIST, which others took over: only the pixels and the names differ."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from scratchlab.data.dataset import Dataset
from scratchlab.data.errors import DataFileError
from scratchlab.data.files.fetch import fetch
from scratchlab.data.files.idx import parse_idx
from scratchlab.data.files.rawfile import Algorithm, RawFile
from scratchlab.data.preparation import LabelledImages, Preparation

_IMAGES_NDIM, _LABELS_NDIM = 3, 1

_NDIM = {
    "train-images-idx3-ubyte": _IMAGES_NDIM,
    "train-labels-idx1-ubyte": _LABELS_NDIM,
    "t10k-images-idx3-ubyte": _IMAGES_NDIM,
    "t10k-labels-idx1-ubyte": _LABELS_NDIM,
}


def idx_dataset(
    name: str,
    preparation: Preparation,
    *,
    root: Path,
    mirrors: Sequence[str],
    class_names: tuple[str, ...],
    digests: Mapping[str, str] | None,
    algorithm: Algorithm = "sha256",
) -> Dataset:
    """Read a data set of 8-bit images from four IDX files, wherever `fetch` finds them.

    `digests` are those of the uncompressed bytes by file name, computed with `algorithm`; None accepts all files of
    the right format.

    Raises:
        ArgumentError: `num_val` leaves nothing to train on.
        DataFileError: a file is there but is damaged or another one; it is left as it is.
        DataUnavailableError: a file is neither there nor on any of the mirrors.
    """
    files = []
    for filename, ndim in _NDIM.items():
        digest = None if digests is None else digests[filename]
        check = partial(_check, ndim=ndim, digest=digest, algorithm=algorithm)
        files.append(fetch(filename, dataset=name, root=root, mirrors=mirrors, check=check))
    train_images, train_labels, test_images, test_labels = files
    sha256 = hashlib.sha256()
    for file in files:
        sha256.update(file.content)
    return preparation.dataset(
        train=_labelled(train_images, train_labels),
        test=_labelled(test_images, test_labels),
        name=name,
        max_pixel=255,
        class_names=class_names,
        digest=sha256.hexdigest(),
        source=train_images.path.parent,
    )


def _check(file: RawFile, *, ndim: int, digest: str | None, algorithm: Algorithm) -> None:
    parse_idx(file, ndim=ndim)
    if digest is not None:
        file.verify(digest, algorithm=algorithm)


def _labelled(images_file: RawFile, labels_file: RawFile) -> LabelledImages:
    images = parse_idx(images_file, ndim=_IMAGES_NDIM)
    labels = parse_idx(labels_file, ndim=_LABELS_NDIM)
    if len(labels) != len(images):
        raise DataFileError(
            labels_file.path,
            f"{len(images)} labels, one for each of {images_file.path.name}",
            f"{len(labels)}",
        )
    return LabelledImages(images, labels)
