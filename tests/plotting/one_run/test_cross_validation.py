import re

import numpy as np
import pytest
from matplotlib.container import ErrorbarContainer

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import cross_validation

KS = np.array([1, 10, 5])
ACCURACIES = np.array([[0.2, 0.4], [0.5, 0.5], [0.1, 0.2]])


def test_every_fold_is_a_dot() -> None:
    axes = cross_validation(KS, ACCURACIES, 10).axes[0]
    (dots,) = [line for line in axes.lines if line.get_label() == "each fold"]
    expected = [[1, 20], [1, 40], [5, 10], [5, 20], [10, 50], [10, 50]]
    np.testing.assert_allclose(np.asarray(dots.get_xydata()), expected)


def test_the_mean_has_bars_of_one_standard_deviation_either_way() -> None:
    axes = cross_validation(KS, ACCURACIES, 10).axes[0]
    (container,) = axes.containers
    assert isinstance(container, ErrorbarContainer)
    mean, _, (bars,) = container.lines
    assert mean is not None
    np.testing.assert_allclose(np.asarray(mean.get_xydata()), [[1, 30], [5, 15], [10, 50]])
    np.testing.assert_allclose(
        bars.get_segments(), [[[1, 20], [1, 40]], [[5, 10], [5, 20]], [[10, 50], [10, 50]]]
    )


def test_the_best_k_is_marked_and_named() -> None:
    figure = cross_validation(KS, ACCURACIES, 10)
    axes = figure.axes[0]
    assert figure.get_suptitle() == "Cross-validation chooses k = 10"
    (mark,) = [line for line in axes.lines if line.get_label() == "best k = 10: 50.00 %"]
    np.testing.assert_allclose(np.asarray(mark.get_xydata()), [[10, 50]])
    assert axes.get_xlabel() == "k, number of neighbours (log scale)"
    assert axes.get_ylabel() == "accuracy on the fold left out (%)"


def test_ticks_stand_at_the_ks_that_were_tried() -> None:
    figure = cross_validation(KS, ACCURACIES, 10)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "5", "10"]
    assert [label.get_text() for label in axes.get_xticklabels(minor=True)] == []


def test_one_k_and_one_fold_can_be_drawn() -> None:
    figure = cross_validation(np.array([3]), np.array([[0.9]]), 3)
    figure.draw_without_rendering()
    assert figure.axes[0].get_xticks().tolist() == [3]


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match=re.escape("accuracies.shape=(2, 3): expected (3, folds)")):
        cross_validation(KS, ACCURACIES.T, 10)
    with pytest.raises(ArgumentError, match=re.escape("ks.shape=(1, 3): expected (ks,)")):
        cross_validation(KS[np.newaxis], ACCURACIES, 10)
    with pytest.raises(ArgumentError, match="best_k=2: expected one of the ks, 1, 10, 5"):
        cross_validation(KS, ACCURACIES, 2)
