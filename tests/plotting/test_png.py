from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from scratchlab.plotting import save
from scratchlab.plotting.style import DPI, new_figure


def test_save_writes_a_png_of_the_figures_size(tmp_path: Path) -> None:
    path = tmp_path / "curves.png"
    save(new_figure(5, 3, title="Curves"), path)
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert imread(path).shape == (3 * DPI, 5 * DPI, 4)


def test_save_replaces_an_older_picture_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "curves.png"
    path.write_text("old")
    save(new_figure(2, 2, title="new"), path)
    assert imread(path).shape == (2 * DPI, 2 * DPI, 4)
    assert list(tmp_path.iterdir()) == [path]


def test_a_drawing_that_fails_leaves_the_older_picture_and_no_part_of_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "curves.png"
    path.write_text("old")

    def write_half(figure: Figure, target: Path, **_: object) -> None:
        target.write_text("half")
        raise OSError("No space left on device")

    monkeypatch.setattr(Figure, "savefig", write_half)
    with pytest.raises(OSError, match="No space left"):
        save(new_figure(2, 2, title="new"), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
