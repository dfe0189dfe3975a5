import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from scratchlab.data.augmentation.resampling import Resampler

Pixels = NDArray[np.uint8] | NDArray[np.float32]


def resampled(images: Pixels, sources: NDArray[np.float32], *, max_images: int = 10) -> NDArray[np.float32]:
    out = np.full(images.shape, np.nan, dtype=np.float32)
    Resampler(max_images, *images.shape[1:])(images, sources.copy(), out=out)
    return out


def random_images(n: int, channels: int, height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (n, channels, height, width), dtype=np.uint8)


def everywhere(n: int, height: int, width: int) -> NDArray[np.float32]:
    return np.tile(np.indices((height, width), dtype=np.float32), (n, 1, 1, 1))


@pytest.mark.parametrize(("channels", "height", "width"), [(1, 28, 28), (3, 32, 32), (2, 5, 7)])
@pytest.mark.parametrize("spread", [0.5, 5.0, 1000.0])
def test_it_interpolates_as_scipy_does(channels: int, height: int, width: int, spread: float) -> None:
    images = random_images(6, channels, height, width)
    noise = np.random.default_rng(1).normal(0, spread, (6, 2, height, width))
    sources = (everywhere(6, height, width) + noise).astype(np.float32)
    found = resampled(images, sources)
    for image, places, result in zip(images, sources, found, strict=True):
        for channel in range(channels):
            expected = map_coordinates(
                image[channel].astype(float), places.astype(float), order=1, mode="grid-constant", cval=0
            )
            np.testing.assert_allclose(result[channel], expected, atol=1e-2 if spread > 100 else 1e-3)


def test_whole_sources_are_exact() -> None:
    images = random_images(3, 2, 9, 9)
    assert (resampled(images, everywhere(3, 9, 9)) == images).all()
    moved = resampled(images, everywhere(3, 9, 9) + 2)
    assert (moved[:, :, :-2, :-2] == images[:, :, 2:, 2:]).all()
    assert (moved[:, :, -2:] == 0).all()
    assert (moved[:, :, :, -2:] == 0).all()


def test_halfway_out_of_the_image_is_half_the_pixel_and_one_pixel_out_is_nothing() -> None:
    images = np.full((1, 1, 3, 3), 200, dtype=np.uint8)
    rows = np.array([[-1, -0.5, 0], [2, 2.5, 3], [-np.inf, 1, np.inf]], dtype=np.float32)
    sources = np.stack([rows, np.ones((3, 3), dtype=np.float32)])[np.newaxis]
    assert resampled(images, sources)[0, 0].tolist() == [[0, 100, 200], [200, 100, 0], [0, 200, 0]]
    columns = sources[:, ::-1].copy()
    assert resampled(images, columns)[0, 0].tolist() == [[0, 100, 200], [200, 100, 0], [0, 200, 0]]


def test_no_value_leaves_the_range_of_the_pixels() -> None:
    images = np.where(random_images(10, 1, 28, 28) > 127, 255, 0).astype(np.uint8)
    sources = everywhere(10, 28, 28) + np.random.default_rng(1).normal(0, 3, (10, 2, 28, 28))
    found = resampled(images, sources.astype(np.float32))
    assert found.dtype == np.float32
    assert found.min() >= 0
    assert found.max() <= 255


def test_fractions_of_pixels_are_kept() -> None:
    images = (random_images(2, 1, 4, 4) / 7).astype(np.float32)
    assert (resampled(images, everywhere(2, 4, 4)) == images).all()


def test_images_of_an_earlier_call_leave_no_trace() -> None:
    resampler = Resampler(10, 1, 6, 6)
    sources = everywhere(10, 6, 6) - 0.5
    resampler(random_images(10, 1, 6, 6), sources.copy(), out=np.empty((10, 1, 6, 6), np.float32))
    images = random_images(4, 1, 6, 6)[::-1]
    again = np.empty((4, 1, 6, 6), np.float32)
    resampler(images, sources[:4].copy(), out=again)
    assert (again == resampled(images, sources[:4], max_images=4)).all()


def test_the_images_stay_as_they_are() -> None:
    images = random_images(3, 1, 5, 5)
    images.flags.writeable = False
    resampled(images, everywhere(3, 5, 5) + np.float32(0.3))
