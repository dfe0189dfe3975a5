"""What every data set is, wherever it came from.

N examples, D input features, K classes.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scratchlab.data.errors import DataError
from scratchlab.data.preprocessing import Preprocessing

_LONGEST = 24
"""So many characters of the name of a class are shown."""


@dataclass(frozen=True, eq=False)
class Split:
    """Examples to train, validate or test on: inputs (N, D) and targets (N,), the class ids.

    Raises:
        DataError: the shapes do not belong together, or the targets are not whole numbers.
    """

    inputs: NDArray[np.float32]
    targets: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.inputs.ndim != 2 or self.targets.shape != self.inputs.shape[:1]:
            raise DataError(
                "a split: expected inputs of shape (N, D) and targets of shape (N,), "
                f"found {self.inputs.shape} and {self.targets.shape}"
            )
        if not np.issubdtype(self.targets.dtype, np.integer):
            raise DataError(f"a split: expected targets that are class ids, found {self.targets.dtype}")

    def __len__(self) -> int:
        """Return N."""
        return len(self.inputs)

    def first(self, count: int) -> "Split":
        """Return the first `count` examples (all of them, if there are fewer), as views."""
        return Split(self.inputs[:count], self.targets[:count])


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set in its three splits.

    Raises:
        DataError: a split does not have the inputs of `input_shape`, or has a target without a class name.
    """

    name: str
    train: Split
    val: Split
    """Empty where all training examples are trained on."""
    test: Split
    class_names: tuple[str, ...]
    """K names; the class id is the index."""
    input_shape: tuple[int, ...]
    """The shape of one example before it became a row of D = prod(input_shape) inputs: (28, 28) for MNIST."""
    digest: str
    """SHA-256 of the uncompressed bytes of all files, one after the other, whatever part of them is used."""
    source: Path
    """The folder with the files, or the one file that holds a person's own data."""
    preprocessing: Preprocessing
    """How pixels became inputs."""

    @property
    def shown_names(self) -> tuple[str, ...]:
        """The class names as reports and pictures show them: one line, and not too long."""
        lines = (" ".join(name.split()) for name in self.class_names)
        return tuple(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..." for line in lines)

    @property
    def has_images(self) -> bool:
        """Whether examples are images, rather than points or rows of numbers."""
        return len(self.input_shape) > 1

    def __post_init__(self) -> None:
        num_inputs = math.prod(self.input_shape)
        for key, split in (("train", self.train), ("val", self.val), ("test", self.test)):
            if split.inputs.shape[1] != num_inputs:
                raise DataError(
                    f"{self.name}: expected {num_inputs} inputs per example ({self.input_shape}) in {key}, "
                    f"found {split.inputs.shape[1]}"
                )
            if len(split) > 0 and not 0 <= split.targets.min() <= split.targets.max() < len(self.class_names):
                raise DataError(
                    f"{self.name}: expected class ids from 0 to {len(self.class_names) - 1} in {key}, "
                    f"found {split.targets.min()} to {split.targets.max()}"
                )
