"""The look that all figures share: colours, fonts, quiet axes.

The two leading colours are the blue and the vermilion of Okabe and Ito's palette, which people with any of
the common colour deficiencies tell apart (https://jfly.uni-koeln.de/color/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

BLUE = "#0072B2"
VERMILION = "#D55E00"
INK = "#333333"
MUTED = "#767676"
FAINT = "#DDDDDD"

DPI = 120
MARGIN_INCHES = 0.15
TITLE_INCHES = 0.45
EXPLANATION_INCHES = 0.35
TITLE_POINTS = 13
EXPLANATION_POINTS = 9


def new_figure(width_inches: float, height_inches: float, *, title: str, explanation: str = "") -> Figure:
    """Return an empty figure with its title at the top left and any explanation of it at the bottom left."""
    # Here and not at the top of the file: matplotlib takes 0.25 s to import, which a command that draws
    # nothing (`--help`, tab completion) should not pay.
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    # Strips of fixed height for title and explanation; what is between them is for the layout to share out.
    top, below = TITLE_INCHES / height_inches, (EXPLANATION_INCHES if explanation else 0) / height_inches
    layout = ConstrainedLayoutEngine(
        w_pad=MARGIN_INCHES, h_pad=MARGIN_INCHES / 2, rect=(0, below, 1, 1 - below - top)
    )
    figure = Figure(figsize=(width_inches, height_inches), dpi=DPI, facecolor="white", layout=layout)
    left, bottom = MARGIN_INCHES / width_inches, MARGIN_INCHES / height_inches
    figure.suptitle(
        title, x=left, y=1 - bottom, ha="left", color=INK, fontsize=TITLE_POINTS, fontweight="bold"
    )
    if explanation:
        figure.supxlabel(explanation, x=left, y=bottom, ha="left", color=MUTED, fontsize=EXPLANATION_POINTS)
    return figure


def dress(axes: Axes, *, title: str = "", x: str, y: str) -> None:
    """Label the axes and leave of their frame only what helps to read values."""
    # With its place given, matplotlib does not measure every tick to find one.
    axes.set_title(title, loc="left", y=1, color=INK, fontsize=11)
    axes.set_xlabel(x, color=INK, fontsize=10)
    axes.set_ylabel(y, color=INK, fontsize=10)
    axes.ticklabel_format(axis="y", useOffset=False)  # 98.021, not 0.001 with "+9.802e1" above
    axes.tick_params(which="both", color=FAINT, labelcolor=MUTED, labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)


def in_lines(name: str) -> str:
    """Break a long dotted name after its dots, for axes so near each other that names would touch."""
    return name.replace(".", ".\n") if len(name) > 14 else name


def legend(axes: Axes, *, loc: Literal["best", "upper right"]) -> None:
    """Show the labels of what was drawn, without a box around them."""
    axes.legend(loc=loc, frameon=False, fontsize=9, labelcolor=INK)


def ring(axes: Axes, x: float, y: float, *, label: str) -> None:
    """Draw a ring around the point that was chosen."""
    axes.plot(
        x,
        y,
        linestyle="none",
        marker="o",
        markersize=10,
        markerfacecolor="none",
        markeredgecolor=INK,
        label=label,
    )


def note(axes: Axes, text: str) -> None:
    """Say in the place of axes why there is nothing to draw."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=MUTED, fontsize=11)


def noted_figure(title: str, text: str, *, width_inches: float = 7, height_inches: float = 4.5) -> Figure:
    """Return a figure that says why there is nothing to draw."""
    figure = new_figure(width_inches, height_inches, title=title)
    note(figure.subplots(), text)
    return figure


def whole_numbers(axis: Axis) -> None:
    """Put ticks at whole numbers only: there is no epoch 2.5."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))


def plain_log_ticks(axis: Axis) -> None:
    """Label a logarithmic axis, whose limits are set, with plain numbers: 0.01, 0.02, 0.05, 0.1."""
    from matplotlib.ticker import LogLocator, NullLocator

    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 10_000 * low else (1,)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(lambda value, _: f"{value:g}")
