"""What is common to data that a person brings along: table and folder."""

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scratchlab.arguments import ArgumentError, count, nearest, one_of
from scratchlab.data.dataset import Dataset
from scratchlab.data.errors import DataFileError, DataNotFoundError
from scratchlab.data.preparation import LabelledImages, prepared
from scratchlab.data.preprocessing import CHOICES, largest_value
from scratchlab.data.stratification import Stratification


@dataclass(frozen=True, kw_only=True)
class OwnData:
    """The choices that a person has with data of their own.

    - `stratification`: which examples are for the training, the validation and the test
    - `num_val`, `limit_train`, `limit_test`: validate, train and test on at most so many of them, None for all
    - `preprocessing`: how values become inputs, see `Preprocessing.fit`

    Raises:
        ArgumentError: one of them is out of range.
    """

    stratification: Stratification
    num_val: int | None
    limit_train: int | None
    limit_test: int | None
    preprocessing: str

    def __post_init__(self) -> None:
        if self.num_val is not None:
            count(minimum=0, num_val=self.num_val)
        if self.limit_train is not None:
            count(limit_train=self.limit_train)
        if self.limit_test is not None:
            count(limit_test=self.limit_test)
        one_of(CHOICES, preprocessing=self.preprocessing)

    def dataset(
        self,
        examples: LabelledImages,
        *,
        path: Path,
        class_names: tuple[str, ...],
        digest: str,
        max_pixel: float | None = None,
    ) -> Dataset:
        """Split, limit and preprocess examples. Images whose `max_pixel` is None range to the training maximum.

        Raises:
            DataFileError: there is only one class, or too few examples for all three splits.
        """
        if len(class_names) < 2:
            raise DataFileError(path, "examples of at least two classes", f"{class_names[0]} alone")
        train, val, test = self.stratification.split(examples.labels)
        for wanted, part, key in (
            (self.stratification.val_fraction, val, "val_fraction"),
            (self.stratification.test_fraction, test, "test_fraction"),
        ):
            if wanted > 0 and len(part) == 0:
                raise DataFileError(
                    path,
                    f"enough examples that data.{key}={wanted:g} of a class is at least one",
                    f"{len(examples):,} examples of {len(class_names):,} classes",
                    advice="add examples, or raise the fraction",
                )
        training = examples.chosen(train[: self.limit_train])
        if max_pixel is None and examples.images.ndim > 2:
            max_pixel = largest_value(training.pixels)
        return prepared(
            training,
            examples.chosen(val[: self.num_val]),
            examples.chosen(test[: self.limit_test]),
            preprocessing=self.preprocessing,
            name=path.resolve().name.partition(".")[0] or path.name,
            max_pixel=max_pixel,
            class_names=class_names,
            digest=digest,
            source=path.resolve(),
        )


def own_path(path: object, *, kind: Literal["file", "folder"], example: str) -> Path:
    """Return where a person's data are, as they typed it with `~` expanded; relative to the working directory.

    Raises:
        ArgumentError: `path` is no path.
        DataNotFoundError: nothing is there.
        DataFileError: a folder is there instead of a file, or the other way round.
    """
    if not isinstance(path, str | Path) or not str(path):
        raise ArgumentError("path", path, f"the path of a {kind}, such as {example}")
    try:
        place = Path(path).expanduser()
        is_folder = stat.S_ISDIR(place.stat().st_mode)
    except (OSError, RuntimeError, ValueError) as error:  # no such user, a path that cannot be one
        raise DataNotFoundError(f"{path}: no such {kind}{_nearest_name(Path(path))}") from error
    if is_folder and kind == "file":
        raise DataFileError(place, "a file", "a folder", advice="images in folders are read with data=folder")
    if not is_folder and kind == "folder":
        raise DataFileError(place, "a folder", "a file", advice="a file is read with data=table")
    return place


def checked_shape(shape: object) -> tuple[int, ...] | None:
    """Return the shape of an image, or None where none is given.

    Raises:
        ArgumentError: it is none of an image.
    """
    if shape is None:
        return None
    sizes = list(shape) if isinstance(shape, Sequence) and not isinstance(shape, str) else []
    is_shape = len(sizes) == 2 or (len(sizes) == 3 and sizes[0] == 3)
    if not is_shape or any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in sizes):
        raise ArgumentError("shape", shape, "null, [height,width], or [3,height,width] for colors")
    return tuple(sizes)


def _nearest_name(path: Path) -> str:
    try:
        return nearest(path.name, [each.name for each in path.expanduser().parent.iterdir()])
    except (OSError, RuntimeError, ValueError):
        return ""
