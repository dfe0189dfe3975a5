"""Many small images on one sheet, side by side in rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scratchlab.plotting.shapes import Reals
from scratchlab.plotting.sheet import EXPLANATION_HEIGHT, MARGIN, TITLE_HEIGHT, Sheet, Text, Tile, width_of
from scratchlab.plotting.style import DPI, INK, MUTED

CAPTION_POINTS = 8
LABEL_POINTS = 9
LINE_HEIGHT = 19
GAP = 12
MIN_WIDTH = 600


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
) -> Sheet:
    """Lay out images row by row, each about `tile_inches` wide.

    Each pixel of an image becomes a square of a whole number of screen pixels.

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
    caption_height = LINE_HEIGHT * max((caption.count("\n") + 1 for caption in captions), default=0)
    label_width = GAP + round(max(width_of(label, LABEL_POINTS) for label in row_labels)) if row_labels else 0
    header = TITLE_HEIGHT + GAP
    footer = EXPLANATION_HEIGHT + GAP if explanation else MARGIN
    pitch_x, pitch_y = width * zoom + gap, height * zoom + caption_height + gap
    rows = -(-len(images) // columns)
    sheet = Sheet(
        max(2 * MARGIN + label_width + columns * pitch_x - gap, MIN_WIDTH),
        header + max(rows * pitch_y - gap, 0) + footer,
        title,
        explanation,
    )
    for index, colors in enumerate(colored(images, cmap, limits)):
        row, column = divmod(index, columns)
        tile = Tile(
            colors, MARGIN + label_width + column * pitch_x, header + row * pitch_y, zoom=(zoom, zoom)
        )
        left, top, right, bottom = tile.box
        sheet.tiles.append(tile)
        if captions:
            for line, text in enumerate(captions[index].split("\n")):
                place = (left + right) / 2, bottom + 4 + line * LINE_HEIGHT
                sheet.texts.append(Text(text, *place, CAPTION_POINTS, INK, "ma"))
        if row_labels and column == 0:
            sheet.texts.append(Text(row_labels[row], MARGIN, (top + bottom) / 2, LABEL_POINTS, MUTED, "lm"))
    return sheet


def colored(values: Reals, cmap: str, limits: tuple[float, float]) -> NDArray[np.uint8]:
    """Return colours (..., 3): of gray images (N, H, W) those of `cmap` between `limits`, of others their own."""
    if values.ndim == 4:
        return np.rint(255 * values).astype(np.uint8)
    from matplotlib import colormaps

    low, high = limits
    return colormaps[cmap]((values - low) / (high - low), bytes=True)[..., :3]
