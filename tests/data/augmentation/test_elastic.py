import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from scratchlab.data.augmentation.elastic import ElasticFields, gaussian_matrix


def smoothed(fields: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    # SciPy cuts its kernel at 4 sigma; at 8 nothing is missing from it.
    return gaussian_filter(fields, (0, 0, sigma, sigma), mode="constant", truncate=8)


@pytest.mark.parametrize("sigma", [0.3, 1.0, 4.0, 6.0, 20.0])
@pytest.mark.parametrize(("height", "width"), [(28, 28), (5, 12)])
def test_two_matrix_products_are_a_gaussian_filter(height: int, width: int, sigma: float) -> None:
    fields = np.random.default_rng(0).uniform(-1, 1, (3, 2, height, width))
    found = gaussian_matrix(height, sigma) @ fields @ gaussian_matrix(width, sigma)
    np.testing.assert_allclose(found, smoothed(fields, sigma), atol=1e-6)


def test_the_matrix_is_symmetric_and_loses_what_is_outside() -> None:
    matrix = gaussian_matrix(60, 4.0)
    assert matrix.dtype == np.float32
    assert (matrix == matrix.T).all()
    sums = matrix.sum(axis=1)
    assert sums[30] == pytest.approx(1, abs=1e-6)
    # At the very end, half of the kernel and half of its middle are inside.
    assert sums[0] == pytest.approx(0.5 + matrix[30, 30] / 2, abs=1e-6)


def test_a_field_is_uniform_noise_smoothed_and_multiplied() -> None:
    fields = ElasticFields(5, 28, 20, alpha=34, sigma=4)
    found = fields.draw(5, rng=np.random.default_rng(0))
    assert found.dtype == np.float32
    noise = 2 * np.random.default_rng(0).random((5, 2, 28, 20), dtype=np.float32).astype(float) - 1
    np.testing.assert_allclose(found, 34 * smoothed(noise, 4), atol=1e-5)


def test_displacements_have_the_documented_size() -> None:
    fields = ElasticFields(2000, 28, 28, alpha=34, sigma=4).draw(2000, rng=np.random.default_rng(0))
    in_the_middle = fields[:, :, 14, 14]
    expected = 34 / (4 * np.sqrt(12 * np.pi))
    assert expected == pytest.approx(1.38, abs=0.01)
    # 4,000 values: their standard deviation is known to 1.1 %.
    assert in_the_middle.std() == pytest.approx(expected, rel=0.04)
    assert abs(in_the_middle.mean()) < 0.08


def test_rows_columns_and_images_have_fields_of_their_own() -> None:
    found = ElasticFields(2, 8, 8, alpha=1, sigma=1).draw(2, rng=np.random.default_rng(0))
    each = found.reshape(4, -1)
    correlation = np.corrcoef(each) - np.eye(4)
    assert np.abs(correlation).max() < 0.6


def test_fewer_images_use_the_front_of_the_buffers() -> None:
    fields = ElasticFields(10, 8, 8, alpha=3, sigma=2)
    fields.draw(10, rng=np.random.default_rng(1))
    few = fields.draw(4, rng=np.random.default_rng(0)).copy()
    assert few.shape == (4, 2, 8, 8)
    alone = ElasticFields(4, 8, 8, alpha=3, sigma=2).draw(4, rng=np.random.default_rng(0))
    assert (few == alone).all()
