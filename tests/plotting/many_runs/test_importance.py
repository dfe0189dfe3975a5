import numpy as np
import pytest
from matplotlib.patches import Rectangle

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import importance


def test_every_parameter_is_a_bar_and_the_most_important_is_at_the_top() -> None:
    figure = importance({"hidden": 0.25, "lr": 0.625, "l2": 0.125})
    (axes,) = figure.axes
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle)]
    np.testing.assert_allclose([bar.get_width() for bar in bars], [12.5, 25, 62.5])
    assert [bar.get_y() for bar in bars] == sorted(bar.get_y() for bar in bars)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["l2", "hidden", "lr"]
    assert [text.get_text() for text in axes.texts] == ["12 %", "25 %", "62 %"]
    assert axes.get_xlim() == (0, 110)
    assert axes.get_xlabel() == "share (%)"


def test_no_parameter_is_refused() -> None:
    with pytest.raises(ArgumentError, match="parameters=0: expected a whole number of at least 1"):
        importance({})
