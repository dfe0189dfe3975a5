import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Array, Deslant

SIZE = 28


def straightened(images: Array) -> Array:
    layer = Deslant(images.shape[1] * images.shape[2])
    return layer.forward(images.reshape(len(images), -1), training=True).reshape(images.shape)


def stroke(slope: float) -> Array:
    """Return a stroke one pixel wide through row 13.5 and column 13, spread over two columns where it leans."""
    image = np.zeros((SIZE, SIZE), np.float32)
    for row in range(6, 22):
        place = 13 + slope * (row - 13.5)
        left = int(np.floor(place))
        image[row, left] += left + 1 - place
        image[row, left + 1] += place - left
    return image


def slopes(images: Array) -> Array:
    """Return cov(x, y) / var(y) of the ink of each image, pixel by pixel."""
    found = []
    for image in images.astype(np.float64):
        y, x = np.indices(image.shape)
        mean_y, mean_x = np.average(y, weights=image), np.average(x, weights=image)
        covariance = np.average((y - mean_y) * (x - mean_x), weights=image)
        found.append(covariance / np.average((y - mean_y) ** 2, weights=image))
    return np.array(found)


def moments(images: Array) -> Array:
    """Return the ink of each image, and its mean row and column."""
    y, x = np.indices(images.shape[1:])
    ink = images.sum(axis=(1, 2))
    return np.stack([ink, (images * y).sum(axis=(1, 2)) / ink, (images * x).sum(axis=(1, 2)) / ink])


def blots(n: int, *, size: int = SIZE) -> Array:
    """Return images of random ink in the middle half of the columns, so that none is moved out of the image."""
    images = np.zeros((n, size, size), np.float32)
    middle = slice(size // 4, size - size // 4)
    images[:, :, middle] = np.random.default_rng(0).random(images[:, :, middle].shape)
    return images


@pytest.mark.parametrize("slope", [-0.5, -0.25, 0.25, 0.5])
def test_a_stroke_that_leans_is_set_upright(slope: float) -> None:
    straight = straightened(stroke(slope)[np.newaxis])[0]
    assert moments(straight[np.newaxis])[:, 0] == pytest.approx([16, 13.5, 13.0], rel=1e-4)
    columns = straight.sum(axis=0)
    assert columns[12:15].sum() == pytest.approx(16, rel=1e-4)
    assert straight[6:22, 12:15].sum(axis=1) == pytest.approx(1, rel=1e-4)
    assert straight[:6].sum() == 0


def test_an_upright_stroke_stays_as_it_is() -> None:
    image = stroke(0.0)[np.newaxis]
    assert (straightened(image) == image).all()


def test_ink_leans_no_more_is_neither_lost_nor_moved_and_is_left_alone_the_second_time() -> None:
    images = blots(20)
    sheared = np.stack([np.stack([np.roll(row, (y - 14) // 7) for y, row in enumerate(i)]) for i in images])
    assert (slopes(sheared) > 0.1).all()
    straight = straightened(sheared)
    assert slopes(straight) == pytest.approx(0, abs=1e-5)
    assert moments(straight) == pytest.approx(moments(sheared), rel=1e-5)
    assert straightened(straight) == pytest.approx(straight, abs=1e-4)


def test_each_image_for_itself_whatever_came_before() -> None:
    images, layer = blots(9).reshape(9, -1), Deslant(SIZE**2)
    together = layer.forward(images, training=True).copy()
    for index in range(9):
        alone = layer.forward(images[index : index + 1], training=False)
        assert alone[0] == pytest.approx(together[index], abs=1e-6)


def test_inputs_stay_as_they_are() -> None:
    images = blots(3).reshape(3, -1)
    before = images.copy()
    Deslant(SIZE**2).forward(images, training=True)
    assert (images == before).all()


@pytest.mark.parametrize("rows", [slice(0), slice(5, 6)])
def test_no_ink_and_ink_in_one_row_are_left_alone(rows: slice) -> None:
    image = np.zeros((1, SIZE, SIZE), np.float32)
    image[0, rows, 3:20] = 0.7
    assert straightened(image) == pytest.approx(image, abs=1e-6)


def test_ink_that_leans_out_of_the_image_is_cut_off_there() -> None:
    image = np.zeros((1, 8, 8), np.float32)
    image[0, 0, :] = image[0, 7, 7] = image[0, 6, 7] = 1
    straight = straightened(image)
    assert np.isfinite(straight).all()
    assert (straight >= 0).all()
    assert 0 < straight.sum() < image.sum()


def test_its_precision_is_that_of_the_network() -> None:
    layer = Deslant(16)
    layer.dtype = np.dtype(np.float64)
    assert layer.forward(np.eye(4).reshape(1, 16), training=False).dtype == np.float64


def test_images_that_are_no_squares() -> None:
    with pytest.raises(
        ArgumentError, match=r"^deslant=true: expected images with as many rows as columns, not 3072 inputs$"
    ):
        Deslant(3072)


def test_inputs_that_are_not_on_a_background_of_zero() -> None:
    images = blots(2, size=4).reshape(2, 16) - 0.5
    with pytest.raises(
        ArgumentError,
        match=r"^deslant=true: expected ink on a background of 0, .*preprocessing=scale.*, not -0.5$",
    ):
        Deslant(16).forward(images, training=True)
