"""What is recorded of a run: its configuration when it starts, its losses and metrics while it trains."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from scratchlab.app.parts import part
from scratchlab.app.project import ROOT
from scratchlab.data import Dataset
from scratchlab.tracking import Run, embedded_uri, open_run
from scratchlab.training import Callback, Trainer

_ENVIRONMENT = re.compile(r"\$\{\s*oc\.env\s*:")


class Recorder(Callback):
    """Records the loss of every step, the metrics of every epoch, and the learning rate at its end."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def on_step(self, trainer: Trainer, loss: float) -> None:
        """Record a step's loss."""
        self._run.metrics({"train/step_loss": loss}, step=trainer.step)

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Record an epoch's metrics."""
        self._run.metrics({**metrics, "train/lr": trainer.schedule(trainer.step - 1)}, step=trainer.epoch)


def start_run(config: DictConfig, *, kind: str) -> Run:
    """Start the run that the group `tracking` describes, with all of the configuration on record.

    `kind` is a tag that tells runs of different apps apart: `train` or `check`.
    """
    return part(config.tracking, config=config, kind=kind)


def mlflow_run(*, config: DictConfig, kind: str, uri: str | None, experiment: str, name: str | None) -> Run:
    """Start a run that is recorded in Hydra's output folder and published to MLflow: `tracking=mlflow`."""
    recorded = recorded_config(config)
    overrides = typed_overrides()
    run = open_run(
        run_folder(),
        experiment=experiment,
        name=run_name(overrides, kind=kind) if name is None else name,
        uri=embedded_uri(ROOT) if uri is None else uri,
        params=chosen_options() | dict(_flat(recorded)),
        tags={
            "scratchlab.kind": kind,
            "scratchlab.seed": str(config.seed),
            "scratchlab.overrides": " ".join(overrides),
        },
    )
    run.save("config.yaml", lambda path: OmegaConf.save(OmegaConf.create(recorded), path))
    return run


def record_dataset(run: Run, dataset: Dataset) -> None:
    """Record which data a run was made with."""
    run.dataset(
        name=dataset.name,
        digest=dataset.digest,
        source=str(dataset.source),
        num_train=len(dataset.train),
        num_val=len(dataset.val),
        num_test=len(dataset.test),
    )


def run_folder() -> Path:
    """Return the folder that everything of this run goes into."""
    return Path(HydraConfig.get().runtime.output_dir)


def chosen_options() -> dict[str, str]:
    """Return the option that was chosen of each group: `{"optimizer": "adam", ...}`."""
    return {
        group: str(option)
        for group, option in HydraConfig.get().runtime.choices.items()
        if not group.startswith("hydra/") and option is not None
    }


def typed_overrides() -> list[str]:
    """Return the overrides of the command line, unresolved: what comes from the environment may be a secret."""
    typed = OmegaConf.to_container(HydraConfig.get().overrides.task)
    assert isinstance(typed, list)
    return [str(override) for override in typed]


def recorded_config(config: DictConfig) -> dict[str, Any]:
    """Return the configuration resolved, except for what comes from the environment: that may be a secret."""
    shielded = OmegaConf.create(_shielded(OmegaConf.to_container(config)))
    recorded = OmegaConf.to_container(shielded, resolve=True)
    assert isinstance(recorded, dict)
    return {str(key): value for key, value in recorded.items()}


def run_name(overrides: list[str], *, kind: str) -> str:
    """Return a run's name, what distinguishes it: `optimizer=adam hidden=500`, `check hidden=500`."""
    changes = [override.lstrip("+").partition("=") for override in overrides]
    names = [
        f"{key.rpartition('.')[2]}={value}" for key, _, value in changes if not key.startswith("tracking")
    ]
    shown = " ".join(names) or "defaults"
    return shown if kind == "train" else f"{kind} {shown}"


def _shielded(value: Any) -> Any:
    """Escape interpolations of environment variables, so that resolving leaves them as they are written."""
    if isinstance(value, dict):
        return {key: _shielded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shielded(item) for item in value]
    if isinstance(value, str) and _ENVIRONMENT.search(value):
        return value.replace("${", "\\${")
    return value


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values by their dotted keys, without what only Hydra reads."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif not key.startswith("_"):
            yield f"{prefix}{key}", value
