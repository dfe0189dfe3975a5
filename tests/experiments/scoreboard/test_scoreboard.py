from pathlib import Path

from experiments.scoreboard.result import write_results
from experiments.scoreboard.scoreboard import Scoreboard
from tests.experiments.scoreboard.rows import board, entry, result
from tests.stored import Stored


def test_from_the_store_to_the_page(stored: Stored, tmp_path: Path) -> None:
    rows = entry("here") + entry("elsewhere", overrides=["data=digits", "trainer.epochs=7"])
    scoreboard = Scoreboard.read(board(tmp_path, rows))
    assert list(scoreboard.refresh(stored.uri)) == []
    text = scoreboard.write()
    assert (tmp_path / "README.md").read_text() == text
    assert "no runs yet" in text
    assert (tmp_path / "results" / "here.csv").exists()
    assert not (tmp_path / "results" / "elsewhere.csv").exists()
    assert (tmp_path / "scoreboard.png").exists()


def test_without_a_store_the_page_is_the_same(stored: Stored, tmp_path: Path) -> None:
    scoreboard = Scoreboard.read(board(tmp_path, entry("here")))
    list(scoreboard.refresh(stored.uri))
    text = scoreboard.write()
    list(scoreboard.refresh(f"sqlite:///{tmp_path}/none.db"))
    assert scoreboard.write() == text


def test_what_cannot_be_brought_up_to_date_is_said_and_stays(stored: Stored, tmp_path: Path) -> None:
    rows = entry("stale", overrides=["data=digits", "trainer.epochs=7"]) + entry(
        "broken", overrides=["a.b=c"]
    )
    scoreboard = Scoreboard.read(board(tmp_path, rows))
    for name in ("stale", "broken"):
        write_results(tmp_path / "results" / f"{name}.csv", [result()])
    stale, broken = scoreboard.refresh(stored.uri)
    assert stale == (
        "stale: its recipe has changed, what was run before is in results/earlier now; "
        "python -m experiments.scoreboard --run stale runs it anew"
    )
    assert broken.startswith("broken: ")
    assert broken.endswith("; its results stay as they are")
    text = scoreboard.write()
    assert text.count("no runs yet") == text.count("1 of 5 runs") == 1
