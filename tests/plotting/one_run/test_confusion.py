import re

import numpy as np
import pytest
from matplotlib import colormaps

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import confusions
from scratchlab.plotting.sheet import Text, width_of

MATRIX = np.array([[1990, 10, 0], [0, 30, 10], [1, 2, 7]])
NAMES = ["cat", "dog", "bird"]


def rows_of(texts: list[Text]) -> list[list[str]]:
    """Return texts as they are read: lines from the top, each from the left."""
    heights = sorted({text.y for text in texts})
    return [[text.text for text in sorted(texts, key=lambda text: text.x) if text.y == y] for y in heights]


def test_counts_stand_in_rows_of_true_classes_with_their_recall_and_columns_of_predicted() -> None:
    sheet = confusions(MATRIX, NAMES)
    assert rows_of(sheet.texts) == [
        ["true class", "recall"],
        ["cat", "1,990", "10", "0", "99.5 %"],
        ["dog", "0", "30", "10", "75.0 %"],
        ["bird", "1", "2", "7", "70.0 %"],
        ["cat", "dog", "bird"],
        ["predicted class"],
    ]
    assert sheet.title == "Confusion matrix: 2,027 of 2,050 right (98.88 %)"


def test_a_count_stands_in_the_middle_of_its_cell_above_the_name_of_its_column() -> None:
    sheet = confusions(MATRIX, NAMES)
    (cells,) = sheet.tiles
    at = {text.text: (text.x, text.y) for text in sheet.texts if text.anchor == "mm"}
    width, height = cells.zoom
    assert at["1,990"] == (cells.left + width / 2, cells.top + height / 2)
    assert at["7"] == (cells.left + 2.5 * width, cells.top + 2.5 * height)
    assert (at["cat"][0], at["dog"][0], at["bird"][0]) == (at["1,990"][0], at["30"][0], at["7"][0])


def test_cells_are_as_wide_as_the_longest_name() -> None:
    (wide,) = confusions(np.eye(2, dtype=int), ["automobile", "car"]).tiles
    (narrow,) = confusions(np.eye(2, dtype=int), ["bus", "car"]).tiles
    assert wide.zoom[0] > width_of("automobile", 10) > narrow.zoom[0] == narrow.zoom[1]


def test_colours_are_fractions_of_the_row_and_mistakes_have_a_scale_of_their_own() -> None:
    sheet = confusions(MATRIX, NAMES)
    (cells,) = sheet.tiles
    fractions = np.array([[0.995, 0.005, 0], [0, 0.75, 0.25], [0.1, 0.2, 0.7]])
    for place in np.ndindex(3, 3):
        # The worst mistake, 0.25, gets the middle of its scale, so that dark numbers stay readable on it.
        name, top = ("Blues", 2.5) if place[0] == place[1] else ("Oranges", 0.5)
        expected = 255 * np.array(colormaps[name](fractions[place] / top)[:3])
        np.testing.assert_allclose(cells.colors[place], expected, atol=1)
    assert sheet.explanation.endswith("up to 25.0 %.")


def test_without_mistakes_and_with_an_empty_class_it_still_reads_well() -> None:
    sheet = confusions(np.array([[5, 0], [0, 0]]), ["no", "yes"])
    assert sheet.title == "Confusion matrix: 5 of 5 right (100.00 %)"
    assert sheet.explanation == "Colour: fraction of the row."
    assert [row[-1] for row in rows_of(sheet.texts)[1:3]] == ["100.0 %", "none"]


def test_of_many_classes_those_with_the_most_mistakes_are_drawn() -> None:
    matrix = 9 * np.eye(60, dtype=int)
    matrix[10:, 0] = np.arange(1, 51)  # the first ten make no mistakes
    sheet = confusions(matrix, [f"c{k}" for k in range(60)])
    (cells,) = sheet.tiles
    assert cells.colors.shape[:2] == (50, 50)
    rows = rows_of(sheet.texts)
    assert [row[0] for row in rows[1:51]] == [f"c{k}" for k in range(10, 60)]
    assert rows[1][-1] == "90.0 %"  # 9 of 10, although the column of its mistake is not drawn
    assert sheet.title == "Confusion matrix: 540 of 1,815 right (29.75 %)"
    assert sheet.explanation.startswith("The 50 of 60 classes with the most mistakes. Colour: ")


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (9,)])
def test_a_matrix_that_does_not_fit_the_names_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ArgumentError, match=re.escape(f"matrix.shape={shape}: expected (3, 3)")):
        confusions(np.zeros(shape, dtype=int), NAMES)
