"""Publishing: from journals to MLflow, for runs that go on and for those that an outage or a kill left behind.

python -m scratchlab.tracking.publish DIR...          everything under these folders, once
"""

import argparse
import logging
import math
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from scratchlab.tracking.journal.journal import JOURNAL, run_folders
from scratchlab.tracking.publish.follow import Publication
from scratchlab.tracking.publish.receipt import Published
from scratchlab.tracking.store.client import set_up_mlflow
from scratchlab.tracking.store.errors import is_unreachable, reason

POLL_SECONDS = 2.0
RETRY_SECONDS = 1.0
AWAY = "away"
PATIENCE_SECONDS = 30.0
"""When nothing new comes any more, a store that has taken nothing for so long is given up."""

_log = logging.getLogger(__name__)


def publish(folder: Path, uri: str | None = None) -> Published:
    """Publish the run in `folder`, or what there is of it if it goes on. Doing it again changes nothing.

    Args:
        folder: the run's.
        uri: the tracking store, if it is not to be the one that the run was started with.

    Raises:
        ValueError: there is nothing to publish, the journal is damaged, or the run was deleted in MLflow.
    """
    publication = Publication(folder, uri)
    publication.advance()
    if publication.published is None:
        raise ValueError("nothing was recorded")
    return publication.published


def follow(folder: Path, uri: str | None = None, *, wait: Callable[[float], bool]) -> bool:
    """Publish the runs under `folder` while they are made; return whether MLflow has all of all of them.

    Args:
        folder: may be empty at first.
        uri: the tracking store, if it is not to be the one that each run was started with.
        wait: waits so many seconds and returns False, or returns True as soon as it is certain that no run will
            be started any more.
    """
    publications: dict[Path, Publication] = {}
    is_over = False
    while True:
        for run_folder in run_folders(folder):
            publications.setdefault(run_folder, Publication(run_folder, uri))
        incomplete = [publication for publication in publications.values() if not publication.is_complete]
        _advance(incomplete)
        incomplete = [publication for publication in incomplete if not publication.is_complete]
        if is_over and all(time.monotonic() - each.last_success > PATIENCE_SECONDS for each in incomplete):
            return not incomplete
        if is_over:
            time.sleep(RETRY_SECONDS)
        else:
            is_over = wait(POLL_SECONDS)


def _advance(publications: Sequence[Publication]) -> None:
    for publication in publications:
        try:
            publication.advance()
        except Exception as error:  # whatever it is, the journal is safe, and the next round tries again
            is_away = is_unreachable(error)
            problem = AWAY if is_away else reason(error)
            if problem != publication.problem:  # an outage has many faces, and is one problem
                _log.warning("%s: %s", publication.folder, reason(error))
            publication.problem = problem
            if isinstance(error, ValueError):  # trying again does not help
                publication.last_success = -math.inf
            if is_away:
                return


def _publish_all(roots: Sequence[Path], uri: str | None) -> int:
    """Publish every run under `roots`, one line for each; return the exit code."""
    folders = [folder for root in roots for folder in run_folders(root)]
    if not folders:
        print(f"no {JOURNAL} under {', '.join(map(str, roots))}", file=sys.stderr)
        return 1
    exit_code = 0
    for folder in folders:
        try:
            published = publish(folder, uri)
        except Exception as error:  # one run that cannot be published keeps no other from it
            print(f"{folder}: not published, {reason(error)}", file=sys.stderr)
            exit_code = 1
        else:
            print(f"{folder}: {published.status} {published.link}")
    return exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scratchlab.tracking.publish",
        description="Publish recorded runs to MLflow. Publishing again changes nothing.",
    )
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="DIR", help="searched for runs, at any depth"
    )
    parser.add_argument("--uri", help="the tracking store, if not the one that a run was started with")
    options = parser.parse_args(arguments)
    if not options.folders:
        parser.error("name the folders with the runs, for example: outputs multirun")
    set_up_mlflow()
    return _publish_all(options.folders, options.uri)


if __name__ == "__main__":
    sys.exit(main())
