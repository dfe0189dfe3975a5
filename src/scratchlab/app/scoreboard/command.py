"""The app behind scoreboard.py: writes the page, or runs what is missing first."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from scratchlab.app.announce import shown_path
from scratchlab.app.launch import EXIT_USAGE
from scratchlab.app.project import ROOT
from scratchlab.app.scoreboard.scoreboard import PAGE, Scoreboard
from scratchlab.tracking import embedded_uri

FOLDER = ROOT / "experiments"


def main(arguments: Sequence[str] | None = None, *, folder: Path = FOLDER) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python scoreboard.py",
        description="Write experiments/README.md and its pictures from the runs in the tracking store.",
    )
    parser.add_argument("--uri", help="the tracking store, if not the project's own")
    options = parser.parse_args(arguments)
    uri, console = options.uri or embedded_uri(ROOT), Console(highlight=False)
    try:
        scoreboard = Scoreboard.read(folder)
        for said in scoreboard.refresh(uri):
            console.print(said, markup=False, soft_wrap=True)
        scoreboard.write()
    except (ValueError, ConnectionError) as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    console.print(f"page   {shown_path(folder / PAGE)}", markup=False, soft_wrap=True)
    return 0
