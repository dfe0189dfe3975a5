"""How the values in each layer are spread, epoch after epoch. E epochs, B bins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from scratchlab.arguments import ArgumentError, count
from scratchlab.plotting.shapes import Integers, Reals, shaped
from scratchlab.plotting.style import INK, MUTED, VERMILION, dress, new_figure, whole_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.figure import Figure

MAX_COLUMNS = 4
COLOUR_TICKS = (0.001, 0.01, 0.1, 1.0)


def histograms_over_epochs(
    epochs: Integers, counts: Mapping[str, Integers], edges: Mapping[str, Reals], *, quantity: str
) -> Figure:
    """Draw one heat map per layer: epochs to the right, values upwards, darker where more values lie.

    The colour is logarithmic, so that the tails show. Lines follow the median and the range of the middle 90 %
    of the values: in a healthy layer it stays wide, in one that dies or saturates it shrinks or sticks to an end.

    Args:
        epochs: (E,) numbers of the epochs, rising.
        counts: by layer, the first layer first, (E, B) how many values fell into each bin in each epoch.
        edges: by layer, (B + 1,) borders of the bins, rising; the same for all epochs of a layer.
        quantity: what was counted, in the plural: `"activations"`, `"gradients"`.

    Raises:
        ArgumentError: for arrays of another shape, no epoch, no layer, or layers with only one of counts and edges.
    """
    shaped(("epochs",), epochs=epochs)
    count(epochs=len(epochs), layers=len(counts))
    if counts.keys() != edges.keys():
        raise ArgumentError("edges", f"those of {', '.join(edges)}", f"those of {', '.join(counts)}")
    for layer in counts:
        shaped((len(epochs), "bins"), **{f"counts[{layer!r}]": counts[layer]})
        shaped((counts[layer].shape[1] + 1,), **{f"edges[{layer!r}]": edges[layer]})

    columns = min(len(counts), MAX_COLUMNS)
    rows = -(-len(counts) // columns)
    figure = new_figure(
        2.9 * columns + 1.6,
        3.0 * rows + 1.0,
        title=f"{quantity.capitalize()} of each layer over the epochs",
        explanation="Thick line: median; thin lines: the middle 90 % of the values.",
    )
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, layer in zip(panels, counts, strict=False):
        mesh = _draw_layer(axes, epochs, counts[layer], edges[layer])
        dress(axes, title=layer, x="epoch", y=quantity if axes in panels[::columns] else "")
        axes.grid(visible=False)
        whole_numbers(axes.xaxis)
        axes.locator_params(nbins=5)
    for axes in panels[len(counts) :]:
        axes.set_axis_off()
    bar = figure.colorbar(mesh, ax=panels, extend="min", aspect=30, ticks=COLOUR_TICKS, format="%g")
    bar.set_label("fraction of the values, per bin", color=INK, fontsize=10)
    bar.ax.tick_params(which="both", labelcolor=MUTED, labelsize=9, length=0)
    bar.outline.set_visible(False)
    return figure


def _draw_layer(axes: Axes, epochs: Integers, counts: Integers, edges: Reals) -> QuadMesh:
    totals = counts.sum(axis=1, keepdims=True)
    fractions = counts / np.maximum(totals, 1)
    borders = np.concatenate([epochs[:1] - 0.5, (epochs[1:] + epochs[:-1]) / 2, epochs[-1:] + 0.5])
    mesh = axes.pcolormesh(
        borders, edges, fractions.T, cmap="Blues", norm="log", vmin=COLOUR_TICKS[0], vmax=COLOUR_TICKS[-1]
    )
    cumulative = np.hstack([np.zeros((len(epochs), 1)), np.cumsum(fractions, axis=1)])
    for quantile, linewidth in ((0.05, 0.9), (0.5, 1.8), (0.95, 0.9)):
        values = [
            np.interp(quantile, row, edges) if total > 0 else np.nan
            for row, total in zip(cumulative, totals[:, 0], strict=True)
        ]
        axes.plot(
            epochs, values, color=VERMILION, linewidth=linewidth, marker="." if len(epochs) == 1 else ""
        )
    seen = np.flatnonzero((fractions >= COLOUR_TICKS[0]).any(axis=0))
    if len(seen) > 0:
        axes.set_ylim(edges[seen[0]], edges[seen[-1] + 1])
    return mesh
