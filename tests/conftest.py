from pathlib import Path

import pytest
from omegaconf import OmegaConf

from scratchlab.data import Dataset
from scratchlab.data import mnist as read_mnist


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def mnist(repository: Path) -> Dataset:
    """MNIST with all 60,000 images to train on, scaled to [0, 1]."""
    mirrors = OmegaConf.load(repository / "conf" / "data" / "mnist.yaml").mirrors
    return read_mnist(root=repository, mirrors=list(mirrors), num_val=0)
