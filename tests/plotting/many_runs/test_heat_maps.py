import itertools

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import heat_maps

NAN = np.nan
RUNS = list(itertools.product([500, 100], [1e-3, 1e-4], ["adam", "sgd"]))
VALUES: dict[str, list[object]] = {
    name: [run[place] for run in RUNS] for place, name in enumerate(["hidden", "lr", "optimizer"])
}
SCORES = np.array([0.98, 0.97, 0.96, 0.95, 0.975, 0.985, NAN, NAN])


def maps() -> list[Axes]:
    """Return the axes of the pairs (hidden, lr), (hidden, optimizer), (lr, optimizer)."""
    return [axes for axes in heat_maps(VALUES, SCORES).axes if axes.axison]


def cells_of(axes: Axes) -> dict[tuple[float, float], str]:
    return {text.get_position(): text.get_text() for text in axes.texts}


def frame_of(axes: Axes) -> tuple[float, float]:
    """Return the cell in the middle of the frame."""
    (frame,) = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert (frame.get_width(), frame.get_height()) == (1, 1)
    return frame.get_x() + 0.5, frame.get_y() + 0.5


def test_every_cell_has_the_best_of_its_runs_in_percent_and_a_cell_without_one_is_blank() -> None:
    hidden_lr, hidden_optimizer, lr_optimizer = maps()
    assert cells_of(hidden_lr) == {(1, 0): "96.00", (0, 1): "98.50", (1, 1): "98.00"}
    assert cells_of(hidden_optimizer) == {
        **{(0, 0): "97.50", (1, 0): "98.00"},
        **{(0, 1): "98.50", (1, 1): "97.00"},
    }
    assert cells_of(lr_optimizer) == {
        **{(0, 0): "96.00", (1, 0): "98.00"},
        **{(0, 1): "95.00", (1, 1): "98.50"},
    }
    image = hidden_lr.images[0].get_array()
    assert isinstance(image, np.ma.MaskedArray)
    assert np.ma.getmaskarray(image).tolist() == [[True, False], [False, False]]


def test_the_best_run_is_framed_in_every_map_and_named_in_the_title() -> None:
    assert [frame_of(axes) for axes in maps()] == [(0, 1), (0, 1), (1, 1)]
    assert heat_maps(VALUES, SCORES).get_suptitle() == "Validation accuracy of the sweep: 98.50 % at best"
    of_training = heat_maps(VALUES, SCORES, measure="training accuracy").get_suptitle()
    assert of_training == "Training accuracy of the sweep: 98.50 % at best"


def test_numbers_are_sorted_words_are_not_and_both_grow_to_the_right_and_upwards() -> None:
    hidden_lr, hidden_optimizer, lr_optimizer = maps()
    assert [label.get_text() for label in hidden_optimizer.get_xticklabels()] == ["100", "500"]
    assert [label.get_text() for label in hidden_lr.get_yticklabels()] == ["0.0001", "0.001"]
    assert [label.get_text() for label in hidden_optimizer.get_yticklabels()] == ["adam", "sgd"]
    for axes in (hidden_lr, hidden_optimizer, lr_optimizer):
        left, right = axes.get_xlim()
        bottom, top = axes.get_ylim()
        assert left < right
        assert bottom < top


def test_shared_parameters_are_written_once_at_the_left_and_at_the_foot() -> None:
    assert [(axes.get_xlabel(), axes.get_ylabel()) for axes in maps()] == [
        ("", "lr"),
        ("hidden", "optimizer"),
        ("lr", ""),
    ]


def test_all_maps_share_colours_that_tell_the_good_runs_apart() -> None:
    figure = heat_maps(VALUES, SCORES)
    # Of the eleven cells the best is 98.5 and the median 98: colours begin at 98.5 - 3 * 0.5.
    assert figure.get_supxlabel().endswith("Lightest: ≤ 97.00.")
    assert [axes.images[0].get_clim() for axes in figure.axes if axes.axison] == [
        pytest.approx((96.7, 98.5))
    ] * 3
    lr_optimizer = figure.axes[-1].images[0].get_array()
    np.testing.assert_allclose(np.asarray(lr_optimizer), [[97.0, 98.0], [97.0, 98.5]])


def test_many_numbers_are_grouped_into_ranges_with_ticks_at_their_borders() -> None:
    lrs = np.geomspace(1e-8, 1, 33)
    figure = heat_maps({"lr": list(lrs), "optimizer": ["adam"] * 33}, np.linspace(0.5, 0.82, 33))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert cells_of(axes) == {
        (column, 0): f"{53 + 4 * column + (column == 7):.2f}" for column in range(8)
    }  # the last range also holds its upper end
    assert axes.get_xticks().tolist() == [place - 0.5 for place in range(9)]
    assert axes.get_xticklabels()[0].get_text() == "1e-8"


def line(axes: Axes, label: str) -> Line2D:
    (found,) = [line for line in axes.lines if line.get_label() == label]
    return found


def test_one_parameter_is_dots_with_a_line_through_the_best_of_each_value() -> None:
    figure = heat_maps({"lr": [1e-1, 1e-3, 1e-2, 1e-3]}, np.array([0.25, 0.5, 0.75, 0.625]))
    (axes,) = figure.axes
    np.testing.assert_allclose(
        np.asarray(line(axes, "each configuration").get_xydata()),
        [[1.0, 25.0], [0.0, 50.0], [0.5, 75.0], [0.0, 62.5]],
    )
    np.testing.assert_allclose(
        np.asarray(line(axes, "best of each value").get_xydata()), [[0.0, 62.5], [0.5, 75.0], [1.0, 25.0]]
    )
    np.testing.assert_allclose(np.asarray(line(axes, "best: 75.00 %").get_xydata()), [[0.5, 75]])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0.001", "0.01", "0.1"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("lr", "validation accuracy (%)")


def test_one_parameter_with_many_values_has_no_line_through_its_noise() -> None:
    axes = heat_maps({"dropout": list(np.linspace(0, 0.5, 13))}, np.linspace(0.5, 0.9, 13)).axes[0]
    assert [line.get_label() for line in axes.lines] == ["each configuration", "best: 90.00 %"]


def test_a_sweep_without_any_score_says_so() -> None:
    figure = heat_maps(VALUES, np.full(8, NAN))
    assert [text.get_text() for text in figure.axes[0].texts] == ["no run has a validation accuracy"]


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="expected 7, one for each score"):
        heat_maps(VALUES, SCORES[:7])
