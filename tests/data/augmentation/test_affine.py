import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.data.augmentation.affine import AffineMaps

Floats = NDArray[np.float64]


def maps(
    n: int,
    *,
    scale: Floats | None = None,
    shear: Floats | None = None,
    rotation: Floats | None = None,
    shift: NDArray[np.int64] | None = None,
) -> AffineMaps:
    return AffineMaps(
        scale=np.ones((n, 2)) if scale is None else scale,
        shear=np.zeros(n) if shear is None else shear,
        rotation=np.zeros(n) if rotation is None else rotation,
        shift=np.zeros((n, 2), dtype=np.int64) if shift is None else shift,
    )


def sources(affine: AffineMaps, height: int, width: int) -> NDArray[np.float32]:
    out = np.empty((len(affine.shear), 2, height, width), dtype=np.float32)
    affine.write_sources(out)
    return out


@pytest.mark.parametrize(("height", "width"), [(28, 28), (32, 32), (8, 8), (5, 9)])
def test_the_map_that_does_nothing_is_exact(height: int, width: int) -> None:
    found = sources(maps(2), height, width)
    assert (found == np.indices((height, width))).all()


def test_a_shift_is_exact_and_goes_down_and_to_the_right() -> None:
    found = sources(maps(2, shift=np.array([[3, -2], [0, 5]])), 28, 28)
    rows, columns = np.indices((28, 28))
    assert (found[0, 0] == rows - 3).all()
    assert (found[0, 1] == columns + 2).all()
    assert (found[1, 0] == rows).all()
    assert (found[1, 1] == columns - 5).all()


def test_a_quarter_turn_is_counter_clockwise() -> None:
    found = sources(maps(1, rotation=np.array([np.pi / 2])), 28, 28)[0]
    expected = np.rot90(np.indices((28, 28)), axes=(1, 2))
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_rotation_moves_a_known_pixel() -> None:
    # By 30 degrees, what is 8 to the right of the centre goes to 4 up and 8 cos(30) = 6.93 to the right. The pixel 4 up
    # and 7 to the right is off that place by 0.07, so that its source is as far off the known pixel.
    found = sources(maps(1, rotation=np.radians([30.0])), 29, 29)[0]
    row, column = found[:, 14 - 4, 14 + 7]
    assert np.hypot(row - 14, column - (14 + 8)) == pytest.approx(7 - 8 * np.cos(np.pi / 6), abs=1e-4)


def test_a_shear_leans_vertical_lines_to_the_right() -> None:
    # By 45 degrees: each row moves as far to the right as it is above the centre.
    found = sources(maps(1, shear=np.radians([45.0])), 5, 5)[0]
    assert (found[0] == np.indices((5, 5))[0]).all()
    np.testing.assert_allclose(found[1][:, 2], [0, 1, 2, 3, 4], atol=1e-6)


def test_a_scale_above_1_makes_the_image_larger() -> None:
    found = sources(maps(1, scale=np.array([[2.0, 4.0]])), 9, 9)[0]
    assert found[:, 8, 8].tolist() == [4 + 4 / 2, 4 + 4 / 4]
    assert found[:, 4, 4].tolist() == [4, 4]


def test_any_combination_is_the_inverse_of_the_maps_one_after_another() -> None:
    rng = np.random.default_rng(0)
    n, height, width = 20, 11, 16
    affine = maps(
        n,
        scale=rng.uniform(0.5, 2, (n, 2)),
        shear=rng.uniform(-1, 1, n),
        rotation=rng.uniform(-3, 3, n),
        shift=rng.integers(-4, 5, (n, 2)),
    )
    found = sources(affine, height, width)
    centre = np.array([5.0, 7.5])
    for i in range(n):
        cos, sin = np.cos(affine.rotation[i]), np.sin(affine.rotation[i])
        rotation = np.array([[cos, -sin], [sin, cos]])
        shear = np.array([[1, 0], [-np.tan(affine.shear[i]), 1]])
        forwards = rotation @ shear @ np.diag(affine.scale[i])
        # Pushing the sources forwards must lead back to the pixels that asked.
        pushed = np.einsum("ab,bhw->ahw", forwards, found[i] - centre[:, None, None])
        pushed += (centre + affine.shift[i])[:, None, None]
        np.testing.assert_allclose(pushed, np.indices((height, width)), atol=1e-4)
