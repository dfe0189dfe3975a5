"""Small data sets in the format of CIFAR-10."""

import gzip
import io
import tarfile
from pathlib import Path

import numpy as np

CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
FOLDER = "cifar-10-batches-bin"
TRAIN_FILES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))


def record(label: int, *, red: int = 0, green: int = 0, blue: int = 0) -> bytes:
    return bytes([label]) + bytes([red]) * 1024 + bytes([green]) * 1024 + bytes([blue]) * 1024


def tiny_cifar10(num_per_file: int = 4) -> dict[str, bytes]:
    """Return the files of a set of random images whose labels count from 0 on, over and over."""
    rng = np.random.default_rng(0)
    files = {}
    for start, name in enumerate((*TRAIN_FILES, "test_batch.bin")):
        labels = np.arange(start * num_per_file, (start + 1) * num_per_file) % 10
        files[name] = b"".join(bytes([label]) + rng.bytes(3072) for label in labels)
    return files | {"batches.meta.txt": "\n".join([*CLASS_NAMES, ""]).encode()}


def write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def archive(files: dict[str, bytes], *, folder: str = FOLDER) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    # Always the same bytes: tests are named after them, and have the same names in all workers of pytest.
    return gzip.compress(buffer.getvalue(), mtime=0)
