"""Pictures of images and texts at whole pixels, with the look of the figures but without matplotlib's machinery.

A text costs matplotlib a millisecond and an image two, and a run draws hundreds of them: on a sheet both cost a
twentieth of that. Curves, axes and everything between pixels stay matplotlib's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from scratchlab.plotting.style import (
    DPI,
    EXPLANATION_INCHES,
    EXPLANATION_POINTS,
    INK,
    MARGIN_INCHES,
    MUTED,
    TITLE_INCHES,
    TITLE_POINTS,
)

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

MARGIN = round(MARGIN_INCHES * DPI)
TITLE_HEIGHT = round(TITLE_INCHES * DPI)
EXPLANATION_HEIGHT = round(EXPLANATION_INCHES * DPI)

Anchor = Literal["la", "ld", "lm", "ls", "ma", "mm", "rm"]
"""What of a text is at its place: left, middle, right; ascender, middle, baseline, descender."""


@dataclass(frozen=True)
class Text:
    """One line of text at a place in pixels from the top left."""

    text: str
    x: float
    y: float
    points: float
    color: str
    anchor: Anchor
    bold: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom: its ink, with the space that the font leaves at both sides."""
        left, top, right, bottom = font(self.points, bold=self.bold).getbbox(self.text, anchor=self.anchor)
        return self.x + left, self.y + top, self.x + right, self.y + bottom


@dataclass(frozen=True, eq=False)
class Tile:
    """Colours (H, W, 3) of 8 bits, each drawn as a rectangle of `zoom` pixels across and down."""

    colors: NDArray[np.uint8]
    left: int
    top: int
    zoom: tuple[int, int]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom."""
        height, width = self.colors.shape[:2]
        return self.left, self.top, self.left + width * self.zoom[0], self.top + height * self.zoom[1]


@dataclass
class Sheet:
    """A white picture of `width` x `height` pixels, its title at the top left, any explanation at the bottom left."""

    width: int
    height: int
    title: str
    explanation: str = ""
    tiles: list[Tile] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def image(self) -> Image:
        """Return the picture."""
        from PIL import Image, ImageDraw

        image = Image.new("RGB", (self.width, self.height), "white")
        for tile in self.tiles:
            left, top, right, bottom = tile.box
            drawn = Image.fromarray(tile.colors).resize(
                (right - left, bottom - top), Image.Resampling.NEAREST
            )
            image.paste(drawn, (left, top))
        draw = ImageDraw.Draw(image)
        for each in (*self.frame(), *self.texts):
            draw.text(
                (each.x, each.y),
                each.text,
                fill=each.color,
                font=font(each.points, bold=each.bold),
                anchor=each.anchor,
            )
        return image

    def frame(self) -> Iterable[Text]:
        """Return title and explanation as texts."""
        yield Text(self.title, MARGIN, MARGIN, TITLE_POINTS, INK, "la", bold=True)
        if self.explanation:
            bottom = self.height - MARGIN
            yield Text(self.explanation, MARGIN, bottom, EXPLANATION_POINTS, MUTED, "ld")


def width_of(text: str, points: float) -> float:
    """Return the width of a line of text in pixels."""
    return font(points).getlength(text)


@lru_cache
def font(points: float, *, bold: bool = False) -> FreeTypeFont:
    """Return matplotlib's own font, DejaVu Sans, which it brings along."""
    from matplotlib import get_data_path
    from PIL.ImageFont import Layout, truetype

    file = Path(get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    return truetype(str(file), points * DPI / 72, layout_engine=Layout.BASIC)
