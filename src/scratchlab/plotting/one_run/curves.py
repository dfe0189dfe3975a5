"""Training curves: the loss of every step beside the accuracies after every epoch.

S steps, E epochs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import ArgumentError
from scratchlab.plotting.shapes import Integers, Reals, shaped
from scratchlab.plotting.style import (
    BLUE,
    VERMILION,
    dress,
    legend,
    new_figure,
    note,
    plain_log_ticks,
    ring,
    whole_numbers,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROOM = {"left": 0.079, "right": 0.985, "bottom": 0.12, "top": 0.825, "wspace": 0.2}
"""Where the axes end, as fractions of the figure, and the gap between them as one of their width."""


def training_curves(
    *,
    step_losses: Reals,
    epochs: Integers,
    train_accuracy: Reals,
    val_accuracy: Reals,
    best_epoch: int | None = None,
) -> Figure:
    """Draw the loss of every step and, beside it, train and validation accuracy of every epoch.

    Args:
        step_losses: (S,) mean loss of the batch of each step, step 1 first. Drawn on a logarithmic scale,
            with a running mean over the last 2 % of the steps. Values that are not finite leave a gap.
        epochs: (E,) numbers of the epochs.
        train_accuracy: (E,) fractions in [0, 1], or empty where none was measured.
        val_accuracy: (E,) fractions in [0, 1], or empty where there is no validation set.
        best_epoch: the epoch to mark, one of `epochs`; on the validation curve, if there is one.

    Raises:
        ArgumentError: for another shape, or a best epoch that is not among the epochs.
    """
    shaped(("steps",), step_losses=step_losses)
    shaped(("epochs",), epochs=epochs)
    named = {"train_accuracy": train_accuracy, "val_accuracy": val_accuracy}
    shaped((len(epochs),), **{name: accuracy for name, accuracy in named.items() if accuracy.size > 0})
    if best_epoch is not None and best_epoch not in epochs:
        raise ArgumentError("best_epoch", best_epoch, f"one of the epochs, {', '.join(map(str, epochs))}")

    figure = new_figure(10, 4.2, title="Training curves")
    # Every run draws these, and their labels need as much room every time: to measure it would cost half the drawing.
    figure.set_layout_engine("none")
    losses, accuracies = figure.subplots(1, 2, gridspec_kw=ROOM)
    _draw_losses(losses, step_losses.astype(np.float64))
    _draw_accuracies(accuracies, epochs, 100 * train_accuracy, 100 * val_accuracy, best_epoch)
    return figure


def _draw_losses(axes: Axes, step_losses: Reals) -> None:
    finite = np.isfinite(step_losses)
    gaps = "" if finite.all() else f", not finite in {np.sum(~finite):,} of {len(finite):,}"
    dress(axes, title=f"Loss of every step{gaps}", x="step", y="loss (log scale)")
    whole_numbers(axes.xaxis)
    steps = np.arange(1, len(step_losses) + 1)
    if not finite.any():
        note(axes, "no finite loss was recorded" if len(steps) > 0 else "no step was made")
        return
    losses = np.where(finite, step_losses, np.nan)
    window = len(steps) // 50
    if window < 2:
        axes.plot(steps, losses, color=BLUE, linewidth=1.2, marker=".", label="each step")
    else:
        axes.plot(steps, losses, color=BLUE, linewidth=0.6, alpha=0.3, label="each step")
        smooth = _running_mean(losses, window)
        axes.plot(steps, smooth, color=BLUE, linewidth=1.8, label=f"mean of the last {window} steps")
    _scale_losses(axes, losses[losses > 0])
    legend(axes, loc="upper right")


def _scale_losses(axes: Axes, positive: Reals) -> None:
    if len(positive) == 0:
        axes.set_ylabel("loss")
        return
    axes.set_yscale("log")
    # A few batches that the network knows by heart have losses near 0 and would
    # stretch the axis by decades.
    bottom, top = float(np.percentile(positive, 1)), float(positive.max())
    axes.set_ylim(bottom / 1.3, top * 1.3)
    plain_log_ticks(axes.yaxis)


def _running_mean(losses: Reals, window: int) -> Reals:
    """Return the mean of the finite ones among the last `window` losses at every step, NaN where none is."""
    finite = np.isfinite(losses)
    sums = np.cumsum(np.where(finite, losses, 0))
    counts = np.cumsum(finite)
    sums[window:] -= sums[:-window]
    counts[window:] -= counts[:-window]
    return np.divide(sums, counts, out=np.full(len(losses), np.nan), where=counts > 0)


def _draw_accuracies(
    axes: Axes, epochs: Integers, train_percent: Reals, val_percent: Reals, best_epoch: int | None
) -> None:
    dress(axes, title="Accuracy after every epoch", x="epoch", y="accuracy (%)")
    whole_numbers(axes.xaxis)
    if train_percent.size == 0 and val_percent.size == 0:
        note(axes, "no accuracy was measured")
        return
    if train_percent.size > 0:
        axes.plot(epochs, train_percent, color=BLUE, linewidth=1.8, marker=".", label="train")
    if val_percent.size > 0:
        axes.plot(epochs, val_percent, color=VERMILION, linewidth=1.8, marker=".", label="validation")
    if best_epoch is not None:
        percent = val_percent if val_percent.size > 0 else train_percent
        best = percent[epochs == best_epoch].item()
        ring(axes, best_epoch, best, label=f"best epoch {best_epoch}: {best:.2f} %")
    legend(axes, loc="best")
