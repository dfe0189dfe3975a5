"""Pictures as PNG files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scratchlab.plotting.sheet import Sheet
from scratchlab.processes.files import written_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

COMPRESSION = 1
"""Of zlib: half the time of its usual 6, for files that are a tenth longer."""


def save(picture: Figure | Sheet, path: Path) -> None:
    """Write `picture` to `path` as a PNG; the folder must exist.

    Whoever looks at `path` (a tracker that uploads it, a browser) sees the old picture or the new one.
    """
    image = picture.image() if isinstance(picture, Sheet) else _drawn(picture)
    with written_whole(path) as place:
        image.save(place, format="png", compress_level=COMPRESSION)


def _drawn(figure: Figure) -> Image:
    """Draw once: `savefig` draws twice, the first time for a layout that these figures arrange themselves."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    drawn = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    size = canvas.get_width_height()
    opaque = Image.frombuffer("RGBX", size, drawn, "raw", "RGBX", 0, 1)  # as the background is
    return opaque.convert("RGB")
