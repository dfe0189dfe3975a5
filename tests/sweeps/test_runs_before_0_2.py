"""Runs that were made before fingerprints had a version, by the code of commit 66ffb1a."""

import json
from pathlib import Path

from scratchlab.tracking.store.client import connect
from scratchlab.tracking.store.uri import embedded_uri
from tests.launched import launch

RUNS = json.loads(Path(__file__).with_name("runs_before_0_2.json").read_text())


def test_a_sweep_reuses_them(tmp_path: Path, settings_of_mlflow: None) -> None:
    uri = embedded_uri(tmp_path)
    client = connect(uri)
    experiment = client.create_experiment("old")
    for run in RUNS:
        made = client.create_run(experiment, tags=run["tags"], run_name=run["name"]).info.run_id
        for key, value in run["metrics"].items():
            client.log_metric(made, key, value)
        client.set_terminated(made, run["status"])
    swept = launch(
        *("train.py", "-m", "data=digits", "trainer.max_steps=1", "model.hidden=4,5", "schedule=inverse_t"),
        *("regularization.ema_decay=0.9", f"tracking.uri={uri}", "tracking.experiment=old"),
        cwd=tmp_path,
    )
    assert swept.code == 0
    assert "2 runs: 2 had finished before" in swept.stdout
    assert "17.00 %" in swept.stdout
