from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scratchlab.data import mnist

ROOT = Path(__file__).resolve().parents[2]


class MnistPixels(NamedTuple):
    """The first images of MNIST as 8-bit pixels: examples to search and queries to search for."""

    inputs: NDArray[np.uint8]
    targets: NDArray[np.int64]
    queries: NDArray[np.uint8]
    query_targets: NDArray[np.int64]

    @classmethod
    def read(cls, num_inputs: int, num_queries: int) -> "MnistPixels":
        dataset = mnist(root=ROOT, num_val=0, limit_train=num_inputs, limit_test=num_queries)
        train, test = dataset.train, dataset.test
        inputs, queries = (dataset.preprocessing.invert(split.inputs) for split in (train, test))
        assert inputs.dtype == queries.dtype == np.uint8
        return cls(inputs.view(np.uint8), train.targets, queries.view(np.uint8), test.targets)
