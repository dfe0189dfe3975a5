"""Runs that MLflow has already, found by the fingerprint of one that is planned."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scratchlab.tracking.journal.records import Status
from scratchlab.tracking.query.past_run import PastRun
from scratchlab.tracking.store.errors import unreachable_as_connection_error
from scratchlab.tracking.store.reachability import why_unreachable
from scratchlab.tracking.store.uri import absolute_uri, sqlite_file, without_credentials

if TYPE_CHECKING:
    from mlflow.entities import Run

FINGERPRINT = "scratchlab.fingerprint"
"""The tag of a run with the digest of all that determines its result: runs that share it are equal."""
EARLIER = "scratchlab.signature"
"""The same tag of runs that were made before version 0.2, whose digest was defined differently."""


@dataclass(frozen=True)
class Fingerprint:
    """The identity of a run, and the one that the same run had before version 0.2."""

    digest: str
    earlier: str = field(default="", compare=False)

    def is_of(self, tags: Mapping[str, str]) -> bool:
        """Return whether the run with these tags has this fingerprint."""
        return tags.get(FINGERPRINT, tags.get(EARLIER, "")) in (self.digest, self.earlier or self.digest)


def recorded_fingerprint(tags: Mapping[str, str]) -> str | None:
    """Return the digest that a run was tagged with, None for a run that has none."""
    return tags.get(FINGERPRINT, tags.get(EARLIER))


def runs_by_fingerprint(
    uri: str, experiment: str, fingerprints: Iterable[Fingerprint], *, status: Status | None = None
) -> dict[str, PastRun]:
    """Return the run of each fingerprint that has one by its digest, the newest if there are several.

    A store or an experiment that does not exist is not made: there are no runs in it.

    Args:
        uri: the tracking store, a server or a SQLite file.
        experiment: the experiment in MLflow that is searched.
        fingerprints: of the runs to find; a run that was made before version 0.2 is found, too.
        status: only runs that have ended like this.

    Raises:
        ArgumentError: `uri` is none.
        ConnectionError: the server does not answer.
    """
    uri = absolute_uri(uri)
    database = sqlite_file(uri)
    if database is not None:
        fingerprints = possible(database, fingerprints)
        if not fingerprints:
            return {}
    why = why_unreachable(uri)
    if why is not None:
        raise ConnectionError(f"{without_credentials(uri)} cannot be reached ({why})")
    with unreachable_as_connection_error(uri):
        return _search(uri, experiment, fingerprints, status)


def possible(database: Path, fingerprints: Iterable[Fingerprint]) -> list[Fingerprint]:
    """Return those of the fingerprints that may be in a database, for what is in it is MLflow's to say.

    MLflow takes seconds to say it; that most sweeps are new shows in the table that it keeps tags in.
    """
    if not database.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            known = {
                value
                for (value,) in connection.execute(
                    "SELECT value FROM tags WHERE key IN (?, ?)", [FINGERPRINT, EARLIER]
                )
            }
    except sqlite3.Error:  # MLflow's tables are its own, and may come to be others
        return list(fingerprints)
    return [each for each in fingerprints if each.digest in known or each.earlier in known]


def _search(
    uri: str, experiment: str, fingerprints: Iterable[Fingerprint], status: Status | None
) -> dict[str, PastRun]:
    # MLflow takes seconds to import, for what most runs never ask.
    from scratchlab.tracking.query.by_id import past_run
    from scratchlab.tracking.store.client import connect, set_up_mlflow

    set_up_mlflow()
    client = connect(uri)
    found = client.get_experiment_by_name(experiment)
    if found is None:
        return {}
    ended = "" if status is None else f"attributes.status = '{status}' AND "

    def newest(condition: str) -> list[Run]:
        return client.search_runs(
            [found.experiment_id],
            f"{ended}{condition}",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )

    has_earlier = bool(newest(f"tags.`{EARLIER}` LIKE '%'"))
    newest_runs = {}
    # MLflow's filters know no "one of" for tags; a request for each costs less than reading whole experiments.
    for each in fingerprints:
        runs = newest(f"tags.`{FINGERPRINT}` = '{each.digest}'")
        if not runs and has_earlier:
            runs = newest(f"tags.`{EARLIER}` = '{each.earlier}'")
        if runs:
            newest_runs[each.digest] = past_run(client, runs[0])
    return newest_runs
