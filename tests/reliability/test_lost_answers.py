"""Answers of a tracking server that are lost on the way: a request that is repeated was done before."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from scratchlab.tracking import open_run
from scratchlab.tracking.publish import command as module
from scratchlab.tracking.publish.command import follow
from tests.reliability.lossy_proxy import LossyProxy
from tests.reliability.tracking_server import TrackingServer
from tests.tracking.conftest import quick_to_give_up
from tests.tracking.runs import write_network

__all__ = ["quick_to_give_up"]

NUM_METRICS = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Iterator[TrackingServer]:
    database = tmp_path_factory.mktemp("server") / "mlflow.db"
    database.write_bytes(empty_store.read_bytes())
    with TrackingServer(database) as server:
        yield server


def record(folder: Path, uri: str) -> None:
    """Record a run with something of every kind."""
    with open_run(
        folder, experiment=folder.name, name="a", uri=uri, params={"lr": 0.1}, tags={"seed": "0"}, live=False
    ) as run:
        run.log_dataset(name="toy", digest="ab" * 32, source="/data", num_train=5, num_val=1, num_test=1)
        for step in range(NUM_METRICS):
            run.log_metrics({"loss": 1 / (step + 1), "accuracy": 0.5}, step=step)
        run.set_tag("note", "a")
        run.log_artifact("report.md", lambda place: place.write_text("in words"))
        run.log_model(write_network(folder / "model"))


def check_everything_is_there_once(folder: Path, uri: str) -> None:
    client = MlflowClient(uri)
    experiment = client.get_experiment_by_name(folder.name)
    assert experiment is not None
    [run] = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED"
    for key in ("loss", "accuracy"):
        steps = [metric.step for metric in client.get_metric_history(run.info.run_id, key)]
        assert steps == list(range(NUM_METRICS))
    assert run.data.params == {"lr": "0.1"}
    assert (run.data.tags["seed"], run.data.tags["note"]) == ("0", "a")
    assert run.inputs is not None
    assert len(run.inputs.dataset_inputs) == 1
    assert [file.path for file in client.list_artifacts(run.info.run_id)] == ["report.md"]
    [model] = client.search_logged_models([experiment.experiment_id])
    assert str(model.status) == "READY"
    assert run.outputs is not None
    assert [output.model_id for output in run.outputs.model_outputs] == [model.model_id]


def publish_through(proxy: LossyProxy, folder: Path) -> None:
    assert follow(folder, proxy.uri, wait=lambda seconds: True)


@pytest.fixture
def through(
    server: TrackingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_to_give_up: None
) -> Callable[[str, Callable[[str], bool]], LossyProxy]:
    """Publish a run, in an experiment of that name, while answers are lost; return the proxy that lost them."""
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)

    def through(name: str, loses: Callable[[str], bool]) -> LossyProxy:
        record(tmp_path / name, server.uri)
        with LossyProxy(server.port, loses) as proxy:
            publish_through(proxy, tmp_path / name)
        check_everything_is_there_once(tmp_path / name, server.uri)
        return proxy

    return through


def test_the_first_answer_of_every_endpoint(
    through: Callable[[str, Callable[[str], bool]], LossyProxy],
) -> None:
    proxy = through("every", lambda endpoint: True)
    assert proxy.lost == set(proxy.endpoints)
    assert len(proxy.lost) > 10


@pytest.mark.reliability
def test_the_first_answer_of_one_endpoint_after_the_other(
    through: Callable[[str, Callable[[str], bool]], LossyProxy],
) -> None:
    endpoints = dict.fromkeys(through("none", lambda endpoint: False).endpoints)
    for number, endpoint in enumerate(endpoints):
        print(endpoint)
        assert through(f"one {number}", lambda each, lost=endpoint: each == lost).lost == {endpoint}  # type: ignore[misc]
