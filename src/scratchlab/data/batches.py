"""Mini-batches."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import count
from scratchlab.data.dataset import Split

Batch = tuple[NDArray[np.float32], NDArray[np.int64]]
"""Inputs (B, D) and targets (B,)."""


class Batches(Protocol):
    """A way to pass over a split in mini-batches: `batches`, or the same of images that are augmented."""

    def __call__(self, split: Split, batch_size: int, *, rng: np.random.Generator) -> Iterator[Batch]:
        """Pass once over every example, in random order, without replacement."""


def batches(split: Split, batch_size: int, *, rng: np.random.Generator) -> Iterator[Batch]:
    """Pass once over every example, in random order, without replacement.

    Yields inputs (B, D) and targets (B,) with B = `batch_size`; the last batch is smaller where the number of
    examples is no multiple of it. The inputs live in one workspace, which the next batch overwrites: copy what
    has to be kept.

    Raises:
        ArgumentError: `batch_size` is not a whole number of at least 1.
    """
    count(batch_size=batch_size)
    order = rng.permutation(len(split))
    shape = (min(batch_size, len(split)), *split.inputs.shape[1:])
    workspace = np.empty(shape, dtype=split.inputs.dtype)
    for start in range(0, len(split), batch_size):
        chosen = order[start : start + batch_size]
        # A permutation is always in range, and only with mode="clip" does NumPy write straight into `out`.
        inputs = np.take(split.inputs, chosen, axis=0, out=workspace[: len(chosen)], mode="clip")
        yield inputs, split.targets[chosen]
