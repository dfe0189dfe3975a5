import re

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import decision_regions

POINTS = np.array([[0.0, 0.0], [1.0, 0.5], [-2.0, 3.0], [1.5, 1.0]])
TARGETS = np.array([0, 1, 0, 1])
PREDICTIONS = np.array([[1, 0, 0], [0, 0, 0]])  # class 1 at the bottom left
EXTENT = (-3.0, 2.0, -1.0, 4.0)
NAMES = ["inner", "outer"]


def axes() -> Axes:
    figure = decision_regions(POINTS, TARGETS, PREDICTIONS, EXTENT, NAMES)
    figure.draw_without_rendering()
    return figure.axes[0]


def colours_of_the_points(axes: Axes) -> NDArray[np.float64]:
    """Return a row of red, green and blue per class."""
    return np.stack([np.asarray(drawn.get_facecolor())[0, :3] for drawn in axes.collections])


def test_every_class_has_its_points_in_a_colour_of_its_own() -> None:
    drawn = axes().collections
    assert [collection.get_label() for collection in drawn] == NAMES
    for collection, expected in zip(drawn, (POINTS[[0, 2]], POINTS[[1, 3]]), strict=True):
        np.testing.assert_array_equal(np.asarray(collection.get_offsets()), expected)
    assert len(np.unique(colours_of_the_points(axes()), axis=0)) == 2


def test_the_regions_are_pale_in_the_colours_of_their_classes() -> None:
    drawn = axes()
    [image] = drawn.images
    regions = np.asarray(image.get_array(), dtype=np.float64)
    inner, outer = colours_of_the_points(drawn)
    white = np.array(to_rgb("white"))
    np.testing.assert_allclose(regions[0, 0], white + 0.3 * (outer - white))
    np.testing.assert_allclose(regions[1, 0], white + 0.3 * (inner - white))
    assert regions.shape == (2, 3, 3)


def test_the_grid_lies_where_it_was_asked_with_its_first_row_at_the_bottom() -> None:
    drawn = axes()
    [image] = drawn.images
    assert (image.origin, tuple(image.get_extent())) == ("lower", EXTENT)
    assert drawn.get_xlim() == EXTENT[:2]
    assert drawn.get_ylim() == EXTENT[2:]


def test_inputs_of_very_different_ranges_still_fill_the_figure() -> None:
    figure = decision_regions(POINTS, TARGETS, PREDICTIONS, (0.0, 1000.0, 0.0, 1.0), NAMES)
    figure.draw_without_rendering()
    box = figure.axes[0].get_window_extent()
    assert 0.8 < box.width / box.height < 1.25


def test_the_legend_and_the_axes_say_what_is_seen() -> None:
    drawn = axes()
    legend = drawn.get_legend()
    assert legend is not None
    assert legend.get_title().get_text() == "class"
    assert [text.get_text() for text in legend.get_texts()] == NAMES
    assert (drawn.get_xlabel(), drawn.get_ylabel()) == ("first input", "second input")


def test_a_class_without_points_can_be_drawn() -> None:
    figure = decision_regions(POINTS[:0], TARGETS[:0], PREDICTIONS, EXTENT, NAMES)
    figure.draw_without_rendering()


def test_arrays_that_do_not_fit_are_refused() -> None:
    for points, targets, predictions, message in (
        (POINTS[:, :1], TARGETS, PREDICTIONS, "points.shape=(4, 1): expected (points, 2)"),
        (POINTS, TARGETS[:3], PREDICTIONS, "targets.shape=(3,): expected (4,)"),
        (POINTS, TARGETS, PREDICTIONS[0], "predictions.shape=(3,): expected (rows, columns)"),
    ):
        with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
            decision_regions(points, targets, predictions, EXTENT, NAMES)
