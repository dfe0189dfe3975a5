import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.plotting.sheet import Anchor, Sheet, Text, Tile, width_of

RED, BLUE = (255, 0, 0), (0, 0, 255)


def pixels(sheet: Sheet) -> NDArray[np.uint8]:
    return np.asarray(sheet.image())


def ink(sheet: Sheet) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of all that is not white."""
    rows, columns = np.nonzero((pixels(sheet) != 255).any(axis=2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def test_every_colour_of_a_tile_becomes_a_rectangle_at_its_place() -> None:
    sheet = Sheet(20, 10, "")
    tile = Tile(np.array([[RED, BLUE]], dtype=np.uint8), left=4, top=5, zoom=(3, 2))
    sheet.tiles.append(tile)
    assert tile.box == (4, 5, 10, 7)
    expected = np.full((10, 20, 3), 255, dtype=np.uint8)
    expected[5:7, 4:7], expected[5:7, 7:10] = RED, BLUE
    np.testing.assert_array_equal(pixels(sheet), expected)


@pytest.mark.parametrize("anchor", ["la", "ld", "lm", "ls", "ma", "mm", "rm"])
def test_the_box_of_a_text_is_around_its_ink_at_its_anchor(anchor: Anchor) -> None:
    text = Text("H", 100, 100, 30, "#000000", anchor)
    left, top, right, bottom = text.box
    inner = ink(Sheet(200, 200, "", texts=[text]))
    np.testing.assert_allclose(inner, text.box, atol=6)
    np.testing.assert_allclose(inner[1::2], [top, bottom], atol=1)
    assert {"l": abs(left - 100) < 8, "m": abs((left + right) / 2 - 100) < 2, "r": abs(right - 100) < 8}[
        anchor[0]
    ]
    assert {"a": top > 100, "m": top < 100 < bottom, "s": abs(bottom - 100) < 2, "d": bottom < 100}[anchor[1]]


def test_a_text_has_its_colour_and_lies_on_the_images() -> None:
    black = Tile(np.zeros((1, 1, 3), dtype=np.uint8), left=0, top=0, zoom=(120, 80))
    sheet = Sheet(120, 80, "", tiles=[black], texts=[Text("H", 60, 40, 30, "#FF0000", "mm")])
    assert np.unique(pixels(sheet)[..., 0]).tolist()[-1] == 255
    assert not pixels(sheet)[..., 1:].any()


def test_the_title_stands_at_the_top_left_and_the_explanation_at_the_bottom_left() -> None:
    title, explanation = Sheet(400, 300, "Weights", "Red is above 0.").frame()
    assert (title.text, title.bold, explanation.text, explanation.bold) == (
        *("Weights", True),
        *("Red is above 0.", False),
    )
    assert 0 < title.box[1] < title.box[3] < 100
    assert 200 < explanation.box[1] < explanation.box[3] < 300
    assert [text.text for text in Sheet(400, 300, "Weights").frame()] == ["Weights"]


def test_a_wider_text_is_wider() -> None:
    assert 0 < width_of("i", 9) < width_of("m", 9) < width_of("mm", 9)
    assert width_of("m", 18) == pytest.approx(2 * width_of("m", 9), rel=0.1)
