import re
from pathlib import Path

import pytest

from experiments.scoreboard.page import command, page, verdict
from experiments.scoreboard.pictures import FIGURES, SCOREBOARD
from experiments.scoreboard.result import Result, read_results
from experiments.scoreboard.row import Row
from experiments.scoreboard.score import Verdict
from experiments.scoreboard.scoreboard import Scoreboard
from scratchlab.config.project import ROOT
from tests.experiments.scoreboard.rows import ensemble_row, result, row

EXPERIMENTS = ROOT / "experiments"


def cells(text: str, name: str) -> list[str]:
    """The cells of the row whose command names the recipe `name`."""
    [line] = [line for line in text.splitlines() if f"experiment={name} " in line and line.startswith("|")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_says_what_the_paper_found_and_what_we_found() -> None:
    """Errors of 0.60, 0.62, 0.64 %: see the worked example in test_score."""
    runs = [result(seed, 0.60 + seed / 50, seconds=60 * (9 + seed)) for seed in range(3)]
    tried = row(minutes=10, seeds=3, error=0.8, spread="± 0.03", status="M", hours="23 to 115")
    shown = cells(page([tried], {"tiny": runs}, []), "starter")
    assert shown == [
        *("Nobody 1901", "100 units", "0.80 ± 0.03 (M)"),
        *("0.62 ± 0.02 (3)", "0.60, 0.64", "0.079 (0.078)", "**beaten**"),
        *("2", "10.0", "23 to 115"),
        "`python train.py -m experiment=starter data=digits trainer.epochs=2 'seed=range(3)'`",
    ]


def test_a_row_without_runs_says_so() -> None:
    shown = cells(page([row()], {"tiny": []}, []), "starter")
    assert shown[2:10] == ["12.00", "no runs yet", "—", "—", "—", "—", "—", "—"]


def test_a_row_with_too_few_runs_has_no_verdict() -> None:
    runs = [result(seed, 1.0) for seed in range(4)]
    assert verdict(row(), runs) is None
    assert cells(page([row()], {"tiny": runs}, []), "starter")[6] == "4 of 5 runs"
    assert verdict(row(), [*runs, result(4, 1.0)]) is Verdict.BEATEN


def test_the_rows_are_counted_by_their_verdicts() -> None:
    rows = [row(name, seeds=5) for name in ("better", "same", "worse", "none")]
    results = {
        "better": [result(seed, 6.0) for seed in range(5)],
        "same": [result(seed, 12.1) for seed in range(5)],
        "worse": [result(seed, 20.0) for seed in range(5)],
        "none": [],
    }
    assert "**4 rows: 1 beaten, 1 matched, 1 missed, 1 without all of their runs.**" in page(
        rows, results, []
    )


def test_data_sets_have_tables_of_their_own_and_curves_have_none() -> None:
    curve = row("curve", error=None, figure="ioffe2015", label="with", seeds=3)
    rows = [row("a"), row("b", data="cifar10", overrides=["data.verify_checksum=false"]), curve]
    text = page(rows, {"a": [], "b": [], "curve": [result()]}, ["ioffe2015"])
    assert text.index("## MNIST") < text.index("## CIFAR-10") < text.index("![Ioffe and Szegedy 2015")
    assert "- with, 1 of 3 runs, at the end 62.5: `python train.py -m " in text
    assert "recompressed" in text
    assert "recompressed" not in page(rows[:1], {"a": []}, [])


def test_curves_of_several_runs_end_at_a_mean_with_a_spread() -> None:
    curve = row("curve", error=None, figure="moonshot", label="all", seeds=3)
    better = {**result().curves, "val/accuracy": (0.5, 0.665)}
    text = page([curve], {"curve": [result(), result(1, curves=better)]}, [])
    assert "- all, 2 of 3 runs, at the end 35.5 ± 2.8: `python train.py -m " in text


def test_curves_of_a_row_in_the_table_are_for_its_page() -> None:
    curve = row("curve", figure="lecun1998", label="300 units")
    assert "Trained on digits" not in page([curve], {"curve": [result()]}, ["lecun1998"])


def test_pictures_are_shown_where_there_are_any() -> None:
    assert "(scoreboard.png)" in page([row()], {"tiny": []}, ["scoreboard"])
    assert "(scoreboard.png)" not in page([row()], {"tiny": []}, [])


def test_the_commands_of_an_ensemble_are_those_of_its_members_and_one_more() -> None:
    alike = command(ensemble_row("alike", {"seeds": 5}))
    assert alike.endswith("'seed=range(5)'`, then `python ensemble.py` with the folder that it names")
    both = command(ensemble_row("both", {"seeds": 2}, {"seeds": 3}))
    assert "'seed=range(2)'`, `python train.py -m " in both
    assert both.endswith("'seed=range(3)'`, then `python ensemble.py` with the folders that they name")
    assert command(row(is_quick=True)).endswith("` (*quick*)")


def test_a_page_about_a_paper_is_linked() -> None:
    assert cells(page([row(page="a.md")], {"tiny": []}, []), "starter")[0] == "[Nobody 1901](a.md)"
    curve = row(error=None, figure="ioffe2015", label="with", page="b.md", seeds=3)
    assert "- [with](b.md), no runs yet: `python" in page([curve], {"tiny": []}, [])


def published() -> tuple[list[Row], dict[str, list[Result]]]:
    rows = Scoreboard.read(EXPERIMENTS).rows
    return rows, {each.name: read_results(EXPERIMENTS / "results" / f"{each.name}.csv") for each in rows}


def test_the_published_page_says_what_the_published_results_say() -> None:
    rows, results = published()
    pictures = [name for name in (SCOREBOARD, *FIGURES) if (EXPERIMENTS / f"{name}.png").exists()]
    assert (EXPERIMENTS / "README.md").read_text() == page(rows, results, pictures)


def test_the_published_means_are_those_of_the_published_results() -> None:
    """Computed here once more, from the cells of the files alone."""
    table = [line for line in (EXPERIMENTS / "README.md").read_text().splitlines() if line.startswith("|")]
    rows, results = published()
    for each in rows:
        errors = [run.test_error for run in results[each.name]]
        if each.error is None or not errors:
            continue
        [line] = [line for line in table if line.endswith(f"| {command(each)} |")]
        [(mean, n)] = re.findall(r"\| ([\d.]+)(?: ± [\d.]+)? \((\d+)\) \|", line)
        assert float(mean) == pytest.approx(sum(errors) / len(errors), abs=0.005001)
        assert int(n) == len(errors)


def test_no_file_of_results_is_nobodys() -> None:
    rows, _ = published()
    files: list[Path] = sorted((EXPERIMENTS / "results").rglob("*.csv"))
    assert {path.stem for path in files} <= {each.name for each in rows}
