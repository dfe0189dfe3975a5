"""Figures as PNG files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save(figure: Figure, path: Path) -> None:
    """Write `figure` to `path` as a PNG; the folder must exist.

    The file is written beside its place and renamed into it, so whoever looks at `path` (a tracker that
    uploads it, a browser) sees the old picture or the new one, never half of one.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        figure.savefig(partial, format="png")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
