"""How large the updates of each layer are beside its weights, epoch after epoch. E epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import count
from scratchlab.plotting.shapes import Integers, Reals, shaped
from scratchlab.plotting.style import MUTED, dress, legend, new_figure, plain_log_ticks, whole_numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GUIDE = 1e-3


def update_ratios(epochs: Integers, ratios: Mapping[str, Reals]) -> Figure:
    """Draw |update| / |weights| of each layer on a logarithmic scale, from dark (first layer) to light (last).

    A ratio near 1e-3 is the rule of thumb of Stanford's CS231n notes (https://cs231n.github.io/neural-networks-3/):
    far above it the learning rate is probably too high, far below it too low.

    Args:
        epochs: (E,) numbers of the epochs.
        ratios: by layer, the first layer first, (E,) Euclidean norm of an update / norm of the weights. A ratio
            of 0, or one that is not finite, leaves a gap.

    Raises:
        ArgumentError: for arrays of another shape, or no layer.
    """
    import matplotlib

    shaped(("epochs",), epochs=epochs)
    count(layers=len(ratios))
    for layer, values in ratios.items():
        shaped((len(epochs),), **{f"ratios[{layer!r}]": values})

    figure = new_figure(8, 4.5, title="Size of the updates beside the weights")
    axes = figure.subplots()
    dress(axes, x="epoch", y="|update| / |weights| (log scale)")
    whole_numbers(axes.xaxis)
    shades = matplotlib.colormaps["viridis"](np.linspace(0, 0.85, len(ratios)))
    low = high = GUIDE
    for (layer, values), shade in zip(ratios.items(), shades, strict=True):
        drawn = np.where(np.isfinite(values) & (values > 0), values, np.nan)
        axes.plot(epochs, drawn, color=shade, linewidth=1.8, marker=".", label=layer)
        low, high = np.fmin.reduce(drawn, initial=low), np.fmax.reduce(drawn, initial=high)
    axes.axhline(GUIDE, color=MUTED, linewidth=1, linestyle="--", label="0.001, a rule of thumb")
    axes.set_yscale("log")
    axes.set_ylim(low / 2, high * 2)
    plain_log_ticks(axes.yaxis)
    legend(axes, loc="best")
    return figure
