import re

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import best_curves

NAN = np.nan


def legend_of(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_runs_are_ranked_by_their_best_epoch_and_the_best_comes_first() -> None:
    figure = best_curves(
        ["late", "early", "short"],
        [np.array([0.5, 0.625, 0.75]), np.array([0.25, 0.875, 0.5]), np.array([0.625])],
    )
    axes = figure.axes[0]
    assert legend_of(axes) == [
        "early: 87.50 %",
        "late: 75.00 %",
        "short: 62.50 %",
        "best epoch of the best run: 2",
    ]
    early, late, short, ring = axes.lines
    np.testing.assert_allclose(np.asarray(early.get_xydata()), [[1.0, 25.0], [2.0, 87.5], [3.0, 50.0]])
    np.testing.assert_allclose(np.asarray(late.get_xydata()), [[1.0, 50.0], [2.0, 62.5], [3.0, 75.0]])
    np.testing.assert_allclose(np.asarray(short.get_xydata()), [[1, 62.5]])
    np.testing.assert_allclose(np.asarray(ring.get_xydata()), [[2, 87.5]])
    assert early.get_linewidth() > late.get_linewidth() == short.get_linewidth()
    assert len({to_hex(line.get_color()) for line in (early, late, short)}) == 3
    assert figure.get_suptitle() == "Validation accuracy after every epoch, all runs"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "validation accuracy (%)")


def test_only_the_ten_best_are_drawn_and_equal_ones_keep_their_order() -> None:
    accuracies = [0.5, 0.1, *[0.4] * 8, 0.2, 0.3]
    figure = best_curves([f"run {n}" for n in range(12)], [np.array([a]) for a in accuracies])
    names = [text.split(":")[0] for text in legend_of(figure.axes[0])[:-1]]
    assert names == ["run 0", *(f"run {n}" for n in range(2, 10)), "run 11"]
    assert figure.get_suptitle() == "Validation accuracy after every epoch, the 10 best of 12 runs"


def test_accuracies_that_are_not_finite_leave_gaps_and_runs_without_any_are_left_out() -> None:
    figure = best_curves(["gap", "none", "empty"], [np.array([NAN, 0.5, NAN]), np.array([NAN]), np.array([])])
    axes = figure.axes[0]
    assert legend_of(axes) == ["gap: 50.00 %", "best epoch of the best run: 2"]
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [NAN, 50, NAN])
    assert figure.get_suptitle().endswith("the 1 best of 3 runs")


def test_a_bad_first_epoch_does_not_flatten_the_others_and_is_said_to_lie_below() -> None:
    figure = best_curves(["run"], [np.array([0.1, 0.97, 0.98, 0.985, 0.99])])
    low, high = figure.axes[0].get_ylim()
    assert low == pytest.approx(96)  # 99 - 3 * (99 - 98), the median being 98
    assert 99 < high < 105
    assert figure.get_supxlabel() == "Accuracies below 96.00 % lie under the picture."


def test_where_everything_is_seen_nothing_is_said() -> None:
    figure = best_curves(["run"], [np.array([0.96, 0.97, 0.98])])
    assert figure.get_supxlabel() == ""
    assert figure.axes[0].get_ylim()[0] < 96


def test_without_any_accuracy_the_figure_says_so() -> None:
    figure = best_curves([], [])
    assert [text.get_text() for text in figure.axes[0].texts] == ["no accuracy was measured"]


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="curves=1 curves: expected 2, one for each name"):
        best_curves(["a", "b"], [np.ones(3)])
    with pytest.raises(ArgumentError, match=re.escape("curves['a'].shape=(1, 3): expected (epochs,)")):
        best_curves(["a"], [np.ones((1, 3))])
