"""From labelled images to a data set."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError, count, one_of
from scratchlab.data.dataset import Dataset, Split
from scratchlab.data.preprocessing import CHOICES, Preprocessing


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """What a file reader returns: images (N, ...) of 8-bit pixels or real numbers, and labels (N,), the class ids."""

    images: NDArray[np.uint8] | NDArray[np.float32]
    labels: NDArray[np.integer]

    def __len__(self) -> int:
        """Return N."""
        return len(self.images)

    def part(self, start: int, stop: int | None) -> "LabelledImages":
        """Return the images from `start` to before `stop`, None for the end, as views."""
        return LabelledImages(self.images[start:stop], self.labels[start:stop])

    def chosen(self, indices: NDArray[np.int64]) -> "LabelledImages":
        """Return copies of the images at these indices."""
        return LabelledImages(self.images[indices], self.labels[indices])

    @property
    def pixels(self) -> NDArray[np.uint8] | NDArray[np.float32]:
        """The images as rows (N, D)."""
        return self.images.reshape(len(self), math.prod(self.images.shape[1:]))


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """The choices that a person has with every data set of images.

    - `num_val`: the last `num_val` training images become the validation split; 0 leaves it empty
    - `limit_train`: train on at most the first `limit_train` of the rest, None for all
    - `limit_test`: test on at most the first `limit_test` test images, None for all
    - `preprocessing`: how pixels become inputs, see `Preprocessing.fit`; fitted on what is trained on

    Raises:
        ArgumentError: one of them is out of range.
    """

    num_val: int
    limit_train: int | None
    limit_test: int | None
    preprocessing: str

    def __post_init__(self) -> None:
        count(minimum=0, num_val=self.num_val)
        if self.limit_train is not None:
            count(limit_train=self.limit_train)
        if self.limit_test is not None:
            count(limit_test=self.limit_test)
        one_of(CHOICES, preprocessing=self.preprocessing)

    def dataset(
        self,
        train: LabelledImages,
        test: LabelledImages,
        *,
        name: str,
        max_pixel: int,
        class_names: tuple[str, ...],
        digest: str,
        source: Path,
    ) -> Dataset:
        """Split, limit and preprocess images whose pixels range from 0 to `max_pixel`.

        Raises:
            ArgumentError: `num_val` leaves nothing to train on.
            DataError: the images of the two files differ in size, or a label is no class.
        """
        num_train = len(train) - self.num_val
        if num_train < 1:
            largest = len(train) - 1
            raise ArgumentError(
                "num_val",
                self.num_val,
                f"a whole number from 0 to {largest}: one image must be left to train on",
            )
        return prepared(
            train.part(0, num_train).part(0, self.limit_train),
            train.part(num_train, None),
            test.part(0, self.limit_test),
            preprocessing=self.preprocessing,
            name=name,
            max_pixel=max_pixel,
            class_names=class_names,
            digest=digest,
            source=source,
        )


def prepared(
    train: LabelledImages,
    val: LabelledImages,
    test: LabelledImages,
    *,
    preprocessing: str,
    name: str,
    max_pixel: float | None,
    class_names: tuple[str, ...],
    digest: str,
    source: Path,
) -> Dataset:
    """Preprocess three splits alike, as fitted on the first.

    Raises:
        ArgumentError: `preprocessing` is none of its choices.
        DataError: the images differ in size, or a label is no class.
    """
    fitted = Preprocessing.fit(preprocessing, train.pixels, max_pixel=max_pixel)

    def split(part: LabelledImages) -> Split:
        return Split(fitted.apply(part.pixels), part.labels.astype(np.int64))

    return Dataset(
        name=name,
        train=split(train),
        val=split(val),
        test=split(test),
        class_names=class_names,
        input_shape=train.images.shape[1:],
        digest=digest,
        source=source,
        preprocessing=fitted,
    )
