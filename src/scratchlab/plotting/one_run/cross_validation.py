"""The choice of k for nearest neighbours by cross-validation. n values of k, F folds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import ArgumentError
from scratchlab.plotting.shapes import Integers, Reals, shaped
from scratchlab.plotting.style import BLUE, MUTED, dress, legend, new_figure, ring

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def cross_validation(ks: Integers, accuracies: Reals, best_k: int) -> Figure:
    """Draw the accuracy of every fold, its mean with a standard deviation either way, and the best k.

    Args:
        ks: (n,) numbers of neighbours.
        accuracies: (n, F) fractions in [0, 1].
        best_k: the k to mark, one of `ks`.

    Raises:
        ArgumentError: for arrays of another shape, or a best k that is not among the ks.
    """
    shaped(("ks",), ks=ks)
    shaped((len(ks), "folds"), accuracies=accuracies)
    if best_k not in ks:
        raise ArgumentError("best_k", best_k, f"one of the ks, {', '.join(map(str, ks))}")
    order = np.argsort(ks)
    ks, percent = ks[order], 100 * accuracies[order]
    means, deviations = percent.mean(axis=1), percent.std(axis=1)
    num_folds = percent.shape[1]
    best = means[ks == best_k].item()

    figure = new_figure(7.5, 4.5, title=f"Cross-validation chooses k = {best_k}")
    axes = figure.subplots()
    dress(axes, x="k, number of neighbours (log scale)", y="accuracy on the fold left out (%)")
    axes.plot(
        np.repeat(ks, num_folds),
        percent.ravel(),
        linestyle="none",
        marker="o",
        markersize=4,
        alpha=0.6,
        zorder=3,
        color=MUTED,
        markeredgewidth=0,
        label="each fold",
    )
    axes.errorbar(
        ks,
        means,
        yerr=deviations,
        color=BLUE,
        linewidth=1.8,
        elinewidth=1.2,
        capsize=3,
        label="mean ± standard deviation",
    )
    ring(axes, best_k, best, label=f"best k = {best_k}: {best:.2f} %")
    axes.set_xscale("log")
    axes.set_xticks(ks, [str(k) for k in ks])
    axes.set_xticks([], minor=True)
    legend(axes, loc="best")
    return figure
