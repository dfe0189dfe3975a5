import numpy as np
import pytest
from matplotlib import colormaps

from scratchlab.plotting.tiles import tiles


def test_images_stand_in_rows_of_the_columns_asked_for() -> None:
    sheet = tiles(np.zeros((5, 4, 4)), columns=3, tile_inches=0.5, title="Five")
    lefts, tops = [tile.left for tile in sheet.tiles], [tile.top for tile in sheet.tiles]
    assert lefts[:2] == lefts[3:]
    assert lefts[0] < lefts[1] < lefts[2]
    assert tops[0] == tops[1] == tops[2] < tops[3] == tops[4]


@pytest.mark.parametrize(("height", "width", "zoom"), [(28, 28, 4), (8, 8, 15), (32, 16, 8), (300, 300, 1)])
def test_a_pixel_becomes_a_square_of_whole_screen_pixels(height: int, width: int, zoom: int) -> None:
    sheet = tiles(np.zeros((2, height, width)), columns=2, tile_inches=1.0, title="Two")
    for tile in sheet.tiles:
        left, top, right, bottom = tile.box
        assert (right - left, bottom - top) == (width * zoom, height * zoom)


def test_captions_and_row_labels_stand_by_their_images() -> None:
    sheet = tiles(
        np.zeros((4, 8, 8)),
        columns=2,
        tile_inches=0.8,
        title="Four",
        captions="abcd",
        row_labels=["one", "two"],
    )
    at = {text.text: (text.x, text.y) for text in sheet.texts}
    for tile, caption in zip(sheet.tiles, "abcd", strict=True):
        left, _, right, bottom = tile.box
        assert at[caption][0] == (left + right) / 2
        assert at[caption][1] > bottom
    for tile, label in zip(sheet.tiles[::2], ["one", "two"], strict=True):
        left, top, _, bottom = tile.box
        assert at[label][0] < left
        assert at[label][1] == (bottom + top) / 2


def test_gray_values_get_their_colours_between_the_limits_and_beyond() -> None:
    values = np.array([[[-3.0, -2.0, 0.5, 2.0, 3.0]]])
    (tile,) = tiles(values, columns=1, tile_inches=0.2, title="One", cmap="RdBu_r", limits=(-2, 2)).tiles
    expected = [colormaps["RdBu_r"](place)[:3] for place in (0.0, 0.0, 0.625, 1.0, 1.0)]
    np.testing.assert_allclose(tile.colors[0], 255 * np.array(expected), atol=1)


def test_colours_stay_what_they_are() -> None:
    (tile,) = tiles(np.array([[[[0.0, 0.5, 1.0]]]]), columns=1, tile_inches=0.2, title="One").tiles
    assert tile.colors.tolist() == [[[0, 128, 255]]]


def test_no_text_lies_on_an_image() -> None:
    sheet = tiles(
        np.zeros((4, 8, 8)),
        columns=2,
        tile_inches=0.8,
        title="Four",
        explanation="Two by two.",
        captions=["two\nlines"] * 4,
        row_labels=["original", "drawn 10"],
    )
    texts = [*sheet.texts, *sheet.frame()]
    assert len(texts) == 4 * 2 + 2 + 2
    for text in texts:
        left, top, right, bottom = text.box
        for tile in sheet.tiles:
            beside = right <= tile.box[0] or left >= tile.box[2]
            assert beside or bottom <= tile.box[1] or top >= tile.box[3], text.text
