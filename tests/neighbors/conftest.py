import pytest

from tests.neighbors.mnist_pixels import MnistPixels


@pytest.fixture(scope="session")
def pixels(mnist_files: None) -> MnistPixels:
    """10,000 examples and 2,000 queries of MNIST."""
    return MnistPixels.read(10_000, 2_000)
