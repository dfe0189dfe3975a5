"""The app behind compare.py: past runs side by side, from their folders or from the tracking store."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console

from scratchlab.compare.comparison import ComparedRun, Comparison
from scratchlab.compare.differences import differences, distinct, values_of
from scratchlab.compare.named_runs import named_runs
from scratchlab.config.launch import EXIT_USAGE
from scratchlab.config.overrides import short_names
from scratchlab.config.project import store_uri
from scratchlab.tracking import FilesRun, RunNotFoundError


def compare(arguments: Sequence[str], *, uri: str) -> Comparison:
    """Return the comparison of the runs that the arguments name: folders, or ids in the tracking store at `uri`.

    Raises:
        RunNotFoundError: an argument names no run, or none of the runs has an accuracy.
        ConnectionError: the server does not answer.
        ValueError: `uri` is no store, or a journal is damaged.
    """
    runs = distinct([run for argument in arguments for run in named_runs(argument, uri)])
    varied = differences(runs)
    comparison = Comparison(
        "comparison over " + " ".join(short_names(varied).values()) if varied else "comparison",
        [ComparedRun.of(run, values_of(run, varied)) for run in runs],
        varied,
    )
    if comparison.best is None:
        found = ", ".join(dict.fromkeys(run.outcome or "finished without an accuracy" for run in runs))
        raise RunNotFoundError(
            f"{' '.join(arguments)}: expected a run that ended with an accuracy, found {found}"
        )
    return comparison


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python compare.py",
        description="Rank past runs, and draw what they have found into outputs/.",
        epilog="example: python compare.py outputs/2026-01-31/12-00-00-000000-sweep 1e35edc8",
    )
    parser.add_argument(
        "runs",
        nargs="+",
        metavar="RUN_OR_SWEEP",
        help="a folder under outputs/, or the beginning of an id in MLflow; a sweep stands for its runs",
    )
    parser.add_argument(
        "--uri", help="the tracking store that ids are looked up in, if not the project's own"
    )
    options = parser.parse_args(arguments)
    try:
        comparison = compare(options.runs, uri=store_uri(options.uri))
    except (ValueError, ConnectionError) as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    folder = Path("outputs", f"{datetime.now():%Y-%m-%d/%H-%M-%S-%f}-comparison")
    folder.mkdir(parents=True)
    comparison.record(FilesRun(folder))
    _show(comparison, Console(highlight=False), folder)
    return 0


def _show(comparison: Comparison, console: Console, folder: Path) -> None:
    best, best_run = comparison.best, comparison.best_run
    assert best is not None
    assert best_run is not None
    console.print(comparison.leaderboard.table())
    console.print(f"\n{comparison.summary}")
    console.print(f"best   {comparison.headline}", markup=False, soft_wrap=True)
    console.print(f"again  {best_run.command}", markup=False, soft_wrap=True)
    console.print(f"files  {folder / 'report.html'}", markup=False, soft_wrap=True)
