from pathlib import Path

import pytest

from scratchlab.data import Dataset
from scratchlab.data import mnist as read_mnist


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def mnist(repository: Path) -> Dataset:
    """MNIST with all 60,000 images to train on, scaled to [0, 1]."""
    return read_mnist(root=repository, num_val=0)
