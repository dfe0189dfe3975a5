import re

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import histograms_over_epochs

EPOCHS = np.array([1, 2])
COUNTS = {"hidden": np.array([[2, 6, 0, 0], [0, 0, 0, 0]])}
EDGES = {"hidden": np.array([-2.0, -1.0, 0.0, 1.0, 5.0])}


def mesh_of(axes: Axes) -> QuadMesh:
    (mesh,) = [child for child in axes.get_children() if isinstance(child, QuadMesh)]
    return mesh


def test_colours_are_fractions_of_an_epochs_values_in_their_bins() -> None:
    figure = histograms_over_epochs(EPOCHS, COUNTS, EDGES, quantity="activations")
    figure.draw_without_rendering()
    mesh = mesh_of(figure.axes[0])
    fractions = np.asarray(mesh.get_array(), dtype=np.float64)
    np.testing.assert_allclose(fractions.reshape(4, 2), [[0.25, 0.0], [0.75, 0.0], [0.0, 0.0], [0.0, 0.0]])
    corners = np.asarray(mesh.get_coordinates())
    np.testing.assert_allclose(corners[0, :, 0], [0.5, 1.5, 2.5])
    np.testing.assert_allclose(corners[:, 0, 1], EDGES["hidden"])
    assert figure.axes[0].get_ylim() == (-2, 0)  # empty bins at either end are left out


def test_lines_follow_the_median_and_the_middle_ninety_percent_of_the_values() -> None:
    rng = np.random.default_rng(0)
    values = [rng.normal(0, scale, size=20_000) for scale in (1.0, 0.3)]
    edges = np.linspace(-6, 6, 241)
    counts = np.stack([np.histogram(value, edges)[0] for value in values])
    figure = histograms_over_epochs(EPOCHS, {"a": counts}, {"a": edges}, quantity="gradients")
    drawn = [np.asarray(line.get_ydata()) for line in figure.axes[0].lines]
    expected: NDArray[np.float64] = np.stack([np.percentile(value, [5, 50, 95]) for value in values], axis=1)
    np.testing.assert_allclose(drawn, expected, atol=0.05)  # the width of a bin


def test_an_epoch_without_values_leaves_a_gap_in_the_lines() -> None:
    axes = histograms_over_epochs(EPOCHS, COUNTS, EDGES, quantity="activations").axes[0]
    for line in axes.lines:
        assert np.isfinite(np.asarray(line.get_ydata())).tolist() == [True, False]


def test_every_layer_has_a_panel_with_its_name_in_the_order_given() -> None:
    layers = ["hidden 1", "hidden 2", "hidden 3", "hidden 4", "output"]
    figure = histograms_over_epochs(
        EPOCHS,
        dict.fromkeys(layers, COUNTS["hidden"]),
        dict.fromkeys(layers, EDGES["hidden"]),
        quantity="activations",
    )
    figure.draw_without_rendering()
    assert figure.get_suptitle() == "Activations of each layer over the epochs"
    panels = [axes for axes in figure.axes if axes.get_title(loc="left")]
    assert [axes.get_title(loc="left") for axes in panels] == layers
    assert {axes.get_xlabel() for axes in panels} == {"epoch"}
    assert [axes.get_ylabel() for axes in panels] == ["activations", "", "", "", "activations"]
    assert figure.axes[-1].get_ylabel() == "fraction of the values, per bin"


def test_one_epoch_shows_points_instead_of_lines() -> None:
    figure = histograms_over_epochs(
        EPOCHS[:1], {"hidden": COUNTS["hidden"][:1]}, EDGES, quantity="activations"
    )
    figure.draw_without_rendering()
    assert [line.get_marker() for line in figure.axes[0].lines] == ["."] * 3


def test_layers_without_any_value_can_be_drawn() -> None:
    empty = {"hidden": np.zeros((2, 4), dtype=int)}
    histograms_over_epochs(EPOCHS, empty, EDGES, quantity="activations").draw_without_rendering()


def test_arguments_that_do_not_fit_are_refused() -> None:
    wide = {"hidden": np.ones((3, 4), dtype=int)}
    with pytest.raises(ArgumentError, match=re.escape("counts['hidden'].shape=(3, 4): expected (2, bins)")):
        histograms_over_epochs(EPOCHS, wide, EDGES, quantity="activations")
    short = {"hidden": EDGES["hidden"][:4]}
    with pytest.raises(ArgumentError, match=re.escape("edges['hidden'].shape=(4,): expected (5,)")):
        histograms_over_epochs(EPOCHS, COUNTS, short, quantity="activations")
    with pytest.raises(ArgumentError, match="edges=those of output: expected those of hidden"):
        histograms_over_epochs(EPOCHS, COUNTS, {"output": EDGES["hidden"]}, quantity="activations")
    with pytest.raises(ArgumentError, match="layers=0: expected a whole number of at least 1"):
        histograms_over_epochs(EPOCHS, {}, {}, quantity="activations")
    with pytest.raises(ArgumentError, match="epochs=0: expected a whole number of at least 1"):
        histograms_over_epochs(EPOCHS[:0], COUNTS, EDGES, quantity="activations")
