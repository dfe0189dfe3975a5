import re

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import augmented_samples


def test_originals_stand_in_the_first_row_above_what_became_of_them() -> None:
    originals = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 10.0]])
    augmented = np.stack([originals / 2, originals / 4])
    sheet = augmented_samples(originals, augmented, (1, 2))
    grays = np.array([tile.colors[..., 0] for tile in sheet.tiles]).reshape(3, 3, 2)
    np.testing.assert_allclose(
        grays / 255, np.concatenate([originals[np.newaxis], augmented]) / 10, atol=0.003
    )
    assert [text.text for text in sheet.texts] == ["original", "drawn 1", "drawn 2"]
    lefts = np.array([tile.left for tile in sheet.tiles]).reshape(3, 3)
    tops = np.array([tile.top for tile in sheet.tiles]).reshape(3, 3)
    assert (lefts == lefts[0]).all()
    assert (np.diff(tops[:, 0]) > 0).all()


def test_colour_images_keep_their_colours() -> None:
    red = np.array([[1.0] * 4 + [0.0] * 8])
    for tile in augmented_samples(red, red[np.newaxis], (3, 2, 2)).tiles:
        np.testing.assert_array_equal(tile.colors, np.broadcast_to([255, 0, 0], (2, 2, 3)))


@pytest.mark.parametrize(
    ("originals", "augmented", "message"),
    [
        ((5, 63), (2, 5, 63), "originals.shape=(5, 63): expected (images, 64)"),
        ((5, 64), (2, 4, 64), "augmented.shape=(2, 4, 64): expected (rounds, 5, 64)"),
        ((5, 64), (5, 64), "augmented.shape=(5, 64): expected (rounds, 5, 64)"),
        ((0, 64), (2, 0, 64), "originals=0: expected a whole number of at least 1"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    originals: tuple[int, ...], augmented: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ArgumentError, match=re.escape(message)):
        augmented_samples(np.zeros(originals), np.zeros(augmented), (8, 8))
