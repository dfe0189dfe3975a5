import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting.images import as_images, stretched


def test_gray_pixels_fill_the_image_row_by_row() -> None:
    images = as_images(np.arange(12).reshape(2, 6), (2, 3), name="pixels")
    assert images.tolist() == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]


def test_colour_planes_become_the_channels_of_each_pixel() -> None:
    red, green, blue = [1, 2, 3, 4], [10, 20, 30, 40], [100, 200, 300, 400]
    (image,) = as_images(np.array([red + green + blue]), (3, 2, 2), name="pixels")
    assert image.tolist() == [[[1, 10, 100], [2, 20, 200]], [[3, 30, 300], [4, 40, 400]]]


@pytest.mark.parametrize("input_shape", [(2,), (4, 8, 8), (1, 3, 8, 8)])
def test_an_input_that_is_no_image_is_refused(input_shape: tuple[int, ...]) -> None:
    with pytest.raises(ArgumentError, match=r"expected \(height, width\) or \(3, height, width\)"):
        as_images(np.zeros((1, 2)), input_shape, name="pixels")


def test_rows_of_another_length_are_refused_by_name() -> None:
    with pytest.raises(ArgumentError, match=r"pixels\.shape=\(5, 783\): expected \(images, 784\)"):
        as_images(np.zeros((5, 783)), (28, 28), name="pixels")


def test_all_images_are_stretched_together_to_0_and_1() -> None:
    images = np.array([[[-1.0, 0.0]], [[1.0, 3.0]]])
    np.testing.assert_allclose(stretched(images), [[[0, 0.25]], [[0.5, 1]]])


def test_bytes_are_stretched_without_wrapping_around() -> None:
    for images in (np.array([[[55, 255, 105]]], np.uint8), np.array([[[-100, 100, -50]]], np.int8)):
        np.testing.assert_allclose(stretched(images), [[[0, 1, 0.25]]])


def test_images_of_one_value_stay_finite() -> None:
    assert stretched(np.full((2, 1, 1), 7.0)).tolist() == [[[0]], [[0]]]
