"""Runs that need not be run again: those that MLflow has, finished, with the signature of one that is planned."""

from collections.abc import Iterable
from dataclasses import dataclass

from scratchlab.tracking.problem import is_unreachable, reason
from scratchlab.tracking.uri import absolute_uri, sqlite_file, without_credentials

SIGNATURE = "scratchlab.signature"
"""The tag of a run with the digest of all that determines its result: runs that share it are equal."""


@dataclass(frozen=True)
class FinishedRun:
    """A run in MLflow that did all it was to do."""

    run_id: str
    name: str
    metrics: dict[str, float]
    """The last value of each."""
    params: dict[str, str]
    """As they were typed."""


def finished_runs(uri: str, experiment: str, signatures: Iterable[str]) -> dict[str, FinishedRun]:
    """Return the finished run of each signature that has one, the newest if there are several.

    A store or an experiment that does not exist is not made: there are no runs in it.

    Args:
        uri: the tracking store, a server or a SQLite file.
        experiment: the experiment in MLflow that is searched.
        signatures: values of the tag `scratchlab.signature`; hexadecimal digests.

    Raises:
        ArgumentError: `uri` is none.
        ConnectionError: the server does not answer.
    """
    uri = absolute_uri(uri)
    database = sqlite_file(uri)
    if database is not None and not database.exists():
        return {}
    try:
        return _search(uri, experiment, signatures)
    except Exception as error:
        if is_unreachable(error):
            raise ConnectionError(f"{without_credentials(uri)}: {reason(error)}") from error
        raise


def _search(uri: str, experiment: str, signatures: Iterable[str]) -> dict[str, FinishedRun]:
    # MLflow takes seconds to import, for what most runs never ask.
    from scratchlab.tracking.store import connect, set_up_mlflow

    set_up_mlflow()
    client = connect(uri)
    found = client.get_experiment_by_name(experiment)
    if found is None:
        return {}
    finished = {}
    # MLflow's filters know no "one of" for tags; a request for each costs less than reading whole experiments.
    for signature in signatures:
        runs = client.search_runs(
            [found.experiment_id],
            f"attributes.status = 'FINISHED' AND tags.`{SIGNATURE}` = '{signature}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        for run in runs:
            finished[signature] = FinishedRun(
                run.info.run_id, run.info.run_name, run.data.metrics, run.data.params
            )
    return finished
