"""What kills, outages and full disks have left behind, found and mended.

    python -m scratchlab.tracking.upkeep.doctor                     what is amiss: exit code 1 if anything is
    python -m scratchlab.tracking.upkeep.doctor --mend              mend it
    python -m scratchlab.tracking.upkeep.doctor --backup FILE.db    copy the embedded store while it is in use

in the project's folder. It looks for stale runs in the store, for recorded runs that the store does not have, and for
damage to the store itself. Journals are what it mends from: a store that cannot be read is set aside, and a new one is
made of all runs whose folders are there.
"""

import argparse
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST, ErrorCode

from scratchlab.arguments import ArgumentError
from scratchlab.tracking.journal.journal import JOURNAL
from scratchlab.tracking.journal.reader import RunReader
from scratchlab.tracking.publish.command import publish
from scratchlab.tracking.publish.receipt import Published
from scratchlab.tracking.store.client import connect, set_up_mlflow
from scratchlab.tracking.store.database import back_up, damage, set_aside
from scratchlab.tracking.store.errors import reason
from scratchlab.tracking.store.uri import absolute_uri, embedded_uri, sqlite_file, without_credentials
from scratchlab.tracking.upkeep.stale import mend_stale_run, stale_runs

FOLDERS = ("outputs", "multirun")
"""Where runs are recorded, in the project's folder."""


@dataclass(frozen=True)
class Finding:
    """Something amiss."""

    sentence: str
    mend: Callable[[], str]
    """Mends it and says what was done, or raises what keeps it from being mended."""


def findings(uri: str, folders: Sequence[Path]) -> Iterator[Finding]:
    """Yield what is amiss with the store at `uri`, and with the runs in `folders`.

    To be mended one after the other: what comes later is looked for in a store that is whole by then.
    """
    database = sqlite_file(uri)
    if database is not None and database.exists():
        wrong = damage(database)
        if wrong is not None:
            yield Finding(f"{database} is damaged: {wrong}", partial(_set_aside, database))
    client = None
    if database is None or (database.exists() and damage(database) is None):
        client = connect(uri)
        for run in stale_runs(client):
            sentence = (
                f"{run.info.run_id} ({run.info.run_name}) is RUNNING in MLflow, but its process is gone"
            )
            yield Finding(sentence, partial(mend_stale_run, client, uri, run))
    for folder in sorted(journal.parent for root in folders for journal in root.rglob(JOURNAL)):
        problem = _why_unpublished(folder, uri, client)
        if problem is not None:
            yield Finding(problem, partial(_publish, folder))


def _set_aside(database: Path) -> str:
    return (
        f"kept as {set_aside(database).name}; what was recorded in folders that are there is published again"
    )


def _publish(folder: Path) -> str:
    published = publish(folder)
    return f"{published.status} in MLflow, {published.link}"


def _why_unpublished(folder: Path, uri: str, client: MlflowClient | None) -> str | None:
    """Return the sentence on a run that MLflow does not have all of; None if it has, or if the run goes on."""
    reader = RunReader(folder)
    try:
        reader.read()
    except ValueError as error:
        return str(error)
    if reader.start is None or reader.end is None:
        return None
    published = Published.load(folder)
    if published is None:
        return f"{folder}: never published"
    if published.status != reader.end.status:
        return f"{folder}: not all of it is published"
    is_elsewhere = published.uri != without_credentials(uri)
    if is_elsewhere or (client is not None and _is_there(client, published.run_id)):
        return None
    return f"{folder}: was published, but the store does not have it"


def _is_there(client: MlflowClient, run_id: str) -> bool:
    try:
        client.get_run(run_id)
    except MlflowException as error:
        if error.error_code != ErrorCode.Name(RESOURCE_DOES_NOT_EXIST):
            raise
        return False
    return True


def _examine(uri: str, folders: Sequence[Path], *, mend: bool) -> int:
    """Print what is amiss and, if it is to be mended, what came of that; return how much is amiss afterwards."""
    remaining = 0
    for finding in findings(uri, folders):
        print(finding.sentence, flush=True)
        if mend:
            try:
                print(f"  {finding.mend()}", flush=True)
                continue
            except Exception as error:  # what cannot be mended keeps nothing else from it
                print(f"  not mended: {reason(error)}", flush=True)
        remaining += 1
    return remaining


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scratchlab.tracking.upkeep.doctor",
        description="Find what kills, outages and full disks have left behind, and mend it.",
    )
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="DIR", help="searched for runs (outputs, multirun)"
    )
    parser.add_argument("--uri", help="the tracking store, if not the one in mlruns/")
    parser.add_argument("--mend", action="store_true", help="mend what is found")
    parser.add_argument(
        "--backup", type=Path, metavar="FILE", help="copy the embedded store, also while it is in use"
    )
    options = parser.parse_args(arguments)
    set_up_mlflow()
    try:
        uri = embedded_uri(Path()) if options.uri is None else absolute_uri(options.uri)
        if options.backup is not None:
            return _back_up(uri, options.backup)
        remaining = _examine(uri, options.folders or [Path(folder) for folder in FOLDERS], mend=options.mend)
    except ArgumentError as error:
        parser.error(str(error))
    except Exception as error:
        print(f"{without_credentials(uri)}: {reason(error)}", file=sys.stderr)
        return 1
    if remaining == 0:
        print("nothing is amiss" if not options.mend else "nothing is amiss any more")
    elif not options.mend:
        print(f"{remaining} to mend: python -m scratchlab.tracking.upkeep.doctor --mend")
    return 1 if remaining else 0


def _back_up(uri: str, copy: Path) -> int:
    database = sqlite_file(uri)
    if database is None:
        print(
            f"{without_credentials(uri)}: a server's store is backed up where the server is", file=sys.stderr
        )
        return 1
    try:
        back_up(database, copy)
    except (OSError, sqlite3.Error) as error:
        print(f"{database} is not backed up: {error}", file=sys.stderr)
        return 1
    print(f"{copy}: a copy of {database}; to go back to it, put it in that place while nothing runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
