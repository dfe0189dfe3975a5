"""The tracking store: the embedded database, made so that nothing can ruin it, and a client for it or for a server.

MLflow builds a new database by a hundred migrations, for seconds, without a lock: two processes that start at
once, or one Ctrl-C, ruin it for good. Here it is built under a lock and under another name, and appears complete.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from scratchlab.tracking.store.database import find_artifacts, keep_log_ahead, making
from scratchlab.tracking.store.uri import SQLITE, artifacts_folder, sqlite_file, with_credentials

TRAINING = {"mlflow.experimentKind": "custom_model_development"}
"""The tag of an experiment that MLflow shows as a table of training runs, not on its pages for language models."""

SETTINGS = {
    # MLflow would try for minutes, and repeat a request whose answer was lost. To try again is our part.
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    # It would also print a link of its own, to other pages than ours.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
"""How MLflow is to behave in a process that talks to a store."""

RUNS_AT_ONCE = 1000
"""Of a search, the runs on one page."""


def set_up_mlflow() -> None:
    """Make MLflow behave in this process, and in those that it starts; what the user has set stays."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


def connect(uri: str) -> MlflowClient:
    """Return a client of the store at `uri`; a SQLite database is made if it is not there."""
    database = sqlite_file(uri)
    if database is not None:
        if not _is_made(database):
            _make(database)
        find_artifacts(database)
    uri = with_credentials(uri)
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def all_runs(
    client: MlflowClient, experiment_ids: list[str], condition: str, *, order_by: list[str] | None = None
) -> Iterator[Run]:
    """Yield the runs of experiments for which a condition holds, in MLflow's filter language, page after page."""
    token = None
    while True:
        page = client.search_runs(
            experiment_ids, condition, max_results=RUNS_AT_ONCE, order_by=order_by, page_token=token
        )
        yield from page
        token = page.token
        if not token:
            return


def experiment_id(client: MlflowClient, name: str) -> str:
    """Return the id of the experiment called `name`, which is made if it is not there.

    Raises:
        ValueError: somebody has deleted the experiment.
    """
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        try:
            return client.create_experiment(name, _artifact_location(client, name), TRAINING)
        except MlflowException as error:
            if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
                raise
            return experiment_id(client, name)  # another process was quicker
    if experiment.lifecycle_stage != "active":
        raise ValueError(
            f"the experiment {name} was deleted in MLflow; `mlflow experiments restore --experiment-id "
            f"{experiment.experiment_id}` brings it back"
        )
    return experiment.experiment_id


def _artifact_location(client: MlflowClient, name: str) -> str | None:
    """Return where a new experiment of the embedded store keeps artifacts; a server decides that itself."""
    database = sqlite_file(client.tracking_uri)
    return None if database is None else (artifacts_folder(database) / quote(name, safe=" ")).as_uri()


def _is_made(database: Path) -> bool:
    """Tell whether there is a database; an empty file, which SQLite makes on its own, is none."""
    return database.exists() and database.stat().st_size > 0


def _make(database: Path) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    with making(database):
        if not _is_made(database):
            _build(database)


def _build(database: Path) -> None:
    new = database.with_name(f"{database.name}.new")
    for leftover in database.parent.glob(f"{new.name}*"):  # of a process that died here
        leftover.unlink()
    store = SqlAlchemyStore(f"{SQLITE}{new}", artifacts_folder(database).as_uri())  # type: ignore[no-untyped-call]
    store.engine.dispose()
    keep_log_ahead(new)
    new.replace(database)
