"""What a person reads of runs that are over, and of those to come."""

import math
from pathlib import Path

from rich.console import Console

from scratchlab.tracking import Run


def announce_child(console: Console, name: str, score: float, note: str = "") -> None:
    """Print what a run of a sweep is compared by, in one line. Its test accuracy is nobody's business: see `Sweep`."""
    accuracy = "" if math.isnan(score) else f"{100 * score:.2f} %"
    console.print(f"{accuracy:>8}  {name}{f'  {note}' if note else ''}", soft_wrap=True, markup=False)


def announce(console: Console, run: Run, headline: str, *, folder: Path) -> None:
    """Print the result in a line, where the run is, and how to look at it."""
    console.print(f"\n{headline}")
    if run.published is not None or run.remedy is not None:
        console.print(f"files  {shown_path(folder)}", soft_wrap=True)
    if run.published is not None:
        first = "make ui, then " if run.published.is_embedded else ""
        console.print(f"view   {first}{run.published.link}", soft_wrap=True)
    if run.remedy is not None:
        console.print(f"later  {run.remedy}", soft_wrap=True, markup=False)


def shown_path(path: Path) -> Path:
    """Return a path as short as it can be typed here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def number_of(number: int, noun: str) -> str:
    """Return a number of things in words: `1 run`, `3 runs`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
