import math

import pytest
from rich.console import Console

from scratchlab.compare.leaderboard import Leaderboard

NAN = float("nan")

VALUES = [
    {"model.hidden": "100", "optimizer.lr": "1e-1", "seed": "0"},
    {"model.hidden": "100", "optimizer.lr": "1e-1", "seed": "1"},
    {"model.hidden": "100", "optimizer.lr": "1e-1", "seed": "2"},
    {"model.hidden": "500", "optimizer.lr": "1e-1", "seed": "0"},
    {"model.hidden": "500", "optimizer.lr": "1e-1", "seed": "1"},
    {"model.hidden": "500", "optimizer.lr": "1e+9", "seed": "0"},
]
SCORES = [0.5, 0.75, 0.625, 0.875, NAN, NAN]


@pytest.fixture
def leaderboard() -> Leaderboard:
    """Three seeds of one configuration, one of two of another that ended, none of the third."""
    return Leaderboard.of(VALUES, SCORES)


def test_seeds_of_a_configuration_are_one_row_with_mean_and_standard_deviation(
    leaderboard: Leaderboard,
) -> None:
    row = leaderboard.rows[1]
    assert row.values == {"model.hidden": "100", "optimizer.lr": "1e-1"}
    # 0.5, 0.625 and 0.75: deviations of 1/8 and 0, so the variance is (1/64 + 0 + 1/64) / 2.
    assert (row.mean, row.std) == (0.625, 0.125)
    assert row.runs == [1, 2, 0]


def test_a_run_that_failed_does_not_count_and_one_run_has_no_deviation(leaderboard: Leaderboard) -> None:
    best, *others = leaderboard.rows
    assert (best.mean, best.runs) == (0.875, [3])
    assert math.isnan(best.std)
    assert "1e+9" not in [row.values["optimizer.lr"] for row in others]


def test_the_best_comes_first_and_of_equal_ones_that_which_was_typed_first() -> None:
    values = [{"model.hidden": width} for width in ("3", "1", "2", "4")]
    rows = Leaderboard.of(values, [0.5, 0.9, 0.9, 0.1]).rows
    assert [row.name for row in rows] == ["hidden=1", "hidden=2", "hidden=3", "hidden=4"]


def test_a_sweep_over_seeds_alone_is_one_row() -> None:
    [row] = Leaderboard.of([{"seed": "3"}, {"seed": "4"}], [0.5, 1.0]).rows
    assert (row.name, row.mean, row.runs) == ("all runs", 0.75, [1, 0])


def test_a_number_that_is_typed_in_two_ways_is_one_configuration() -> None:
    values = [{"optimizer.lr": typed} for typed in ("1e-2", "0.01", "0.1")]
    best, other = Leaderboard.of(values, [0.5, 0.75, 0.25]).rows
    assert (best.name, best.mean, best.n) == ("lr=1e-2", 0.625, 2)
    assert (other.name, other.n) == ("lr=0.1", 1)


def test_an_accuracy_is_written_with_its_deviation(leaderboard: Leaderboard) -> None:
    assert [row.accuracy for row in leaderboard.rows] == ["87.50 %", "62.50 ± 12.50 %"]


def test_csv_has_fractions(leaderboard: Leaderboard) -> None:
    assert leaderboard.csv() == (
        "model.hidden,optimizer.lr,val_accuracy,std,n\n500,1e-1,0.875,nan,1\n100,1e-1,0.625,0.125,3\n"
    )


def test_csv_quotes_lists() -> None:
    leaderboard = Leaderboard.of([{"model.hidden": "[20,10]"}], [0.5])
    assert leaderboard.csv().splitlines()[1] == '"[20,10]",0.5,nan,1'


def test_markdown_has_percentages(leaderboard: Leaderboard) -> None:
    assert leaderboard.markdown() == (
        "| rank | configuration | val accuracy | std | n |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| 1 | hidden=500 lr=1e-1 | 87.50 % |  | 1 |\n"
        "| 2 | hidden=100 lr=1e-1 | 62.50 % | 12.50 | 3 |\n"
    )


def test_where_all_runs_failed_there_is_nothing_to_rank() -> None:
    leaderboard = Leaderboard.of([{"seed": "0"}], [NAN])
    assert leaderboard.rows == []
    assert leaderboard.csv() == "val_accuracy,std,n\n"
    assert len(leaderboard.markdown().splitlines()) == 2


def test_markdown_of_the_best_rows_only_and_of_values_that_would_end_a_cell() -> None:
    text = Leaderboard.of([{"a": "x|y"}, {"a": "z"}], [0.75, 0.5]).markdown(max_rows=1)
    assert text.splitlines()[2:] == [r"| 1 | a=x\|y | 75.00 % |  | 1 |"]


def shown(leaderboard: Leaderboard, *, max_rows: int) -> list[str]:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(leaderboard.table(max_rows=max_rows))
    return captured.get().splitlines()


def test_the_terminal_shows_the_best_rows_and_says_of_how_many(leaderboard: Leaderboard) -> None:
    all_rows, first = shown(leaderboard, max_rows=2), shown(leaderboard, max_rows=1)
    assert "the best 1 of 2" in first[0]
    assert not any("the best" in line for line in all_rows)
    assert [any("hidden=100" in line for line in lines) for lines in (all_rows, first)] == [True, False]
    assert any("hidden=500 lr=1e-1" in line and "87.50 %" in line for line in first)


def test_the_terminal_shows_lists_of_words_as_they_are() -> None:
    lines = shown(Leaderboard.of([{"model.activation": "[relu,tanh]"}], [0.5]), max_rows=1)
    assert any("activation=[relu,tanh]" in line for line in lines)
