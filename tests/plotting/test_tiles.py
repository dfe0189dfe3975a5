import numpy as np
import pytest
from matplotlib.image import AxesImage

from scratchlab.plotting.style import DPI
from scratchlab.plotting.tiles import tiles


def extent(image: AxesImage) -> tuple[float, float, float, float]:
    left, right, bottom, top = image.get_extent()
    return left, right, bottom, top


def test_images_stand_in_rows_of_the_columns_asked_for() -> None:
    figure = tiles(np.zeros((5, 4, 4)), columns=3, tile_inches=0.5, title="Five")
    places = [extent(image) for image in figure.axes[0].images]
    lefts, tops = [place[0] for place in places], [place[3] for place in places]
    assert lefts[:2] == lefts[3:]
    assert lefts[0] < lefts[1] < lefts[2]
    assert tops[0] == tops[1] == tops[2] < tops[3] == tops[4]


@pytest.mark.parametrize(("height", "width", "zoom"), [(28, 28, 4), (8, 8, 15), (32, 16, 8), (300, 300, 1)])
def test_a_pixel_becomes_a_square_of_whole_screen_pixels(height: int, width: int, zoom: int) -> None:
    figure = tiles(np.zeros((2, height, width)), columns=2, tile_inches=1.0, title="Two")
    assert figure.dpi == DPI
    axes = figure.axes[0]
    np.testing.assert_allclose(axes.transData.transform([(1, 0), (0, 0)])[:, 0], [1, 0], atol=1e-9)
    for image in axes.images:
        left, right, bottom, top = extent(image)
        assert (right - left, bottom - top) == (width * zoom, height * zoom)
        assert left == round(left)
        assert top == round(top)


def test_captions_and_row_labels_stand_by_their_images() -> None:
    figure = tiles(
        np.zeros((4, 8, 8)),
        columns=2,
        tile_inches=0.8,
        title="Four",
        captions="abcd",
        row_labels=["one", "two"],
    )
    axes = figure.axes[0]
    at = {text.get_text(): text.get_position() for text in axes.texts}
    for image, caption in zip(axes.images, "abcd", strict=True):
        left, right, bottom, _ = extent(image)
        assert at[caption][0] == (left + right) / 2
        assert at[caption][1] > bottom
    for image, label in zip(axes.images[::2], ["one", "two"], strict=True):
        left, _, bottom, top = extent(image)
        assert at[label][0] < left
        assert at[label][1] == (bottom + top) / 2


def test_limits_and_colours_hold_for_every_image() -> None:
    figure = tiles(
        np.array([[[0.1]], [[0.9]]]), columns=2, tile_inches=0.2, title="Two", cmap="RdBu_r", limits=(-2, 2)
    )
    assert [image.get_clim() for image in figure.axes[0].images] == [(-2, 2), (-2, 2)]
    assert {image.get_cmap().name for image in figure.axes[0].images} == {"RdBu_r"}


def test_no_text_lies_on_an_image() -> None:
    figure = tiles(
        np.zeros((4, 8, 8)),
        columns=2,
        tile_inches=0.8,
        title="Four",
        explanation="Two by two.",
        captions=["two\nlines"] * 4,
        row_labels=["original", "drawn 10"],
    )
    figure.draw_without_rendering()
    axes = figure.axes[0]
    images = [image.get_window_extent() for image in axes.images]
    for text in (*axes.texts, *figure.texts):
        assert not any(text.get_window_extent().overlaps(image) for image in images), text.get_text()
