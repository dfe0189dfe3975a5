import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow import MlflowClient

from scratchlab.tracking.journal.records import (
    Artifact,
    Dataset,
    End,
    Metrics,
    Model,
    Record,
    Start,
    Status,
    Tag,
)
from scratchlab.tracking.publish.upload import MlflowRun, find_run
from scratchlab.tracking.store.client import connect
from tests.tracking.conftest import Content
from tests.tracking.runs import start_record, write_network


@pytest.fixture
def client(uri: str) -> MlflowClient:
    return connect(uri)


@pytest.fixture
def start() -> Start:
    return start_record()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def run(client: MlflowClient, folder: Path, start: Start) -> MlflowRun:
    return MlflowRun(client, folder, start)


def test_a_run_is_made_with_name_time_and_tags(
    client: MlflowClient, run: MlflowRun, folder: Path, start: Start
) -> None:
    made = client.get_run(run.run_id)
    assert (made.info.run_name, made.info.start_time, made.info.status) == ("adam", start.time_ms, "RUNNING")
    assert made.data.tags == {
        "mlflow.runName": "adam",
        "seed": "0",
        "scratchlab.run_uuid": start.run_uuid,
        "scratchlab.folder": str(folder),
        "scratchlab.process": f"{start.host} {start.pid} {start.process_started}",
    }
    assert client.get_experiment(made.info.experiment_id).name == "mnist"


def test_a_run_is_found_again_and_not_made_again(
    client: MlflowClient, run: MlflowRun, folder: Path, start: Start, content: Callable[[], Content]
) -> None:
    before = content()
    assert MlflowRun(client, folder, start).run_id == run.run_id
    assert content() == before
    assert MlflowRun(client, folder, replace(start, run_uuid="another")).run_id != run.run_id


def test_a_run_is_shown_under_its_parent(client: MlflowClient, run: MlflowRun, folder: Path) -> None:
    child = MlflowRun(client, folder / "0", start_record(), parent_id=run.run_id)
    (found,) = client.search_runs([run.experiment_id], f"tags.mlflow.parentRunId = '{run.run_id}'")
    assert found.info.run_id == child.run_id


def test_a_run_is_found_by_what_its_journal_calls_it(
    client: MlflowClient, run: MlflowRun, start: Start
) -> None:
    found = find_run(client, run.experiment_id, start.run_uuid)
    assert found is not None
    assert found.info.run_id == run.run_id
    assert find_run(client, run.experiment_id, "another") is None


def test_a_deleted_run_is_left_alone(
    client: MlflowClient, run: MlflowRun, folder: Path, start: Start
) -> None:
    client.delete_run(run.run_id)
    with pytest.raises(
        ValueError, match=f"deleted in MLflow; .*restore --run-id {run.run_id}` brings it back"
    ):
        MlflowRun(client, folder, start)


def test_parameters_are_shown_as_typed(client: MlflowClient, run: MlflowRun, start: Start) -> None:
    run.log(start)
    assert client.get_run(run.run_id).data.params == {
        "optimizer": "adam",
        "optimizer.lr": "0.001",
        "model.hidden": "[4, 5]",
    }


def test_any_number_of_parameters_of_any_length(client: MlflowClient, run: MlflowRun, start: Start) -> None:
    run.log(replace(start, params={f"p{index}": "ü" * 7000 for index in range(120)}))
    params = client.get_run(run.run_id).data.params
    assert params == {f"p{index}": "ü" * 5999 + "…" for index in range(120)}


def test_metrics_keep_value_step_and_time(client: MlflowClient, run: MlflowRun) -> None:
    run.log(Metrics(7, 1000, {"val/accuracy": 0.98, "loss": math.nan, "acc@5": math.inf}))
    metrics = {
        name: client.get_metric_history(run.run_id, name)[0] for name in ("val/accuracy", "loss", "acc_5")
    }
    assert {(metric.step, metric.timestamp) for metric in metrics.values()} == {(7, 1000)}
    assert metrics["val/accuracy"].value == 0.98
    assert math.isnan(metrics["loss"].value)
    assert metrics["acc_5"].value == sys.float_info.max


