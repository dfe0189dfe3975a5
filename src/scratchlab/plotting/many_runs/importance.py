"""How much each varied parameter of a sweep matters. P parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scratchlab.arguments import count
from scratchlab.plotting.style import BLUE, INK, dress, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BAR_INCHES = 0.42


def importance(shares: Mapping[str, float], *, measure: str = "validation accuracy") -> Figure:
    """Draw a bar for each parameter, the most important at the top, with its share in percent.

    Args:
        shares: by parameter, fractions in [0, 1].
        measure: which accuracy they explain.

    Raises:
        ArgumentError: for no parameter.
    """
    count(parameters=len(shares))
    figure = new_figure(
        7,
        1.6 + BAR_INCHES * len(shares),
        title=f"What the {measure} depends on",
        explanation="Share in the variance that parameters explain one by one (functional ANOVA).",
    )
    axes = figure.subplots()
    dress(axes, x="share (%)", y="")
    names = sorted(shares, key=lambda name: shares[name])
    percent = [100 * shares[name] for name in names]
    axes.barh(names, percent, color=BLUE, height=0.6)
    for place, value in enumerate(percent):
        axes.text(value + 1, place, f"{value:.0f} %", va="center", color=INK, fontsize=9)
    axes.set_xlim(0, 110)
    axes.set_xticks(range(0, 101, 20))
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    return figure
