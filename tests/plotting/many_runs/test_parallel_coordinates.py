import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import parallel_coordinates

VALUES: dict[str, list[object]] = {
    "lr": [1e-2, 1e-3, 1e-1, 1e-1],
    "regularization.norm": ["batch", None, None, "batch"],
}
SCORES = np.array([0.96, 0.98, 0.97, np.nan])


def draw() -> Figure:
    return parallel_coordinates(VALUES, SCORES)


def lines_of(axes: Axes) -> LineCollection:
    (lines,) = [lines for lines in axes.collections if isinstance(lines, LineCollection)]
    return lines


def ticks_of(axes: Axes, across: int) -> dict[float, str]:
    notes = [text for text in axes.texts if isinstance(text, Annotation) and text.xy[0] == across]
    return {text.xy[1]: text.get_text() for text in notes}


def test_every_run_with_a_score_is_a_line_and_better_ones_lie_over_worse_ones() -> None:
    segments = lines_of(draw().axes[0]).get_segments()
    expected = [
        [[0.0, 0.5], [1.0, 0.0], [2.0, 0.0]],  # 96 %: the middle one of the learning rates
        [[0.0, 1.0], [1.0, 1.0], [2.0, 0.5]],
        [[0.0, 0.0], [1.0, 1.0], [2.0, 1.0]],
    ]
    np.testing.assert_allclose(segments, expected, atol=1e-12)


def test_colours_rise_with_the_score() -> None:
    lines = lines_of(draw().axes[0])
    np.testing.assert_allclose(np.asarray(lines.get_array()), [0, 0.5, 1], atol=1e-12)


def test_the_best_run_is_emphasised_and_named() -> None:
    figure = draw()
    (best,) = [line for line in figure.axes[0].lines if line.get_label() == "best run"]
    np.testing.assert_allclose(np.asarray(best.get_xydata()), [[0, 0], [1, 1], [2, 1]])
    assert best.get_linewidth() > 2 * float(np.max(lines_of(figure.axes[0]).get_linewidth()))
    assert figure.get_supxlabel() == "Lighter: better. Red: the best of 3, 98.00 %."


def test_every_axis_has_its_name_and_its_values() -> None:
    axes = draw().axes[0]
    names = [text.get_text() for text in axes.texts if not isinstance(text, Annotation)]
    assert names == ["lr", "regularization.\nnorm", "validation\naccuracy (%)"]
    assert list(ticks_of(axes, 0).values()) == ["0.001", "0.01", "0.1"]
    assert ticks_of(axes, 1) == {0: "batch", 1: "None"}
    percent = ticks_of(axes, 2)
    assert list(percent) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert list(percent.values()) == ["96.00", "96.40", "96.80", "97.20", "97.60", "98.00"]


def test_a_run_that_diverged_ends_at_the_foot_and_the_axis_says_so() -> None:
    figure = parallel_coordinates({"lr": [1, 2, 3, 4]}, np.array([0.1, 0.97, 0.97, 0.98]))
    axes = figure.axes[0]
    assert ticks_of(axes, 1)[0] == "≤ 95.00"
    ends = [segment[-1][1] for segment in lines_of(axes).get_segments()]
    np.testing.assert_allclose(ends, [0, 2 / 3, 2 / 3, 1])


def test_one_run_can_be_drawn() -> None:
    figure = parallel_coordinates({"lr": [0.1]}, np.array([0.9]))
    figure.draw_without_rendering()
    np.testing.assert_allclose(lines_of(figure.axes[0]).get_segments(), [[[0.0, 0.5], [1.0, 1.0]]])


def test_a_sweep_without_any_score_says_so() -> None:
    figure = parallel_coordinates(VALUES, np.full(4, np.nan))
    assert [text.get_text() for text in figure.axes[0].texts] == ["no run has a validation accuracy"]


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="parameters=0: expected a whole number of at least 1"):
        parallel_coordinates({}, SCORES)
