import numpy as np
from numpy.typing import NDArray


def black_and_white(num_inputs: int, num_queries: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Examples (N, 784) and queries (M, 784) in two far corners, where many distances differ by single units.

    Even relative to the mean of the examples, |b|^2 is of the order of 784 * 127^2 = 12.6 million, and scores, which
    are up to three times that, pass 2^24.
    """
    rng = np.random.default_rng(0)

    def draw(count: int) -> NDArray[np.uint8]:
        corner = 255 * rng.integers(0, 2, (count, 1))
        inward = (rng.random((count, 784)) < 0.02) * rng.integers(1, 3, (count, 784))
        return np.abs(corner - inward).astype(np.uint8)

    return draw(num_inputs), draw(num_queries)
