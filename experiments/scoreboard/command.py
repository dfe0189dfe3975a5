"""The command line of the scoreboard: writes the page, or runs what is missing first."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from experiments.scoreboard.agenda import Agenda
from experiments.scoreboard.scoreboard import PAGE, Scoreboard
from scratchlab.config.launch import EXIT_USAGE, NO_ROOM
from scratchlab.config.project import ROOT, store_uri
from scratchlab.tasks.console import shown_path
from scratchlab.tracking import Terminated

FOLDER = ROOT / "experiments"


def main(arguments: Sequence[str] | None = None, *, folder: Path = FOLDER) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.scoreboard",
        description="Write experiments/README.md and its pictures from the runs in the tracking store.",
    )
    parser.add_argument("--run", action="store_true", help="run first what is missing")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="of what is missing only these rows")
    parser.add_argument("--quick", action="store_true", help="of what is missing only the quick rows")
    parser.add_argument("--uri", help="the tracking store, if not the project's own")
    options = parser.parse_args(arguments)
    if (options.quick or options.rows) and not options.run:
        parser.error(f"{'--quick' if options.quick else options.rows[0]}: expected --run beside it")
    if options.quick and options.rows:
        parser.error(f"{options.rows[0]}: expected either rows or --quick, not both")
    console = Console(highlight=False)
    try:
        scoreboard = Scoreboard.read(folder)
        rows = [row for row in scoreboard.named(options.rows) if row.is_quick or not options.quick]
        is_complete = not options.run or Agenda(options.uri, console).run(rows)
        for said in scoreboard.refresh(store_uri(options.uri)):
            console.print(said, markup=False, soft_wrap=True)
        scoreboard.write()
    except (ValueError, ConnectionError) as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        print(f"the scoreboard could not be written: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: the same command goes on", file=sys.stderr)
        return 130
    except Terminated as ended:
        print(f"{ended}: the same command goes on", file=sys.stderr)
        return 128 + ended.signal
    console.print(f"page   {shown_path(folder / PAGE)}", markup=False, soft_wrap=True)
    return 0 if is_complete else 1
