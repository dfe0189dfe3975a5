"""Runs of the past in a tracking store, found by their ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scratchlab.tracking.query.past_run import VAL_ACCURACY, PastRun, RunNotFoundError
from scratchlab.tracking.run import FOLDER
from scratchlab.tracking.store.errors import unreachable_as_connection_error
from scratchlab.tracking.store.uri import absolute_uri, sqlite_file, without_credentials

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

PARENT = "mlflow.parentRunId"


def runs_by_id(uri: str, ids: Sequence[str]) -> list[PastRun]:
    """Return the runs with these ids, or beginnings of ids; a sweep stands for its children.

    Stale runs in the store are brought to their end first, so that none is RUNNING whose process is gone.

    Raises:
        ArgumentError: `uri` is none.
        RunNotFoundError: there is no such run, or several ids begin so.
        ConnectionError: the server does not answer.
    """
    uri = absolute_uri(uri)
    database = sqlite_file(uri)
    if database is not None and not database.exists():
        raise RunNotFoundError(f"{ids[0]}: expected a run in {uri}, but there is no store")
    with unreachable_as_connection_error(uri):
        return list(_found(uri, ids))


def _found(uri: str, ids: Sequence[str]) -> Iterator[PastRun]:
    # MLflow takes seconds to import, for what most commands never ask.
    from scratchlab.tracking.store.client import connect, set_up_mlflow
    from scratchlab.tracking.upkeep.stale import mend_stale_runs

    set_up_mlflow()
    mend_stale_runs(uri)
    client = connect(uri)
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    for run_id in ids:
        runs = client.search_runs(experiments, f"attributes.run_id LIKE '{run_id}%'", max_results=2)
        if len(runs) != 1:
            found = "several that begin so: type more of it" if runs else "none"
            raise RunNotFoundError(
                f"{run_id}: expected the id of a run in {without_credentials(uri)}, found {found}"
            )
        children = _children(client, runs[0])
        yield from (past_run(client, run) for run in children or runs)


def _children(client: MlflowClient, parent: Run) -> list[Run]:
    """Return the runs that a run is the parent of, in the order in which they started."""
    from scratchlab.tracking.store.client import all_runs

    wanted = f"tags.`{PARENT}` = '{parent.info.run_id}'"
    order = ["attributes.start_time ASC"]
    return list(all_runs(client, [parent.info.experiment_id], wanted, order_by=order))


def past_run(client: MlflowClient, run: Run) -> PastRun:
    """Return what MLflow knows of a run."""
    history = client.get_metric_history(run.info.run_id, VAL_ACCURACY)
    return PastRun(
        name=run.info.run_name,
        status=run.info.status,
        params=run.data.params,
        tags=run.data.tags,
        metrics=run.data.metrics,
        val_accuracy=[each.value for each in sorted(history, key=lambda metric: metric.step)],
        run_id=run.info.run_id,
        folder=Path(run.data.tags[FOLDER]) if FOLDER in run.data.tags else None,
    )
