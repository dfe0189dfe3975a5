from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from PIL import Image

from scratchlab.plotting import save
from scratchlab.plotting.sheet import Sheet, Tile
from scratchlab.plotting.style import DPI, new_figure


def test_save_writes_a_png_of_the_figures_size(tmp_path: Path) -> None:
    path = tmp_path / "curves.png"
    save(new_figure(5, 3, title="Curves"), path)
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert imread(path).shape == (3 * DPI, 5 * DPI, 3)


def test_a_figure_is_drawn_as_matplotlib_itself_would(tmp_path: Path) -> None:
    def figure() -> Figure:
        figure = new_figure(5, 3, title="Curves", explanation="Of a run.")
        figure.subplots().plot([1, 2, 4], [1.5, 0, -3])
        return figure

    save(figure(), tmp_path / "ours.png")
    figure().savefig(tmp_path / "theirs.png", format="png")
    ours, theirs = imread(tmp_path / "ours.png"), imread(tmp_path / "theirs.png")[..., :3]
    assert np.abs(ours - theirs).mean() < 0.01
    assert (ours < 0.5).sum() > 1000


def test_a_sheet_is_saved_as_it_is(tmp_path: Path) -> None:
    red = Tile(np.array([[[255, 0, 0]]], dtype=np.uint8), left=0, top=0, zoom=(30, 20))
    save(Sheet(30, 20, "", tiles=[red]), tmp_path / "red.png")
    np.testing.assert_array_equal(imread(tmp_path / "red.png"), np.broadcast_to([1, 0, 0], (20, 30, 3)))


def test_save_replaces_an_older_picture_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "curves.png"
    path.write_text("old")
    save(new_figure(2, 2, title="new"), path)
    assert imread(path).shape == (2 * DPI, 2 * DPI, 3)
    assert list(tmp_path.iterdir()) == [path]


def test_a_drawing_that_fails_leaves_the_older_picture_and_no_part_of_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "curves.png"
    path.write_text("old")

    def write_half(image: Image.Image, target: Path, **_: object) -> None:
        target.write_text("half")
        raise OSError("No space left on device")

    monkeypatch.setattr(Image.Image, "save", write_half)
    with pytest.raises(OSError, match="No space left"):
        save(new_figure(2, 2, title="new"), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
