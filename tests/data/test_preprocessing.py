import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError
from scratchlab.data.preprocessing import CHOICES, Preprocessing

PIXELS = np.array([[0, 255, 10, 7], [0, 51, 20, 7], [0, 0, 60, 7]], dtype=np.uint8)


def apply(choice: str, pixels: NDArray[np.uint8] = PIXELS, max_pixel: int = 255) -> NDArray[np.float32]:
    inputs = Preprocessing.fit(choice, PIXELS, max_pixel=max_pixel).apply(pixels)
    assert inputs.dtype == np.float32
    return inputs


def test_scale_maps_the_range_of_pixels_to_0_and_1() -> None:
    np.testing.assert_allclose(apply("scale")[:, 1], [1, 0.2, 0], rtol=1e-6)
    every_pixel = np.arange(256, dtype=np.uint8)[:, None]
    inputs = apply("scale", every_pixel)
    assert inputs.min() == 0
    assert inputs.max() == 1
    assert apply("scale", np.array([[16]], np.uint8), max_pixel=16).item() == 1


def test_divide_by_256_is_exact() -> None:
    every_pixel = np.arange(256, dtype=np.uint8)[:, None]
    assert (apply("divide_by_256", every_pixel) == np.arange(256)[:, None] / 256).all()


def test_subtract_mean_takes_the_mean_image_from_scaled_pixels() -> None:
    expected = np.array([[0, 153 / 255, -20 / 255, 0], [0, -0.2, -10 / 255, 0], [0, -0.4, 30 / 255, 0]])
    np.testing.assert_allclose(apply("subtract_mean"), expected, atol=1e-7)


def test_standardized_training_pixels_have_mean_0_and_deviation_1_and_constant_ones_are_0() -> None:
    inputs = apply("standardize")
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(inputs.std(axis=0), [0, 1, 1, 0], atol=1e-6)
    assert (inputs[:, [0, 3]] == 0).all()


def test_no_standardized_pixel_is_beyond_100() -> None:
    # Constant at 0, and 1 in one of a million: their own deviations would give infinity and 255,000.
    pixels = np.zeros((1_000_000, 2), dtype=np.uint8)
    pixels[0, 1] = 1
    preprocessing = Preprocessing.fit("standardize", pixels, max_pixel=255)
    inputs = preprocessing.apply(np.array([[255, 255]], dtype=np.uint8))
    np.testing.assert_allclose(inputs, [[100, 100]], rtol=1e-5)


def test_deviations_of_large_sets_are_exact() -> None:
    # 60,000 pixels of 255 and one of 155: E[x^2] - E[x]^2 in float32 would be lost in the rounding.
    pixels = np.full((60_001, 1), 255, dtype=np.uint8)
    pixels[0] = 155
    scale = Preprocessing.fit("standardize", pixels, max_pixel=1).scale
    np.testing.assert_allclose(1 / scale, pixels.std(axis=0, dtype=np.longdouble).astype(float), rtol=1e-6)


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_is_the_affine_map_that_it_names(choice: str) -> None:
    preprocessing = Preprocessing.fit(choice, PIXELS, max_pixel=255)
    assert preprocessing.shift.dtype == preprocessing.scale.dtype == np.float32
    assert preprocessing.shift.shape in {(), (4,)}
    assert preprocessing.scale.shape in {(), (4,)}
    expected = (PIXELS.astype(np.float64) - preprocessing.shift) * preprocessing.scale
    np.testing.assert_allclose(preprocessing.apply(PIXELS), expected, rtol=1e-6)


@pytest.mark.parametrize("choice", CHOICES)
@given(train=arrays(np.uint8, (5, 3)), pixels=arrays(np.uint8, (4, 3)), max_pixel=st.sampled_from([16, 255]))
def test_inversion_is_exact(
    choice: str, train: NDArray[np.uint8], pixels: NDArray[np.uint8], max_pixel: int
) -> None:
    preprocessing = Preprocessing.fit(choice, train, max_pixel=max_pixel)
    pixels_again = preprocessing.invert(preprocessing.apply(pixels))
    assert pixels_again.dtype == np.uint8
    assert (pixels_again == pixels).all()


@pytest.mark.parametrize("choice", CHOICES)
def test_pixels_may_lie_between_whole_numbers(choice: str) -> None:
    # The map is affine: what is halfway between two images is halfway between their inputs.
    preprocessing = Preprocessing.fit(choice, PIXELS, max_pixel=255)
    halfway = PIXELS[:2].mean(axis=0, keepdims=True, dtype=np.float32)
    inputs = preprocessing.apply(halfway)
    assert inputs.dtype == np.float32
    expected = preprocessing.apply(PIXELS[:2]).mean(axis=0, keepdims=True)
    np.testing.assert_allclose(inputs, expected, atol=1e-6)


def test_other_examples_do_not_move_the_statistics() -> None:
    preprocessing = Preprocessing.fit("subtract_mean", PIXELS, max_pixel=255)
    shift = preprocessing.shift.copy()
    preprocessing.apply(np.full((2, 4), 200, dtype=np.uint8))
    assert (preprocessing.shift == shift).all()


NUMBERS = np.array([[-4, 1000, 5], [2, 1500, 5], [1, 2000, 5]], dtype=np.float32)


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("max_pixel", [None, 2000])
def test_real_numbers_come_back_up_to_rounding(choice: str, max_pixel: int | None) -> None:
    preprocessing = Preprocessing.fit(choice, NUMBERS, max_pixel=max_pixel)
    numbers_again = preprocessing.invert(preprocessing.apply(NUMBERS))
    assert numbers_again.dtype == np.float32
    np.testing.assert_allclose(numbers_again, NUMBERS, rtol=1e-5)


def test_numbers_in_units_of_their_own_are_scaled_by_the_largest_absolute_value() -> None:
    scale = Preprocessing.fit("scale", -NUMBERS, max_pixel=None)
    np.testing.assert_allclose(scale.apply(-NUMBERS), -NUMBERS / 2000, rtol=1e-6)
    zeros = np.zeros_like(NUMBERS)
    assert (Preprocessing.fit("scale", zeros, max_pixel=None).apply(zeros) == 0).all()


def test_numbers_in_units_of_their_own_are_standardized_one_by_one() -> None:
    inputs = Preprocessing.fit("standardize", NUMBERS, max_pixel=None).apply(NUMBERS)
    deviations = NUMBERS.std(axis=0, dtype=np.float64)
    expected = (NUMBERS - NUMBERS.mean(axis=0)) / np.where(deviations > 0, deviations, 1)
    np.testing.assert_allclose(inputs, expected, atol=1e-6)


def test_deviations_of_real_numbers_far_from_0_are_exact() -> None:
    numbers = np.full((3001, 1), 1e6, dtype=np.float32)
    numbers[0] += 1
    scale = Preprocessing.fit("standardize", numbers, max_pixel=1).scale
    expected = max(float(numbers.std(axis=0, dtype=np.longdouble)[0]), 0.01)
    np.testing.assert_allclose(1 / scale, [expected], rtol=1e-6)


def test_an_unknown_choice_is_refused() -> None:
    message = (
        "preprocessing=standardise: expected one of scale, divide_by_256, subtract_mean, standardize, "
        r"did you mean standardize\?"
    )
    with pytest.raises(ArgumentError, match=message):
        Preprocessing.fit("standardise", PIXELS, max_pixel=255)
