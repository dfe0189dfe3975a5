import re

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import mean_curves

CURVES = {
    "with": (np.array([10, 20]), np.array([[90.0, 98.0], [80.0, 96.0]])),
    "without": (np.array([10, 20, 30]), np.array([[10.0, 20.0, 40.0]])),
}


def test_a_line_is_the_mean_and_its_band_reaches_from_the_lowest_to_the_highest_run() -> None:
    [axes] = mean_curves(CURVES, title="t", x="step", y="accuracy (%)").axes
    drawn = [np.asarray(line.get_xydata()).tolist() for line in axes.lines]
    assert drawn == [[[10, 85], [20, 97]], [[10, 10], [20, 20], [30, 40]]]
    [path] = axes.collections[0].get_paths()
    corners = {(float(x), float(y)) for x, y in np.asarray(path.vertices)}
    assert {(10, 80), (10, 90), (20, 96), (20, 98)} <= corners


def test_everything_is_named() -> None:
    figure = mean_curves(CURVES, title="Two of them", x="step", y="cost", is_log=True)
    [axes] = figure.axes
    assert figure.get_suptitle() == "Two of them"
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == ("step", "cost", "log")
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["with", "without"]


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="curves=0: expected a whole number of at least 1"):
        mean_curves({}, title="t", x="x", y="y")
    with pytest.raises(ArgumentError, match=re.escape("curves['a'][1].shape=(1, 3): expected (runs, 2)")):
        mean_curves({"a": (np.arange(2), np.zeros((1, 3)))}, title="t", x="x", y="y")
    with pytest.raises(ArgumentError, match=re.escape("curves['a'].size=0: expected a whole number")):
        mean_curves({"a": (np.arange(2), np.zeros((0, 2)))}, title="t", x="x", y="y")
