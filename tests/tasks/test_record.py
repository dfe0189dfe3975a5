import errno
import gzip
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from scratchlab.config.project import ROOT
from scratchlab.kernels import kernels_in_use
from scratchlab.tasks.record import Recorder
from scratchlab.tracking import JOURNAL, NullRun
from scratchlab.tracking.journal.records import Dataset, End, Metrics, Start, Status
from scratchlab.training import Trainer
from tests.composed import built
from tests.launched import Ended, launch

SECRET = "0.8642097531"


def flattened(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def written_config(run: Ended) -> dict[str, Any]:
    config = OmegaConf.to_container(OmegaConf.load(run.folder / "artifacts" / "config.yaml"))
    assert isinstance(config, dict)
    return {str(key): value for key, value in config.items()}


@pytest.mark.parametrize(
    ("failure", "code", "status"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 1, Status.FAILED),
        (KeyboardInterrupt(), 130, Status.KILLED),
    ],
)
def test_a_run_that_does_not_get_to_training_has_an_end_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int, status: Status
) -> None:
    def fail(config: object, path: Path) -> None:
        raise failure

    monkeypatch.setattr("scratchlab.tasks.record.OmegaConf.save", fail)
    ended = launch("train.py", "data=digits", "trainer.epochs=1", "hydra.output_subdir=null", cwd=tmp_path)
    assert ended.code == code
    assert [end.status for end in ended.of_kind(End)] == [status]
    assert not ended.of_kind(Metrics)


def test_the_parameters_are_the_whole_configuration_and_the_chosen_options(trained: Ended) -> None:
    [start] = trained.of_kind(Start)
    config = written_config(trained)
    expected = {key: value for key, value in flattened(config) if "._" not in key}
    options = {key: value for key, value in start.params.items() if key not in expected}
    assert {key: value for key, value in start.params.items() if key in expected} == expected
    assert options == {
        "augment": "none",
        "data": "digits",
        "loss": "cross_entropy",
        "model": "mlp",
        "optimizer": "adam",
        "regularization": "none",
        "schedule": "constant",
        "sweep": "grid",
        "tracking": "mlflow",
        "trainer": "default",
    }
    chosen = {
        "optimizer.lr": 0.01,
        "optimizer.beta1": 0.9,
        "model.hidden": [30, 20],
        "seed": 0,
        "tracking.uri": None,
    }
    assert chosen.items() <= start.params.items()
    assert not [key for key in start.params if "hydra" in key or "_target_" in key]


def test_what_tests_record_is_published_nowhere(trained: Ended) -> None:
    assert not (trained.folder / "publisher.log").exists()


def test_the_artifact_is_the_configuration_without_references(trained: Ended) -> None:
    config = written_config(trained)
    assert "${" not in str(config)
    assert config["model"]["dropout"] == config["regularization"]["dropout"] == 0.0
    assert config["model"]["_target_"] == "scratchlab.nn.mlp"
    assert "hydra" not in config


def test_the_tags_say_where_the_run_comes_from(trained: Ended) -> None:
    [start] = trained.of_kind(Start)
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    git = subprocess.run(command, capture_output=True, text=True, timeout=60)
    commit = git.stdout.strip() if git.returncode == 0 else None
    assert start.tags.get("mlflow.source.git.commit") == commit
    assert start.tags["mlflow.source.name"] == "train.py"
    assert start.tags["scratchlab.kind"] == "train"
    assert start.tags["scratchlab.seed"] == "0"
    assert start.tags["scratchlab.kernels"] == kernels_in_use()
    assert start.tags["scratchlab.overrides"] == (
        "data=digits data.preprocessing=subtract_mean 'model.hidden=[30,20]' schedule=constant optimizer=adam "
        "optimizer.lr=0.01 regularization.l2=1e-4 trainer.epochs=6 trainer.batch_size=50"
    )
    assert start.name == (
        "data=digits preprocessing=subtract_mean hidden=[30,20] schedule=constant optimizer=adam "
        "lr=0.01 l2=1e-4 epochs=6 batch_size=50"
    )
    assert start.experiment == "scratchlab"
    assert start.uri == f"sqlite:///{ROOT}/mlruns/mlflow.db"
    assert start.parent is None


def test_the_data_set_is_recorded_with_its_digest(trained: Ended, digits_file: Path) -> None:
    digest = hashlib.sha256(gzip.decompress(digits_file.read_bytes())).hexdigest()
    assert trained.of_kind(Dataset) == [
        Dataset("digits", digest, str(digits_file.parent), num_train=1137, num_val=300, num_test=360)
    ]


@pytest.mark.usefixtures("no_figures")
def test_a_run_can_be_given_its_name_experiment_and_store(tmp_path: Path) -> None:
    tracking = ("tracking.name='my run'", "tracking.experiment=mine", "tracking.uri=sqlite:///mine.db")
    ended = launch("train.py", "data=digits", "trainer.max_steps=1", *tracking, cwd=tmp_path)
    [start] = ended.of_kind(Start)
    assert (start.name, start.experiment, start.uri) == ("my run", "mine", f"sqlite:///{tmp_path}/mine.db")


def test_with_tracking_off_nothing_is_recorded(tmp_path: Path) -> None:
    ended = launch("train.py", "data=digits", "trainer.max_steps=1", "tracking=off", cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert not list(tmp_path.rglob(JOURNAL))
    assert not list(tmp_path.rglob("artifacts"))
    assert ended.stdout.splitlines()[-1].startswith("test   ")


@pytest.mark.usefixtures("no_figures")
def test_what_comes_from_the_environment_is_written_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    overrides = [
        'optimizer.momentum="${oc.decode:${oc.env:TOKEN}}"',
        "tracking.uri=http://user:${oc.env:TOKEN}@127.0.0.1:9",
    ]
    ended = launch("train.py", "data=digits", "trainer.max_steps=1", *overrides, cwd=tmp_path)
    assert ended.code == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {JOURNAL, "config.yaml", "overrides.yaml", "network.json", "report.md"} <= {
        path.name for path in files
    }
    secret = SECRET.encode()
    assert [path for path in files if secret in path.read_bytes()] == []
    assert SECRET not in ended.stdout + ended.stderr
    [start] = ended.of_kind(Start)
    assert start.params["optimizer.momentum"] == "${oc.decode:${oc.env:TOKEN}}"
    assert start.uri == "http://127.0.0.1:9"


class SeenRun(NullRun):
    def __init__(self) -> None:
        self.recorded: list[tuple[int, dict[str, float]]] = []

    def log_metrics(self, values: dict[str, float], *, step: int) -> None:  # type: ignore[override]
        self.recorded.append((step, dict(values)))


def test_the_learning_rate_is_that_of_the_epochs_last_step() -> None:
    run = SeenRun()
    parts = built("schedule=inverse_t", "schedule.decay_steps=1", "optimizer.lr=0.6")
    trainer: Trainer = parts.trainer()
    trainer.epoch, trainer.step = 2, 3
    Recorder(run).on_step_end(trainer, 0.25)
    Recorder(run).on_epoch_end(trainer, {"val/accuracy": 0.5})
    step, epoch = run.recorded
    assert step == (3, {"train/step_loss": 0.25})
    assert epoch == (2, {"val/accuracy": 0.5, "train/lr": pytest.approx(0.6 / (1 + 2))})
