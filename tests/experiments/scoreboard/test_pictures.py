from pathlib import Path

from experiments.scoreboard.pictures import FIGURES, draw
from tests.experiments.scoreboard.rows import result, row


def test_what_there_are_results_for_is_drawn_and_what_is_out_of_date_goes(tmp_path: Path) -> None:
    curve = row("curve", error=None, figure="kingma2015", label="Adam", seeds=1)
    rows = [row(), curve]
    assert draw(rows, {"tiny": [result(), result(1)], "curve": [result()]}, tmp_path) == [
        "scoreboard",
        "kingma2015",
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"scoreboard.png", "kingma2015.png"}
    assert draw(rows, {"tiny": [result()], "curve": []}, tmp_path) == ["scoreboard"]
    assert {path.name for path in tmp_path.iterdir()} == {"scoreboard.png"}
    assert draw(rows, {"tiny": [], "curve": []}, tmp_path) == []


def test_runs_of_different_lengths_are_drawn_as_far_as_all_go(tmp_path: Path) -> None:
    short = {**result().curves, "val/accuracy": (0.5,)}
    curve = row("curve", error=None, figure="ioffe2015", label="with", seeds=3)
    assert draw([curve], {"curve": [result(), result(1, curves=short)]}, tmp_path) == ["ioffe2015"]


def test_variants_are_drawn_by_what_they_end_at(tmp_path: Path) -> None:
    curve = row("curve", error=None, figure="moonshot", label="all of it", seeds=1)
    assert draw([curve], {"curve": [result()]}, tmp_path) == ["moonshot"]
    assert FIGURES["moonshot"].ends([result()]).tolist() == [37.5]
    assert FIGURES["moonshot"].ends([result(curves={**result().curves, "val/accuracy": ()})]).size == 0
