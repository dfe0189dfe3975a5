"""Small data sets in the format of MNIST."""

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    return struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape) + array.tobytes()


def tiny_mnist(num_train: int = 40, num_test: int = 12, side: int = 4) -> dict[str, bytes]:
    rng = np.random.default_rng(0)

    def images(n: int) -> bytes:
        return idx_bytes(rng.integers(0, 256, (n, side, side), dtype=np.uint8))

    def labels(n: int) -> bytes:
        return idx_bytes(np.arange(n, dtype=np.uint8) % 10)

    return {
        "train-images-idx3-ubyte": images(num_train),
        "train-labels-idx1-ubyte": labels(num_train),
        "t10k-images-idx3-ubyte": images(num_test),
        "t10k-labels-idx1-ubyte": labels(num_test),
    }


def write(folder: Path, files: dict[str, bytes], *, gz: bool = True) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if gz:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)
