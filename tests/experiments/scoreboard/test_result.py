import csv
import re
from pathlib import Path

import pytest

from experiments.scoreboard.result import CURVES, read_results, write_results
from tests.experiments.scoreboard.rows import result


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    results = [result(seed, 0.61 + seed / 100, seconds=123.456) for seed in range(3)]
    write_results(tmp_path / "results" / "a.csv", results)
    assert read_results(tmp_path / "results" / "a.csv") == results


def test_lines_are_in_the_order_of_the_seeds_whatever_came_first(tmp_path: Path) -> None:
    write_results(tmp_path / "a.csv", [result(10), result(2), result(0)])
    assert [each.seed for each in read_results(tmp_path / "a.csv")] == [0, 2, 10]


def test_where_there_are_none_there_is_no_file(tmp_path: Path) -> None:
    write_results(tmp_path / "a.csv", [])
    write_results(tmp_path / "b.csv", [result()])
    write_results(tmp_path / "b.csv", [])
    assert list(tmp_path.iterdir()) == []


def test_any_program_can_read_it(tmp_path: Path) -> None:
    write_results(tmp_path / "a.csv", [result(3, 0.68)])
    [line] = csv.DictReader((tmp_path / "a.csv").read_text().splitlines())
    assert (line["seed"], line["test_error"], line["num_test"]) == ("3", "0.68", "10000")
    assert line["val/accuracy"] == "0.5 0.625"
    assert line["fingerprint"] == "00000000000000000000000000000067"


def test_an_ensemble_has_no_curves(tmp_path: Path) -> None:
    write_results(tmp_path / "a.csv", [result(curves=dict.fromkeys(CURVES, ()))])
    [read] = read_results(tmp_path / "a.csv")
    assert (read.epochs, result().epochs) == (0, 2)


def test_no_file_is_no_result(tmp_path: Path) -> None:
    assert read_results(tmp_path / "none.csv") == []


@pytest.mark.parametrize(
    ("wanted", "instead", "said"),
    [
        ("seed,", "sead,", "expected the columns seed, test_error, .*, found sead, test_error"),
        ("0.68", "nan", "line 2: expected a finite number, found nan"),
        ("0.68", "x", "line 2: could not convert string to float: 'x'"),
        (",10000,", ",", "line 2: expected 12 cells"),
        (",10000,", ",10000,1,", "line 2: expected 12 cells"),
    ],
)
def test_a_damaged_file_is_named_with_the_line(tmp_path: Path, wanted: str, instead: str, said: str) -> None:
    path = tmp_path / "a.csv"
    write_results(path, [result(3, 0.68)])
    path.write_text(path.read_text().replace(wanted, instead, 1))
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))}(: |, ){said}"):
        read_results(path)
