"""A person's own images: a folder of images for each class."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scratchlab.data.class_names import sorted_names
from scratchlab.data.dataset import Dataset
from scratchlab.data.errors import DataFileError
from scratchlab.data.files.memory import demand_memory
from scratchlab.data.files.rawfile import RawFile
from scratchlab.data.preparation import LabelledImages
from scratchlab.data.sources.own_data import OwnData, checked_shape, own_path
from scratchlab.data.stratification import Stratification

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
_IGNORED = {"__macosx", "thumbs.db", "desktop.ini"}
"""What systems put beside images, apart from hidden files."""

_GRAY_MODES, _COLOR_MODES = {"1", "L", "LA"}, {"RGB", "RGBA", "P", "PA", "CMYK", "YCbCr", "HSV", "LAB"}
_VALUE_BYTES = 6
"""Of every pixel: 8-bit as it is read and in its split, float32 as an input."""


def folder(
    *,
    path: str | Path | None,
    shape: Sequence[int] | None = None,
    val_fraction: float = 0.1,
    test_fraction: float = 0.1,
    split_seed: int = 0,
    num_val: int | None = None,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
) -> Dataset:
    """Read images from a folder that has a folder of images for each class, named as the class.

    `shape` is that of all images: (H, W) makes them gray, (3, H, W) colored in planes red, green, blue; those of
    another size are resized, whatever their proportions. None leaves them as they are, all alike. What is transparent
    becomes white; of several frames the first is taken.

    The fractions and `split_seed` are explained with `Stratification`, the others with `OwnData`. The digest is that
    of the names and bytes of all files.

    Raises:
        ArgumentError: an argument is out of range.
        DataNotFoundError: there is no such folder.
        DataFileError: the folder or an image in it cannot be used.
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
    place = own_path(path, kind="folder", example="photos")
    files = _files_by_class(place)
    class_names = tuple(files)
    images, digest = _read([file for of_class in files.values() for file in of_class], place, image_shape)
    labels = np.repeat(np.arange(len(files)), [len(of_class) for of_class in files.values()])
    return own.dataset(
        LabelledImages(images, labels),
        path=place,
        class_names=class_names,
        digest=digest,
        max_pixel=255,
    )


def _files_by_class(place: Path) -> dict[str, list[Path]]:
    """Return the images of each class, classes and images in a fixed order."""
    folders = {}
    for entry in _entries(place):
        if entry.is_dir():
            folders[entry.name] = entry
        elif entry.suffix.lower() in SUFFIXES:
            raise DataFileError(
                entry, "an image in the folder of its class", "it beside them", advice="move it there"
            )
    if not folders:
        raise DataFileError(place, "a folder of images for each class", "no folders")
    return {name: _images(folders[name]) for name in sorted_names(folders)}


def _images(folder: Path) -> list[Path]:
    files = _entries(folder)
    if not files:
        raise DataFileError(folder, "images", "an empty folder", advice="add some, or remove it")
    for file in files:
        if file.is_dir():
            raise DataFileError(
                folder,
                "images",
                f"the folder {file.name}",
                advice="data.path is the folder that holds the folders of the classes",
            )
        if file.suffix.lower() not in SUFFIXES:
            raise DataFileError(
                file, f"an image ({', '.join(SUFFIXES)})", "another name", advice="move it elsewhere"
            )
    return files


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, sorted, without what systems leave there."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DataFileError(folder, "a readable folder", f"{error.strerror}") from error
    return [
        entry for entry in entries if not entry.name.startswith(".") and entry.name.lower() not in _IGNORED
    ]


def _read(files: list[Path], place: Path, shape: tuple[int, ...] | None) -> tuple[NDArray[np.uint8], str]:
    """Return the images (N, ...) and the SHA-256 of all names and bytes."""
    digest = hashlib.sha256()
    images: NDArray[np.uint8] | None = None
    for index, file in enumerate(files):
        content = RawFile.read(file).content
        digest.update(
            f"{file.relative_to(place).as_posix()}\0{len(content)}\0".encode(errors="surrogateescape")
        )
        digest.update(content)
        image = _decode(file, content, shape)
        if images is None:
            needed = _VALUE_BYTES * image.size * len(files)
            demand_memory(place, needed, advice="make the images smaller with data.shape")
            images = np.empty((len(files), *image.shape), np.uint8)
        if image.shape != images.shape[1:]:
            raise DataFileError(
                file,
                f"an image like {files[0].relative_to(place)}, {_described(images.shape[1:])}",
                _described(image.shape),
                advice="give all one shape, as with data.shape=[28,28], or [3,28,28] in color",
            )
        images[index] = image
    assert images is not None
    return images, digest.hexdigest()


def _decode(file: Path, content: bytes, shape: tuple[int, ...] | None) -> NDArray[np.uint8]:
    """Return an image (H, W) or (3, H, W)."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content)) as image:
                return _pixels(file, image, shape)
    except DataFileError:
        raise
    except Exception as error:  # what damaged bytes look like to Pillow's many readers
        is_other = isinstance(error, UnidentifiedImageError)
        found = "other data" if is_other else f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise DataFileError(
            file, "an image that Pillow can read", found, advice="replace or remove it"
        ) from error


def _pixels(file: Path, image: Image, shape: tuple[int, ...] | None) -> NDArray[np.uint8]:
    from PIL import ImageOps
    from PIL.Image import Resampling, alpha_composite, new

    if image.mode not in _GRAY_MODES | _COLOR_MODES:
        raise DataFileError(file, "8 bits for each pixel and color", f"the mode {image.mode} of Pillow")
    colored = image.mode in _COLOR_MODES if shape is None else len(shape) == 3
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        over = upright.convert("RGBA")
        upright = alpha_composite(new("RGBA", over.size, "white"), over)
    upright = upright.convert("RGB" if colored else "L")
    if shape is not None and upright.size != (shape[-1], shape[-2]):
        upright = upright.resize((shape[-1], shape[-2]), Resampling.BILINEAR)
    pixels = np.asarray(upright)
    return pixels.transpose(2, 0, 1) if colored else pixels


def _described(shape: tuple[int, ...]) -> str:
    return f"{shape[-2]}x{shape[-1]} {'in color' if len(shape) == 3 else 'gray'}"
