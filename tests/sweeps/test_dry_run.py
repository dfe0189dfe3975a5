import math
from io import StringIO

from rich.console import Console

from scratchlab.sweeps.dry_run import show_dry_run
from scratchlab.sweeps.planned_run import PlannedRun
from scratchlab.tracking import Fingerprint


def shown(*seconds: float | None, num_runs: int | None = None) -> list[str]:
    """Return what is printed of runs that would take so long; None is one that has finished before."""
    runs = [
        PlannedRun([], {"model.hidden": str(number)}, Fingerprint(str(number)))
        for number in range(len(seconds))
    ]
    pending = {str(number): each for number, each in enumerate(seconds) if each is not None}
    stream = StringIO()
    console = Console(file=stream, width=80, highlight=False)
    show_dry_run(console, runs, seconds=pending, num_runs=num_runs or len(runs))
    return stream.getvalue().splitlines()


def rows(lines: list[str]) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]


def test_every_run_in_a_row_and_the_time_of_those_that_would_start() -> None:
    lines = shown(20, None, 150)
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
    assert shown(None)[-1] == "0 of 1 runs would start; none has"


def test_where_the_time_is_not_known_none_is_named() -> None:
    lines = shown(math.nan)
    assert rows(lines) == [["0", "hidden=0", "would start", ""]]
    assert lines[-1] == "1 of 1 runs would start; none has"
