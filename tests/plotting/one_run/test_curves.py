import re
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import training_curves

NONE = np.array([])
EPOCHS = np.array([1, 2, 3])
TRAIN = np.array([0.5, 0.75, 1.0])
VAL = np.array([0.5, 0.625, 0.6])


def line(axes: Axes, label: str) -> Line2D:
    (found,) = [line for line in axes.lines if str(line.get_label()) == label]
    return found


def legend_of(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_the_loss_of_every_step_and_its_running_mean_are_drawn() -> None:
    losses = np.random.default_rng(0).uniform(0.5, 2, size=200)
    figure = training_curves(step_losses=losses, epochs=EPOCHS, train_accuracy=TRAIN, val_accuracy=VAL)
    axes = figure.axes[0]
    assert legend_of(axes) == ["each step", "mean of the last 4 steps"]
    np.testing.assert_array_equal(line(axes, "each step").get_xdata(), np.arange(1, 201))
    np.testing.assert_array_equal(line(axes, "each step").get_ydata(), losses)
    means = [losses[max(0, step - 4) : step].mean() for step in range(1, 201)]
    np.testing.assert_allclose(
        np.asarray(line(axes, "mean of the last 4 steps").get_ydata()), means, rtol=1e-12
    )
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == ("step", "loss (log scale)", "log")


def test_accuracies_are_drawn_in_percent_with_the_best_epoch_marked() -> None:
    figure = training_curves(
        step_losses=np.ones(9), epochs=EPOCHS, train_accuracy=TRAIN, val_accuracy=VAL, best_epoch=2
    )
    axes = figure.axes[1]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "accuracy (%)")
    assert legend_of(axes) == ["train", "validation", "best epoch 2: 62.50 %"]
    np.testing.assert_allclose(np.asarray(line(axes, "train").get_ydata()), [50, 75, 100])
    np.testing.assert_allclose(np.asarray(line(axes, "validation").get_ydata()), [50, 62.5, 60])
    best = line(axes, "best epoch 2: 62.50 %")
    assert np.asarray(best.get_xydata()).tolist() == [[2, 62.5]]


def test_epochs_need_not_start_at_one() -> None:
    figure = training_curves(
        step_losses=np.ones(9), epochs=EPOCHS + 6, train_accuracy=TRAIN, val_accuracy=VAL, best_epoch=9
    )
    best = line(figure.axes[1], "best epoch 9: 60.00 %")
    assert np.asarray(best.get_xydata()).tolist() == [[9, 60]]


def test_without_validation_the_train_curve_carries_the_mark() -> None:
    figure = training_curves(
        step_losses=np.ones(9), epochs=EPOCHS, train_accuracy=TRAIN, val_accuracy=NONE, best_epoch=3
    )
    assert legend_of(figure.axes[1]) == ["train", "best epoch 3: 100.00 %"]


def test_one_step_and_one_epoch_are_points_that_can_be_seen() -> None:
    figure = training_curves(
        step_losses=np.array([2.3]), epochs=EPOCHS[:1], train_accuracy=TRAIN[:1], val_accuracy=NONE
    )
    figure.draw_without_rendering()
    for axes, value in zip(figure.axes, (2.3, 50), strict=True):
        (only,) = axes.lines
        assert only.get_marker() == "."
        assert np.asarray(only.get_xydata()).tolist() == [[1, value]]
        low, high = axes.get_ylim()
        assert low < value < high


def test_a_run_that_ended_before_its_first_step_says_so() -> None:
    figure = training_curves(
        step_losses=NONE, epochs=np.array([], dtype=np.int64), train_accuracy=NONE, val_accuracy=NONE
    )
    figure.draw_without_rendering()
    assert [text.get_text() for axes in figure.axes for text in axes.texts] == [
        "no step was made",
        "no accuracy was measured",
    ]


def test_a_loss_that_is_not_finite_leaves_a_gap_and_is_counted() -> None:
    losses = np.ones(100)
    losses[[40, 98, 99]] = np.nan, np.inf, np.nan
    figure = training_curves(step_losses=losses, epochs=EPOCHS, train_accuracy=TRAIN, val_accuracy=VAL)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    assert axes.get_title(loc="left") == "Loss of every step, not finite in 3 of 100"
    raw = np.asarray(line(axes, "each step").get_ydata())
    assert np.flatnonzero(np.isnan(raw)).tolist() == [40, 98, 99]
    smooth = np.asarray(line(axes, "mean of the last 2 steps").get_ydata())
    assert np.flatnonzero(smooth != 1).tolist() == [99]  # only here no finite loss is within two steps


def test_a_run_without_any_finite_loss_says_so() -> None:
    figure = training_curves(
        step_losses=np.full(9, np.nan), epochs=EPOCHS, train_accuracy=TRAIN, val_accuracy=VAL
    )
    figure.draw_without_rendering()
    assert [text.get_text() for text in figure.axes[0].texts] == ["no finite loss was recorded"]


def test_losses_of_zero_have_no_logarithm_and_are_drawn_on_a_plain_scale() -> None:
    figure = training_curves(step_losses=np.zeros(9), epochs=EPOCHS, train_accuracy=TRAIN, val_accuracy=VAL)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    assert (axes.get_yscale(), axes.get_ylabel()) == ("linear", "loss")


def test_a_single_tiny_loss_does_not_stretch_the_axis() -> None:
    losses = np.linspace(2, 1, 1000)
    losses[500] = 1e-12
    figure = training_curves(step_losses=losses, epochs=EPOCHS, train_accuracy=TRAIN, val_accuracy=VAL)
    low, high = figure.axes[0].get_ylim()
    assert 0.5 < low < 1
    assert 2 < high < 4


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"step_losses": np.ones((3, 2))}, "step_losses.shape=(3, 2): expected (steps,)"),
        ({"epochs": np.ones((3, 1), dtype=int)}, "epochs.shape=(3, 1): expected (epochs,)"),
        ({"train_accuracy": TRAIN[:2]}, "train_accuracy.shape=(2,): expected (3,)"),
        ({"val_accuracy": np.ones(4)}, "val_accuracy.shape=(4,): expected (3,)"),
        ({"best_epoch": 0}, "best_epoch=0: expected one of the epochs, 1, 2, 3"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(changed: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "step_losses": np.ones(9),
        "epochs": EPOCHS,
        "train_accuracy": TRAIN,
        "val_accuracy": VAL,
    }
    with pytest.raises(ArgumentError, match=re.escape(message)):
        training_curves(**{**given, **changed})