def test_more_metrics_than_mlflow_takes_at_once(client: MlflowClient, run: MlflowRun) -> None:
    run.log_metrics([Metrics(step, 0, {f"m{index}": step for index in range(300)}) for step in range(5)])
    assert client.get_run(run.run_id).data.metrics == {f"m{index}": 4 for index in range(300)}
    assert len(client.get_metric_history(run.run_id, "m299")) == 5


def test_a_tag_is_set_and_set_anew(client: MlflowClient, run: MlflowRun) -> None:
    for value in ("a", "b" * 9000):
        run.log(Tag("sum@mary", value))
    assert client.get_run(run.run_id).data.tags["sum_mary"] == "b" * 7999 + "…"


def test_artifacts_land_in_their_folders(
    client: MlflowClient, run: MlflowRun, folder: Path, database: Path
) -> None:
    for path in ("artifacts/report.md", "artifacts/plots/curves.png"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    run.log(Artifact("artifacts/report.md", ""))
    run.log(Artifact("artifacts/plots/curves.png", "plots"))
    assert [file.path for file in client.list_artifacts(run.run_id)] == ["plots", "report.md"]
    published = database.parent / "artifacts" / "mnist" / run.run_id / "artifacts" / "plots" / "curves.png"
    assert published.read_text() == "artifacts/plots/curves.png"


@pytest.mark.parametrize("record", [Artifact("artifacts/gone.txt", ""), Model("model")])
def test_a_file_that_was_tidied_away_is_left_out(
    run: MlflowRun, folder: Path, record: Artifact | Model, caplog: pytest.LogCaptureFixture
) -> None:
    run.log(record)
    assert caplog.messages == [f"{folder / record.path} is gone, so it is not published"]


def test_the_data_set_is_an_input(client: MlflowClient, run: MlflowRun) -> None:
    run.log(Dataset("mnist", "0123456789abcdef" * 4, "/data/mnist", 50_000, 10_000, 10_000))
    inputs = client.get_run(run.run_id).inputs
    assert inputs is not None
    (given,) = inputs.dataset_inputs
    assert (given.dataset.name, given.dataset.digest) == ("mnist", "0123456789ab")
    assert given.dataset.source == f'{{"uri": "/data/mnist", "digest": "{"0123456789abcdef" * 4}"}}'
    assert given.dataset.profile == '{"num_train": 50000, "num_val": 10000, "num_test": 10000}'
    assert [(tag.key, tag.value) for tag in given.tags] == [("mlflow.data.context", "train, val, test")]


@pytest.mark.parametrize("status", list(Status))
def test_a_run_ends_with_its_status_and_time(
    client: MlflowClient, run: MlflowRun, folder: Path, start: Start, status: Status
) -> None:
    end = End(status, 1_700_000_060_000)
    assert not run.has_ended_like(end)
    run.log(end)
    info = client.get_run(run.run_id).info
    assert (info.status, info.end_time) == (status, 1_700_000_060_000)
    again = MlflowRun(client, folder, start)
    assert again.has_ended_like(end)
    assert not again.has_ended_like(End(status, end.time_ms + 1))


def test_every_record_may_be_logged_again(
    run: MlflowRun, client: MlflowClient, folder: Path, start: Start, content: Callable[[], Content]
) -> None:
    write_network(folder / "model")
    (folder / "artifacts").mkdir()
    (folder / "artifacts" / "report.md").write_text("hello")
    records: list[Record] = [
        start,
        Metrics(0, 1, {"loss": 0.1, "acc@5": math.nan, "acc_5": math.inf}),
        Metrics(1, 2, {"loss": 0.1}),
        Tag("sum@mary", "b"),
        Dataset("mnist", "ab" * 32, "/data/mnist", 5, 1, 1),
        Artifact("artifacts/report.md", ""),
        Model("model"),
        End(Status.FINISHED, 3),
    ]
    for record in records:
        run.log(record)
    before = content()
    assert len(before["metrics"]) == 4
    assert len(before["logged_models"]) == 1
    again = MlflowRun(client, folder, start)
    for record in records:
        again.log(record)
    assert content() == before
