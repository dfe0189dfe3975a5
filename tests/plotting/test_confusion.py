import re

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import confusion_matrix_figure

MATRIX = np.array([[1990, 10, 0], [0, 30, 10], [1, 2, 7]])
NAMES = ["cat", "dog", "bird"]


def test_every_count_stands_in_its_cell_and_every_recall_beside_its_row() -> None:
    axes = confusion_matrix_figure(MATRIX, NAMES).axes[0]
    cells = {
        text.get_position(): text.get_text()
        for text in axes.texts
        if text.get_horizontalalignment() == "center"
    }
    assert cells == {
        **{(0, 0): "1,990", (1, 0): "10", (2, 0): "0"},
        **{(0, 1): "0", (1, 1): "30", (2, 1): "10"},
        **{(0, 2): "1", (1, 2): "2", (2, 2): "7"},
    }
    right = [text.get_text() for text in axes.texts if text.get_horizontalalignment() == "left"]
    assert right == ["recall", "99.5 %", "75.0 %", "70.0 %"]


def test_rows_are_true_and_columns_predicted_from_the_top_left() -> None:
    figure = confusion_matrix_figure(MATRIX, NAMES)
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "true class")
    assert [label.get_text() for label in axes.get_xticklabels()] == NAMES
    assert [label.get_text() for label in axes.get_yticklabels()] == NAMES
    bottom, top = axes.get_ylim()
    assert bottom > top
    assert figure.get_suptitle() == "Confusion matrix: 2,027 of 2,050 right (98.88 %)"


def test_colours_are_fractions_of_the_row_and_mistakes_have_a_scale_of_their_own() -> None:
    figure = confusion_matrix_figure(MATRIX, NAMES)
    right, wrong = figure.axes[0].images
    fractions = np.array([[0.995, 0.005, 0], [0, 0.75, 0.25], [0.1, 0.2, 0.7]])
    on_diagonal = np.eye(3, dtype=bool)
    for image, shown in ((right, on_diagonal), (wrong, ~on_diagonal)):
        array = image.get_array()
        assert isinstance(array, np.ma.MaskedArray)
        np.testing.assert_array_equal(np.ma.getmaskarray(array), ~shown)
        np.testing.assert_allclose(array.compressed(), fractions[shown])
    assert wrong.get_clim() == (0, 0.5)  # twice the worst, so that dark numbers stay readable on it
    assert right.get_clim() == (0, 2.5)
    assert figure.get_supxlabel().endswith("up to 25.0 %.")


def test_without_mistakes_and_with_an_empty_class_it_still_reads_well() -> None:
    figure = confusion_matrix_figure(np.array([[5, 0], [0, 0]]), ["no", "yes"])
    figure.draw_without_rendering()
    assert figure.get_suptitle() == "Confusion matrix: 5 of 5 right (100.00 %)"
    assert figure.get_supxlabel() == "Colour: fraction of the row."
    assert [text.get_text() for text in figure.axes[0].texts][-2:] == ["100.0 %", "none"]


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (9,)])
def test_a_matrix_that_does_not_fit_the_names_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ArgumentError, match=re.escape(f"matrix.shape={shape}: expected (3, 3)")):
        confusion_matrix_figure(np.zeros(shape, dtype=int), NAMES)
