import json
import warnings
from pathlib import Path

import mlflow
import pytest

from scratchlab.tracking import open_run, save_table
from scratchlab.tracking.publish.command import publish

ROWS: list[list[float | str | None]] = [
    [1, "relu", 1e-3, 0.75, "ab"],
    [2, "tanh", float("nan"), float("inf"), None],
]


@pytest.mark.system
def test_mlflow_reads_the_table_like_one_of_its_own(
    tmp_path: Path, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_run(
        tmp_path / "run", experiment="mnist", name="sweep", uri=uri, params={}, tags={}, live=False
    ) as run:
        save_table(run, "leaderboard.json", ["rank", "activation", "lr", "val_accuracy", "run_id"], ROWS)
    published = publish(tmp_path / "run")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)  # a part of MLflow's client asks for nothing else
    table = mlflow.MlflowClient(uri).load_table(
        published.experiment_id, "leaderboard.json", [published.run_id], extra_columns=["run_id"]
    )
    assert list(table["activation"]) == ["relu", "tanh"]
    assert list(table["rank"]) == [1, 2]
    assert table["lr"][0] == 1e-3
    assert table[["lr", "val_accuracy"]].isna().to_numpy().tolist() == [[False, False], [True, True]]


def test_the_table_is_written_and_tagged_as_mlflow_does_itself(tmp_path: Path, uri: str) -> None:
    client = mlflow.MlflowClient(uri)
    own = client.create_run("0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas about the way MLflow uses it
        client.log_table(own.info.run_id, {"a": [1.5, float("nan")], "b": ["x", None]}, "table.json")
    with open_run(
        tmp_path / "run", experiment="e", name="n", uri=uri, params={}, tags={}, live=False
    ) as recorded:
        save_table(recorded, "table.json", ["a", "b"], [[1.5, "x"], [float("nan"), None]])
    ours = client.get_run(publish(tmp_path / "run").run_id)
    tag = "mlflow.loggedArtifacts"
    assert ours.data.tags[tag] == client.get_run(own.info.run_id).data.tags[tag]
    own_table, our_table = (
        json.loads(Path(client.download_artifacts(run.info.run_id, "table.json", str(tmp_path))).read_text())
        for run in (own, ours)
    )
    assert own_table == our_table
