"""A journal's run in MLflow. Everything here may be done again without changing anything."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Dataset as MlflowDataset
from mlflow.entities import DatasetInput, InputTag, Metric, Param, Run, ViewType

from scratchlab.tracking.journal.records import (
    RUNNING,
    Artifact,
    Dataset,
    End,
    Metrics,
    Model,
    Record,
    Resumed,
    Start,
    Tag,
)
from scratchlab.tracking.publish.model import log_model
from scratchlab.tracking.run import FOLDER
from scratchlab.tracking.store.client import experiment_id
from scratchlab.tracking.store.names import (
    MAX_DATASET_NAME,
    MAX_NAME,
    MAX_PARAM,
    MAX_TAG,
    Names,
    text,
    value_of_metric,
)

RUN_UUID = "scratchlab.run_uuid"
PARENT = "mlflow.parentRunId"
"""The tag that MLflow nests runs by."""
PROCESS = "scratchlab.process"
"""The tag with the process that makes a run: whoever comes later can tell whether it is gone."""
METRICS_PER_BATCH = 1000
PARAMS_PER_BATCH = 25
"""MLflow takes 100, but only a million bytes, and the 6,000 characters of a value may be 36,000 bytes of JSON."""
DIGEST_SHOWN = 12
"""MLflow takes 36 characters at most, and SHA-256 has 64: the whole of it is in the data set's source."""

_log = logging.getLogger(__name__)


class MlflowRun:
    """The run in MLflow for the one that a journal starts with: found by its tag, or made.

    The answer to the request that makes a run may be lost; so the tag is looked for first, every time.

    Args:
        client: of the tracking store.
        folder: the run's, with the files that its records name.
        start: the first record of its journal.
        parent_id: the id in MLflow of the run that this one is shown under.

    Raises:
        ValueError: the run, or its experiment, was deleted in MLflow.
    """

    def __init__(
        self, client: MlflowClient, folder: Path, start: Start, *, parent_id: str | None = None
    ) -> None:
        self._client = client
        self._folder = folder
        self._metric_names, self._tag_names = Names(), Names()
        self.experiment_id = experiment_id(client, start.experiment)
        tags = {self._tag_names(key): text(value, MAX_TAG) for key, value in start.tags.items()}
        tags |= {RUN_UUID: start.run_uuid, FOLDER: str(folder.absolute()), PROCESS: str(start.process)}
        if parent_id is not None:
            tags[PARENT] = parent_id
        run = find_run(client, self.experiment_id, start.run_uuid) or client.create_run(
            self.experiment_id, start.time_ms, tags, text(start.name, MAX_NAME)
        )
        if run.info.lifecycle_stage != "active":
            raise ValueError(
                f"the run was deleted in MLflow; `mlflow runs restore --run-id {run.info.run_id}` brings it back"
            )
        self.run_id: str = run.info.run_id
        if run.data.tags.get(FOLDER) != tags[FOLDER]:  # the folder was moved
            client.set_tag(self.run_id, FOLDER, tags[FOLDER])
        self._status, self._end_time = run.info.status, run.info.end_time

    def has_ended_like(self, end: End) -> bool:
        """Tell whether the run has ended in MLflow as `end` says. That is written last: it has all the rest, too."""
        return (self._status, self._end_time) == (end.status, end.time_ms)

    def log_metrics(self, records: Sequence[Metrics]) -> None:
        """Log the values of several records in as few requests as MLflow allows."""
        metrics = [
            Metric(self._metric_names(name), value_of_metric(value), record.time_ms, record.step)
            for record in records
            for name, value in record.values.items()
        ]
        for first in range(0, len(metrics), METRICS_PER_BATCH):
            self._client.log_batch(self.run_id, metrics=metrics[first : first + METRICS_PER_BATCH])

    def log(self, record: Record) -> None:
        """Log a record of any kind."""
        match record:
            case Start():
                self._log_params(record.params)
            case Resumed():
                self._client.set_tag(self.run_id, PROCESS, str(record.process))
                self._client.update_run(self.run_id, RUNNING)
            case Metrics():
                self.log_metrics([record])
            case Tag():
                self._client.set_tag(self.run_id, self._tag_names(record.key), text(record.value, MAX_TAG))
            case Artifact():
                if self._has(record.path):
                    place = str(self._folder / record.path)
                    self._client.log_artifact(self.run_id, place, record.folder or None)
            case Dataset():
                self._client.log_inputs(self.run_id, [_dataset_input(record)])
            case Model():
                if self._has(record.path):
                    log_model(self._client, self.experiment_id, self.run_id, self._folder / record.path)
            case End():
                self._client.set_terminated(self.run_id, record.status, record.time_ms)

    def _log_params(self, values: dict[str, object]) -> None:
        spell = Names()
        params = [Param(spell(name), text(value, MAX_PARAM)) for name, value in values.items()]
        for first in range(0, len(params), PARAMS_PER_BATCH):
            self._client.log_batch(self.run_id, params=params[first : first + PARAMS_PER_BATCH])

    def _has(self, path: str) -> bool:
        """Tell whether a recorded file is still in the run's folder; it may have been tidied away since."""
        place = self._folder / path
        if not place.exists():
            _log.warning("%s is gone, so it is not published", place)
        return place.exists()


def find_run(client: MlflowClient, experiment_id: str, run_uuid: str) -> Run | None:
    """Return the run in MLflow whose journal calls it `run_uuid`, a deleted one, too; None if there is none."""
    runs = client.search_runs(
        [experiment_id], f"tags.`{RUN_UUID}` = '{run_uuid}'", ViewType.ALL, max_results=1
    )
    return runs[0] if runs else None


def _dataset_input(record: Dataset) -> DatasetInput:
    examples = {"num_train": record.num_train, "num_val": record.num_val, "num_test": record.num_test}
    dataset = MlflowDataset(
        name=text(record.name, MAX_DATASET_NAME),
        digest=record.digest[:DIGEST_SHOWN],
        source_type="local",
        source=json.dumps({"uri": record.source, "digest": record.digest}),
        profile=json.dumps(examples),
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", "train, val, test")])
