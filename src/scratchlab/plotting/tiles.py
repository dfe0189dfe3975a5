"""Many small images in one figure, side by side in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scratchlab.plotting.shapes import Reals
from scratchlab.plotting.style import (
    DPI,
    EXPLANATION_INCHES,
    INK,
    MARGIN_INCHES,
    MUTED,
    TITLE_INCHES,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE_INCHES = 0.16
CHARACTER_INCHES = 0.085
GAP_INCHES = 0.1
MIN_WIDTH_INCHES = 5.0


def tiles(
    images: Reals,
    *,
    columns: int,
    tile_inches: float,
    title: str,
    explanation: str = "",
    captions: Sequence[str] = (),
    row_labels: Sequence[str] = (),
    cmap: str = "gray",
    limits: tuple[float, float] = (0.0, 1.0),
) -> Figure:
    """Draw images row by row, each about `tile_inches` wide.

    One pair of axes covers the figure and its unit is a pixel of the screen, so each pixel of an image
    becomes a square of a whole number of screen pixels, and sixty images cost one layout and not sixty.

    Args:
        images: (N, H, W) gray values, coloured by `cmap` between `limits`, or (N, H, W, 3) colours in [0, 1].
        columns: images in a row.
        tile_inches: wanted width of an image; the nearest whole zoom is used.
        title: what is seen.
        explanation: how to read it, in small type under the images.
        captions: a text under each image, or none.
        row_labels: a text left of each row, or none.
        cmap: matplotlib's name of the colours for gray values.
        limits: the values that get the first and the last of these colours.
    """
    height, width = images.shape[1:3]
    zoom = max(1, round(tile_inches * DPI / width))
    gap = max(4, zoom)
    caption_lines = max((caption.count("\n") + 1 for caption in captions), default=0)
    caption_px = round(caption_lines * LINE_INCHES * DPI)
    label_px = round(max(map(len, row_labels), default=0) * CHARACTER_INCHES * DPI)
    margin_px, header_px = round(MARGIN_INCHES * DPI), round((TITLE_INCHES + GAP_INCHES) * DPI)
    footer_px = round((EXPLANATION_INCHES + GAP_INCHES) * DPI) if explanation else margin_px
    pitch_x, pitch_y = width * zoom + gap, height * zoom + caption_px + gap
    rows = -(-len(images) // columns)
    width_px = max(2 * margin_px + label_px + columns * pitch_x - gap, round(MIN_WIDTH_INCHES * DPI))
    height_px = header_px + max(rows * pitch_y - gap, 0) + footer_px

    figure = new_figure(width_px / DPI, height_px / DPI, title=title, explanation=explanation)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        left = margin_px + label_px + column * pitch_x
        top = header_px + row * pitch_y
        right, bottom = left + width * zoom, top + height * zoom
        axes.imshow(
            image,
            cmap=cmap,
            vmin=limits[0],
            vmax=limits[1],
            extent=(left, right, bottom, top),
            interpolation="nearest",
        )
        if captions:
            middle = (left + right) / 2
            axes.text(middle, bottom + 4, captions[index], ha="center", va="top", color=INK, fontsize=8)
        if row_labels and column == 0:
            axes.text(margin_px, (top + bottom) / 2, row_labels[row], va="center", color=MUTED, fontsize=9)
    axes.set(xlim=(0, width_px), ylim=(height_px, 0))
    return figure
