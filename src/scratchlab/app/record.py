"""What is recorded of a run: its configuration when it starts, its losses and metrics while it trains."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from scratchlab.app.parts import part
from scratchlab.app.project import ROOT
from scratchlab.app.signature import signature
from scratchlab.data import Dataset
from scratchlab.tracking import (
    JOURNAL,
    SIGNATURE,
    FinishedRun,
    Run,
    embedded_uri,
    finished_runs,
    open_run,
    read_start,
)
from scratchlab.tracking.records import Start
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


def start_run(config: DictConfig, dataset: Dataset, *, kind: str) -> Run:
    """Start the run that the group `tracking` describes, with its configuration and its data set on record.

    In a sweep it is a child of the sweep's run. `kind` is a tag that tells runs of different apps apart: `train` or
    `check`.
    """
    recorded, overrides, parent = recorded_config(config), typed_overrides(), _parent()
    identity = {SIGNATURE: signature(recorded, dataset)} if kind == "train" else {}
    varied = overrides if parent is None else [each for each in overrides if _key(each) in parent.params]
    run: Run = part(
        config.tracking,
        folder=run_folder(),
        default_name=run_name(varied, kind=kind),
        params=chosen_options() | dict(_flat(recorded)),
        tags={
            "scratchlab.kind": kind,
            "scratchlab.seed": str(config.seed),
            "scratchlab.overrides": shlex.join(overrides),
            **identity,
        },
        parent=None if parent is None else parent.run_uuid,
    )
    run.save("config.yaml", lambda path: OmegaConf.save(OmegaConf.create(recorded), path))
    run.dataset(
        name=dataset.name,
        digest=dataset.digest,
        source=str(dataset.source),
        num_train=len(dataset.train),
        num_val=len(dataset.val),
        num_test=len(dataset.test),
    )
    return run


def start_sweep(
    config: DictConfig,
    *,
    folder: Path,
    name: str,
    varied: Mapping[str, Sequence[str]],
    overrides: Sequence[str],
) -> Run:
    """Start the run that the runs of a sweep are children of; its parameters are the values they take."""
    run: Run = part(
        config.tracking,
        folder=folder,
        default_name=name,
        params={key: ",".join(values) for key, values in varied.items()},
        tags={"scratchlab.kind": "sweep", "scratchlab.overrides": shlex.join(overrides)},
    )
    return run


def run_signature(config: DictConfig, dataset: Dataset) -> str:
    """Return the digest that runs with the same result share."""
    return signature(recorded_config(config), dataset)


def recorded_runs(config: DictConfig, signatures: Iterable[str]) -> dict[str, FinishedRun]:
    """Return the finished runs that the tracking store has of these signatures."""
    if "experiment" not in config.tracking:
        return {}
    return finished_runs(_store(config.tracking.uri), config.tracking.experiment, signatures)


def mlflow_run(
    *,
    uri: str | None,
    experiment: str,
    name: str | None,
    folder: Path,
    default_name: str,
    params: Mapping[str, object],
    tags: Mapping[str, str],
    parent: str | None = None,
) -> Run:
    """Start a run that is recorded in `folder` and published to MLflow: `tracking=mlflow`.

    What publishes a parent publishes its children.
    """
    return open_run(
        folder,
        experiment=experiment,
        name=default_name if name is None else name,
        uri=_store(uri),
        params=params,
        tags=tags,
        parent=parent,
        live=parent is None,
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
    written = OmegaConf.to_container(config)
    assert isinstance(written, dict)
    written.pop("hydra", None)  # is there before a run of a sweep starts
    shielded = OmegaConf.create(_shielded(written))
    recorded = OmegaConf.to_container(shielded, resolve=True)
    assert isinstance(recorded, dict)
    return {str(key): value for key, value in recorded.items()}


def run_name(overrides: list[str], *, kind: str) -> str:
    """Return a run's name, what distinguishes it: `optimizer=adam hidden=500`, `check hidden=500`."""
    names = [
        f"{_key(override).rpartition('.')[2]}={override.partition('=')[2]}"
        for override in overrides
        if not _key(override).startswith(("tracking", "sweep"))
    ]
    shown = " ".join(names) or "defaults"
    return shown if kind == "train" else f"{kind} {shown}"


def _store(uri: str | None) -> str:
    """Return the tracking store that `tracking.uri` names, the embedded one where it names none."""
    return embedded_uri(ROOT) if uri is None else uri


def _key(override: str) -> str:
    return override.lstrip("+").partition("=")[0]


def _parent() -> Start | None:
    """Return how the run of the sweep started that this process works on, None outside of a sweep."""
    hydra = HydraConfig.get()
    folder = Path(hydra.sweep.dir)
    if hydra.mode is not RunMode.MULTIRUN or not (folder / JOURNAL).exists():
        return None
    return read_start(folder)


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
