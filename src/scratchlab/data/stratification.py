"""The division of examples into the three splits. N examples, K classes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError, count, fraction

Indices = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Stratification:
    """Splits in which every class has the share that it has among all examples.

    - `val_fraction`, `test_fraction`: of each class, rounded to whole examples. At least one example of each class
      is left to train on
    - `split_seed`: draws the examples of each split, and their order. The seed of a run has no part in it: an
      example that one run is tested on is never trained on by another

    Raises:
        ArgumentError: one of them is out of range.
    """

    val_fraction: float
    test_fraction: float
    split_seed: int

    def __post_init__(self) -> None:
        fraction(val_fraction=self.val_fraction, test_fraction=self.test_fraction)
        if self.test_fraction == 0:
            raise ArgumentError("test_fraction", self.test_fraction, "a number above 0 and below 1")
        if self.val_fraction + self.test_fraction >= 1:
            raise ArgumentError(
                "test_fraction",
                self.test_fraction,
                f"less than {1 - self.val_fraction:g}: val_fraction is {self.val_fraction:g}, and examples "
                "must be left to train on",
            )
        count(minimum=0, split_seed=self.split_seed)

    def split(self, labels: NDArray[np.integer]) -> tuple[Indices, Indices, Indices]:
        """Return the indices of the examples to train, validate and test on, from class ids (N,)."""
        rng = np.random.default_rng(self.split_seed)
        train, val, test = [], [], []
        for class_id in np.unique(labels):
            members = rng.permutation(np.flatnonzero(labels == class_id))
            num_test = min(_rounded(self.test_fraction * len(members)), len(members) - 1)
            num_val = min(_rounded(self.val_fraction * len(members)), len(members) - 1 - num_test)
            test.append(members[:num_test])
            val.append(members[num_test : num_test + num_val])
            train.append(members[num_test + num_val :])
        mixed_train, mixed_val, mixed_test = (
            rng.permutation(np.concatenate(of_classes)) for of_classes in (train, val, test)
        )
        return mixed_train, mixed_val, mixed_test


def _rounded(number: float) -> int:
    """Round half up, where `round` would give 2 for 2.5."""
    return int(number + 0.5)
