import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from omegaconf import OmegaConf

from scratchlab.arguments import ArgumentError
from scratchlab.data import Augmentation, DataError

Pixels = NDArray[np.uint8] | NDArray[np.float32]


def augmented(
    pixels: Pixels, targets: NDArray[np.int64] | None = None, *, seed: int = 0, **ranges: Any
) -> NDArray[np.float32]:
    augmentation = Augmentation(input_shape=(28, 28), **ranges)
    targets = np.zeros(len(pixels), dtype=np.int64) if targets is None else targets
    return augmentation(pixels, targets, rng=np.random.default_rng(seed))


def random_pixels(n: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (n, 784), dtype=np.uint8)


def copies_of_a_spot(n: int, *, up: int, right: int) -> NDArray[np.uint8]:
    """Return images of 29x29 with a bright square of 3x3 so far from the centre."""
    images = np.zeros((n, 29, 29), dtype=np.uint8)
    images[:, 14 - up - 1 : 14 - up + 2, 14 + right - 1 : 14 + right + 2] = 255
    return images.reshape(n, -1)


def places_of_spots(pixels: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far the centre of gravity of each image is above and to the right of its middle."""
    images = pixels.reshape(-1, 29, 29).astype(float)
    mass = images.sum(axis=(1, 2))
    rows, columns = np.indices((29, 29)) - 14
    return -(images * rows).sum(axis=(1, 2)) / mass, (images * columns).sum(axis=(1, 2)) / mass


def spots_moved(
    n: int, *, up: int = 0, right: int = 0, targets: NDArray[np.int64] | None = None, **ranges: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    augmentation = Augmentation(input_shape=(29, 29), **ranges)
    targets = np.zeros(n, dtype=np.int64) if targets is None else targets
    spots = copies_of_a_spot(n, up=up, right=right)
    return places_of_spots(augmentation(spots, targets, rng=np.random.default_rng(0)))


def test_without_ranges_images_stay_exactly_as_they_are() -> None:
    pixels = random_pixels(130)
    found = augmented(pixels)
    assert found.dtype == np.float32
    assert (found == pixels).all()


def test_shifts_are_whole_and_go_everywhere() -> None:
    pixels = np.tile(random_pixels(1), (500, 1))
    found = augmented(pixels, shift_pixels=2).reshape(-1, 28, 28)
    framed = np.pad(pixels[0].reshape(28, 28), 2)
    expected = {
        (down, right): np.roll(framed, (down, right), axis=(0, 1))[2:-2, 2:-2].astype(np.float32)
        for down in range(-2, 3)
        for right in range(-2, 3)
    }
    counts = [int((found == image).all(axis=(1, 2)).sum()) for image in expected.values()]
    assert sum(counts) == 500
    # 20 expected of each, 4.4 the standard deviation.
    assert min(counts) > 4


def test_rotations_keep_the_distance_and_stay_in_their_range() -> None:
    up, right = spots_moved(500, right=8, rotation_degrees=30)
    np.testing.assert_allclose(np.hypot(up, right), 8, atol=0.1)
    degrees = np.degrees(np.arctan2(up, right))
    assert np.abs(degrees).max() <= 30.5
    assert degrees.min() < -28
    assert degrees.max() > 28
    # Uniform: the standard deviation of 17.3 degrees is known to 2 %.
    assert degrees.std() == pytest.approx(30 / np.sqrt(3), rel=0.08)


def test_shears_move_sideways_only() -> None:
    up, right = spots_moved(500, up=8, shear_degrees=20)
    np.testing.assert_allclose(up, 8, atol=1e-3)
    reach = 8 * np.tan(np.radians(20))
    assert np.abs(right).max() <= reach + 0.05
    assert right.min() < -0.95 * reach
    assert right.max() > 0.95 * reach


def test_an_image_is_rotated_or_sheared_but_not_both() -> None:
    up, right = spots_moved(600, up=10, rotation_degrees=25, shear_degrees=25)
    clear = np.abs(right) > 2
    rotated = np.abs(np.hypot(up, right) - 10) < 0.1
    sheared = np.abs(up - 10) < 0.1
    assert (rotated ^ sheared)[clear].all()
    # Of 300 each, the 54 % with an angle above 11.3 degrees are clear.
    assert rotated[clear].sum() > 120
    assert sheared[clear].sum() > 120


def test_height_and_width_are_scaled_each_by_its_own_factor() -> None:
    square = np.zeros((500, 28, 28), dtype=np.uint8)
    square[:, 9:19, 9:19] = 255
    found = augmented(square.reshape(500, -1), scale_fraction=0.2).reshape(-1, 28, 28) / 255
    heights, widths = found[:, :, 14].sum(axis=1) / 10, found[:, 14, :].sum(axis=1) / 10
    for factors in (heights, widths):
        assert factors.min() == pytest.approx(0.8, abs=0.02)
        assert factors.max() == pytest.approx(1.2, abs=0.02)
    assert abs(np.corrcoef(heights, widths)[0, 1]) < 0.15


def test_elastic_fields_bend_each_image_in_its_own_way() -> None:
    pixels = np.tile(random_pixels(1), (5, 1))
    found = augmented(pixels, elastic_alpha=34)
    for i in range(5):
        for j in range(i):
            assert np.abs(found[i] - found[j]).mean() > 10


def test_a_weak_field_moves_spots_as_far_as_its_displacements() -> None:
    # A smooth field moves a spot as a whole. Sigma 4, alpha 10: by 10 / (4 sqrt(12 pi)) = 0.41 pixels.
    up, right = spots_moved(1000, elastic_alpha=10)
    for moved in (up, right):
        assert moved.std() == pytest.approx(0.41, rel=0.1)
        assert abs(moved.mean()) < 0.05


def test_some_classes_have_smaller_angles() -> None:
    targets = np.arange(600) % 10
    up, right = spots_moved(
        600,
        right=9,
        targets=targets,
        rotation_degrees=30,
        narrow_classes=[1, 7],
        narrow_fraction=0.5,
    )
    degrees = np.abs(np.degrees(np.arctan2(up, right)))
    narrow = np.isin(targets, [1, 7])
    assert 13 < degrees[narrow].max() < 15.5
    assert degrees[~narrow].max() > 28


def simard(input_shape: tuple[int, ...] = (28, 28)) -> Augmentation:
    return Augmentation(
        input_shape=input_shape, rotation_degrees=7.5, scale_fraction=0.1, elastic_alpha=34, shift_pixels=1
    )


def test_the_seed_decides_and_each_epoch_is_new() -> None:
    pixels, targets = random_pixels(250), np.zeros(250, dtype=np.int64)
    rng = np.random.default_rng(0)
    first, second = simard()(pixels, targets, rng=rng), simard()(pixels, targets, rng=rng)
    assert (first == simard()(pixels, targets, rng=np.random.default_rng(0))).all()
    assert (first != second).any(axis=1).all()


def test_pixels_keep_their_range_and_the_originals_their_values() -> None:
    pixels = random_pixels(120)
    pixels.flags.writeable = False
    found = simard()(pixels, np.zeros(120, dtype=np.int64), rng=np.random.default_rng(0))
    assert found.dtype == np.float32
    assert found.shape == (120, 784)
    assert found.min() >= 0
    assert found.max() <= 255


def test_pixels_may_be_of_any_unit() -> None:
    pixels, targets = random_pixels(10), np.zeros(10, dtype=np.int64)
    whole = simard()(pixels, targets, rng=np.random.default_rng(0))
    scaled = simard()((pixels / 255).astype(np.float32), targets, rng=np.random.default_rng(0))
    np.testing.assert_allclose(scaled * 255, whole, atol=1e-3)


def test_channels_are_distorted_alike() -> None:
    grey = np.random.default_rng(1).integers(0, 80, (150, 1024), dtype=np.uint8)
    targets = np.zeros(150, dtype=np.int64)
    alone = simard((32, 32))(grey, targets, rng=np.random.default_rng(0))
    colours = np.concatenate([grey, 2 * grey, 3 * grey], axis=1)
    found = simard((3, 32, 32))(colours, targets, rng=np.random.default_rng(0))
    np.testing.assert_allclose(found, np.concatenate([alone, 2 * alone, 3 * alone], axis=1), atol=1e-3)


def test_no_images_are_no_problem() -> None:
    assert augmented(random_pixels(0)).shape == (0, 784)


@pytest.mark.parametrize(
    ("ranges", "message"),
    [
        ({"shift_pixels": -1}, "shift_pixels=-1: expected a whole number of at least 0"),
        ({"shift_pixels": 1.5}, "shift_pixels=1.5: expected a whole number of at least 0"),
        ({"rotation_degrees": -5}, "rotation_degrees=-5: expected a number of at least 0"),
        ({"shear_degrees": 90}, "shear_degrees=90: expected a number from 0 to below 90"),
        ({"shear_degrees": -1}, "shear_degrees=-1: expected a number of at least 0"),
        ({"scale_fraction": 1.0}, "scale_fraction=1.0: expected a number from 0 to below 1"),
        ({"elastic_alpha": -1}, "elastic_alpha=-1: expected a number of at least 0"),
        ({"elastic_sigma": 0}, "elastic_sigma=0: expected a number above 0"),
        ({"narrow_classes": ["1"]}, "narrow_classes=1: expected a whole number of at least 0"),
        ({"narrow_fraction": -0.5}, "narrow_fraction=-0.5: expected a number of at least 0"),
        ({"input_shape": (784,)}, r"input_shape=\(784,\): expected \(height, width\) or \(channels, height"),
    ],
)
def test_ranges_that_are_none_are_refused(ranges: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{message}"):
        Augmentation(**({"input_shape": (28, 28)} | ranges))


def test_images_of_another_size_are_refused() -> None:
    message = r"images to augment: expected shape \(N, 784\) for \(28, 28\), found \(3, 64\)"
    with pytest.raises(DataError, match=message):
        augmented(np.zeros((3, 64), dtype=np.uint8))


@pytest.fixture
def preset(repository: Path) -> Callable[[str], dict[str, Any]]:
    def load(name: str) -> dict[str, Any]:
        preset = OmegaConf.to_object(OmegaConf.load(repository / "conf" / "augment" / f"{name}.yaml"))
        assert isinstance(preset, dict)
        return {str(key): value for key, value in preset.items()}

    return load


@pytest.mark.parametrize("name", ["shift", "affine", "elastic", "simard", "ciresan"])
def test_presets_set_every_range(name: str, preset: Callable[[str], dict[str, Any]]) -> None:
    ranges = preset(name)
    assert ranges.pop("_target_") == "scratchlab.data.Augmentation"
    assert {"input_shape", *ranges} == {field.name for field in dataclasses.fields(Augmentation)}
    pixels = random_pixels(20)
    assert (augmented(pixels, **ranges) != pixels).any(axis=1).sum() > 15


def test_the_preset_of_the_paper_has_the_numbers_of_the_paper(
    preset: Callable[[str], dict[str, Any]],
) -> None:
    simard, ciresan = preset("simard"), preset("ciresan")
    assert (simard["elastic_sigma"], simard["elastic_alpha"]) == (4, 34)
    assert np.radians(simard["rotation_degrees"]) == pytest.approx(0.13, abs=0.001)
    assert 5 <= ciresan["elastic_sigma"] <= 6
    assert 36 <= ciresan["elastic_alpha"] <= 38
    assert (ciresan["rotation_degrees"], ciresan["shear_degrees"]) == (15, 15)
    assert ciresan["narrow_classes"] == [1, 7]
    assert ciresan["rotation_degrees"] * ciresan["narrow_fraction"] == 7.5
    assert 0.15 <= ciresan["scale_fraction"] <= 0.2
