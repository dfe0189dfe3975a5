import signal
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from scratchlab.data import Dataset
from scratchlab.data import mnist as read_mnist

# What a shell starts in the background (`make test &`) ignores Ctrl-C, and so would every process that a test starts
# and then interrupts: it would be waited for without end.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def mnist(repository: Path) -> Dataset:
    """MNIST with all 60,000 images to train on, scaled to [0, 1]."""
    mirrors = OmegaConf.load(repository / "conf" / "data" / "mnist.yaml").mirrors
    return read_mnist(root=repository, mirrors=list(mirrors), num_val=0)
