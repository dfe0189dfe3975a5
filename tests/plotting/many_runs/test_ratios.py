import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import update_ratios

EPOCHS = np.array([1, 2, 3])
RATIOS = {"hidden": np.array([1e-2, 5e-3, 1e-3]), "output": np.array([0.0, np.nan, 2e-5])}


def test_every_layer_is_a_line_with_gaps_where_there_is_no_logarithm() -> None:
    axes = update_ratios(EPOCHS, RATIOS).axes[0]
    hidden, output, _ = axes.lines
    assert (hidden.get_label(), output.get_label()) == ("hidden", "output")
    np.testing.assert_array_equal(hidden.get_ydata(), RATIOS["hidden"])
    np.testing.assert_array_equal(output.get_ydata(), [np.nan, np.nan, 2e-5])
    assert to_hex(hidden.get_color()) != to_hex(output.get_color())
    assert (axes.get_xlabel(), axes.get_yscale()) == ("epoch", "log")
    assert axes.get_ylabel() == "|update| / |weights| (log scale)"


def test_the_rule_of_thumb_is_a_line_across() -> None:
    guide = update_ratios(EPOCHS, RATIOS).axes[0].lines[-1]
    assert guide.get_label() == "0.001, a rule of thumb"
    np.testing.assert_array_equal(guide.get_ydata(), [1e-3, 1e-3])


def test_the_limits_hold_every_ratio_and_the_guide() -> None:
    low, high = update_ratios(EPOCHS, RATIOS).axes[0].get_ylim()
    assert low == pytest.approx(1e-5)
    assert high == pytest.approx(2e-2)


def test_a_layer_that_never_moves_can_be_drawn() -> None:
    figure = update_ratios(EPOCHS[:1], {"frozen": np.zeros(1)})
    figure.draw_without_rendering()
    assert figure.axes[0].get_ylim() == pytest.approx((5e-4, 2e-3))


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match=re.escape("ratios['hidden'].shape=(2,): expected (3,)")):
        update_ratios(EPOCHS, {"hidden": np.ones(2)})
    with pytest.raises(ArgumentError, match=re.escape("epochs.shape=(1, 3): expected (epochs,)")):
        update_ratios(EPOCHS[np.newaxis], RATIOS)
    with pytest.raises(ArgumentError, match="layers=0: expected a whole number of at least 1"):
        update_ratios(EPOCHS, {})
