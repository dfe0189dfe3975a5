import math
from io import StringIO

import pytest
from omegaconf import DictConfig, OmegaConf
from rich.console import Console

from scratchlab.app import dry_run
from scratchlab.app.dry_run import show_dry_run
from scratchlab.app.planned_run import PlannedRun


@pytest.fixture(autouse=True)
def estimates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Estimates that are in the configurations."""

    def seconds(config: DictConfig) -> float:
        return float(config.seconds)

    monkeypatch.setattr(dry_run, "estimate_seconds", seconds)


def shown(*seconds: float, finished: set[str] | None = None, num_runs: int | None = None) -> list[str]:
    runs = [
        PlannedRun([], OmegaConf.create({"seconds": each}), {"model.hidden": str(number)}, str(number))
        for number, each in enumerate(seconds)
    ]
    stream = StringIO()
    console = Console(file=stream, width=80, highlight=False)
    show_dry_run(console, runs, finished=finished or set(), num_runs=num_runs or len(runs))
    return stream.getvalue().splitlines()


def rows(lines: list[str]) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]


def test_every_run_in_a_row_and_the_time_of_those_that_would_start() -> None:
    lines = shown(20, 30, 150, finished={"1"})
    assert rows(lines) == [
        ["0", "hidden=0", "would start", "20 s"],
        ["1", "hidden=1", "had finished before", ""],
        ["2", "hidden=2", "would start", "2 min"],
    ]
    assert lines[-2:] == [
        "2 of 3 runs would start; none has",
        "about 3 min one after another, if none ends early",
    ]


def test_of_a_search_some_runs_are_shown_and_the_time_is_that_of_all() -> None:
    lines = shown(20, 40, num_runs=50)
    assert lines[-2:] == [
        "50 runs would start, with values between these; none has",
        "about 25 min one after another, if none ends early",
    ]


def test_where_nothing_would_start_no_time_is_named() -> None:
    assert shown(20, finished={"0"})[-1] == "0 of 1 runs would start; none has"


def test_where_the_time_is_not_known_none_is_named() -> None:
    lines = shown(math.nan)
    assert rows(lines) == [["0", "hidden=0", "would start", ""]]
    assert lines[-1] == "1 of 1 runs would start; none has"
