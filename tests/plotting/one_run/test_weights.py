import re

import numpy as np
import pytest
from matplotlib import colormaps
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import weight_images
from scratchlab.plotting.sheet import Sheet


def drawn(sheet: Sheet) -> list[NDArray[np.float64]]:
    return [tile.colors / 255 for tile in sheet.tiles]


def diverging(fractions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the colours of weights that are given as fractions of the strongest."""
    return np.asarray(colormaps["RdBu_r"]((1 + fractions) / 2))[..., :3]


def test_each_image_is_a_column_of_the_weights() -> None:
    weight = np.linspace(-1, 1, 24).reshape(6, 4)
    images = drawn(weight_images(weight, (2, 3)))
    assert len(images) == 4
    for unit, image in enumerate(images):
        np.testing.assert_allclose(image, diverging(weight[:, unit].reshape(2, 3)), atol=0.01)


def test_gray_inputs_share_one_diverging_scale_around_zero() -> None:
    weight = np.linspace(-0.5, 1.0, 784 * 10).reshape(784, 10)
    sheet = weight_images(weight, (28, 28))
    first, last = sheet.tiles[0].colors, sheet.tiles[-1].colors
    np.testing.assert_allclose(first[0, 0] / 255, diverging(np.array(-0.5)), atol=0.02)
    np.testing.assert_allclose(last[-1, -1] / 255, diverging(np.array(1.0)), atol=0.02)
    assert sheet.explanation == "Red: above 0, blue: below 0; strongest colours from ±1"


def test_a_single_huge_weight_does_not_pale_the_rest() -> None:
    weight = np.random.default_rng(0).uniform(-1, 1, size=(784, 10))
    weight[0, 0] = 1000
    assert weight_images(weight, (28, 28)).explanation.endswith("from ±1")


def test_colour_inputs_are_drawn_in_their_planes_with_gray_for_zero() -> None:
    weight = np.zeros((3 * 100, 2))
    weight[:100, 0] = 0.3  # red plane of the first unit
    weight[200:, 1] = -0.3  # blue plane of the second
    first, second = drawn(weight_images(weight, (3, 10, 10)))
    np.testing.assert_allclose(first, np.broadcast_to([1, 0.5, 0.5], (10, 10, 3)), atol=0.002)
    np.testing.assert_allclose(second, np.broadcast_to([0.5, 0.5, 0], (10, 10, 3)), atol=0.002)


def test_titles_stand_under_their_templates() -> None:
    sheet = weight_images(np.ones((4, 3)), (2, 2), titles=["cat", "dog", "bird"])
    assert [text.text for text in sheet.texts] == ["cat", "dog", "bird"]
    assert sheet.title == "Weights of the first layer, all 3 units"


def test_only_the_first_units_are_drawn_and_the_title_says_so() -> None:
    weight = np.full((4, 500), 6.0)
    weight[0] = np.arange(500)
    sheet = weight_images(weight, (2, 2), titles=[str(unit) for unit in range(500)], max_units=7)
    corners = np.array([image[0, 0] for image in drawn(sheet)])
    np.testing.assert_allclose(corners, diverging(np.arange(7) / 6), atol=0.01)
    assert [text.text for text in sheet.texts] == list("0123456")
    assert sheet.title == "Weights of the first layer, the first 7 of 500 units"
    assert len(weight_images(weight, (2, 2)).tiles) == 64


@pytest.mark.parametrize("input_shape", [(10, 10), (3, 10, 10)])
def test_weights_of_a_run_that_diverged_are_drawn_and_counted(input_shape: tuple[int, ...]) -> None:
    weight = np.ones((np.prod(input_shape), 2))
    weight[:3, 0] = np.nan, np.inf, -np.inf
    sheet = weight_images(weight, input_shape)
    assert sheet.explanation.endswith("from ±1; 3 are not finite and drawn as 0")
    zeros = weight_images(np.where(np.isfinite(weight), weight, 0), input_shape)
    np.testing.assert_array_equal(drawn(sheet), drawn(zeros))


def test_weights_of_zero_have_a_scale_too() -> None:
    sheet = weight_images(np.zeros((4, 1)), (2, 2))
    np.testing.assert_allclose(drawn(sheet)[0], diverging(np.zeros((2, 2))), atol=0.01)
    assert sheet.explanation.endswith("from ±1")


def test_arguments_that_do_not_fit_are_refused() -> None:
    weight = np.ones((784, 10))
    with pytest.raises(ArgumentError, match=re.escape("weight.shape=(784, 10): expected (64, units)")):
        weight_images(weight, (8, 8))
    with pytest.raises(ArgumentError, match=re.escape("input_shape=(784,): expected (height, width) or")):
        weight_images(weight, (784,))
    with pytest.raises(ArgumentError, match="titles=2 titles: expected 10, one for each unit, or none"):
        weight_images(weight, (28, 28), titles=["cat", "dog"])
    with pytest.raises(ArgumentError, match="max_units=0: expected a whole number of at least 1"):
        weight_images(weight, (28, 28), max_units=0)
