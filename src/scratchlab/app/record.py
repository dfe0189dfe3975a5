"""What is recorded of a run: its configuration when it starts, its losses and metrics while it trains."""

import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from scratchlab.app.parts import part
from scratchlab.app.project import ROOT
from scratchlab.app.resumed_run import KERNELS, resumed_run
from scratchlab.app.signature import signature
from scratchlab.arguments import flag
from scratchlab.data import Dataset
from scratchlab.kernels import kernels_in_use
from scratchlab.tracking import (
    JOURNAL,
    SIGNATURE,
    Run,
    StoppedError,
    embedded_uri,
    open_run,
    read_journal,
    read_run,
    read_start,
    run_folders,
    signals_held_back,
)
from scratchlab.tracking.records import Resumed, Start, Status
from scratchlab.tracking.uri import without_credentials
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
    `check`. With `resume` it is the run that is in the folder already.

    Raises:
        ArgumentError: the run to resume cannot be.
        StoppedError: so many runs of the sweep have failed that no further one is to start.
    """
    if _parent() is not None:
        _demand_hope(config)
    recorded = recorded_config(config)
    with ExitStack() as undone:
        with signals_held_back():  # a run that has begun is going to end, too
            run = undone.push(_begun(config, recorded, signature(kind, recorded, dataset.digest), kind=kind))
        run.save("config.yaml", lambda path: OmegaConf.save(OmegaConf.create(recorded), path))
        record_dataset(run, dataset)
        undone.pop_all()
    return run


def record_dataset(run: Run, dataset: Dataset) -> None:
    """Record what a run learns from and is tested on."""
    run.dataset(
        name=dataset.name,
        digest=dataset.digest,
        source=str(dataset.source),
        num_train=len(dataset.train),
        num_val=len(dataset.val),
        num_test=len(dataset.test),
    )


def _begun(config: DictConfig, recorded: Mapping[str, Any], digest: str, *, kind: str) -> Run:
    """Return a new run, or the one in the folder that goes on."""
    params = chosen_options() | dict(_flat(recorded))
    if config.resume is not None:
        return resumed_run(run_folder(), uri=store_uri(config.tracking.uri), params=params, signature=digest)
    parent = _parent()
    run: Run = part(
        config.tracking,
        folder=run_folder(),
        default_name=own_name(kind=kind),
        params=params,
        tags={
            "scratchlab.kind": kind,
            "scratchlab.seed": str(config.seed),
            "scratchlab.overrides": shlex.join(typed_overrides()),
            KERNELS: kernels_in_use(),
            SIGNATURE: digest,
        },
        parent=None if parent is None else parent.run_uuid,
    )
    return run


def run_signature(config: DictConfig, dataset: Dataset, *, kind: str) -> str:
    """Return the digest that runs with the same result share."""
    return signature(kind, recorded_config(config), dataset.digest)


def mlflow_run(
    *,
    uri: str | None,
    experiment: str,
    name: str | None,
    require: bool,
    folder: Path,
    default_name: str,
    params: Mapping[str, object],
    tags: Mapping[str, str],
    parent: str | None = None,
) -> Run:
    """Start a run that is recorded in `folder` and published to MLflow: `tracking=mlflow`.

    What publishes a parent publishes its children.
    """
    flag(require=require)
    return open_run(
        folder,
        experiment=experiment,
        name=default_name if name is None else name,
        uri=store_uri(uri),
        params=params,
        tags=tags,
        parent=parent,
        live=parent is None,
        require=require,
    )


def is_child() -> bool:
    """Tell whether this run is one of a sweep."""
    return HydraConfig.initialized() and HydraConfig.get().mode is RunMode.MULTIRUN


def runs_alone() -> bool:
    """Tell whether this process is the one that a person started, and not one of several workers of a sweep."""
    return not HydraConfig.initialized() or HydraConfig.get().runtime.choices["hydra/launcher"] == "basic"


def own_name(*, kind: str) -> str:
    """Return the name of this run: of one of a sweep what distinguishes it from the others."""
    parent, overrides = _parent(), typed_overrides()
    varied = overrides if parent is None else [each for each in overrides if key_of(each) in parent.params]
    return run_name(varied, kind=kind)


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
    written.pop("resume", None)  # how the run was started, not what it is
    shielded = OmegaConf.create(_shielded(written))
    recorded = OmegaConf.to_container(shielded, resolve=True)
    assert isinstance(recorded, dict)
    return {str(key): value for key, value in recorded.items()}


def run_name(overrides: list[str], *, kind: str) -> str:
    """Return a run's name, what distinguishes it: `optimizer=adam hidden=500`, `check hidden=500`."""
    names = [
        f"{key_of(override).rpartition('.')[2]}={override.partition('=')[2]}"
        for override in overrides
        if not key_of(override).startswith(("tracking", "sweep"))
    ]
    shown = " ".join(names) or "defaults"
    return shown if kind == "train" else f"{kind} {shown}"


def store_uri(uri: str | None) -> str:
    """Return the tracking store that `tracking.uri` names, the embedded one where it names none."""
    return embedded_uri(ROOT) if uri is None else uri


def key_of(override: str) -> str:
    """Return the key that an override sets."""
    return override.lstrip("+").partition("=")[0]


def _parent() -> Start | None:
    """Return how the run of the sweep started that this process works on, None outside of a sweep."""
    hydra = HydraConfig.get()
    folder = Path(hydra.sweep.dir)
    if hydra.mode is not RunMode.MULTIRUN or not (folder / JOURNAL).exists():
        return None
    return read_start(folder)


def max_failures(config: DictConfig) -> int | None:
    """Return the number of failed runs after which a sweep starts no further one, None for no end."""
    limit: int | None = 1 if config.sweep.fail_fast else config.sweep.max_failures
    return limit


def _demand_hope(config: DictConfig) -> None:
    """Start no further run of a sweep in which too many have failed, wherever its runs are started."""
    limit = max_failures(config)
    if limit is None:
        return
    folder = Path(HydraConfig.get().sweep.dir)
    # What failed before the sweep was continued is tried again.
    begun_ms = max(each.time_ms for each in read_journal(folder) if isinstance(each, Start | Resumed))
    runs = [each for each in run_folders(folder) if each != folder and read_start(each).time_ms >= begun_ms]
    failed = sum(read_run(each).status == Status.FAILED for each in runs)
    if failed >= limit:
        raise StoppedError(f"not started: failed so far: {failed}")


def _shielded(value: Any) -> Any:
    """Escape interpolations of environment variables, so that resolving leaves them as they are written.

    Passwords in URIs that a configuration file holds are left out.
    """
    if isinstance(value, dict):
        return {key: _shielded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shielded(item) for item in value]
    if isinstance(value, str) and _ENVIRONMENT.search(value):
        return value.replace("${", "\\${")
    return without_credentials(value) if isinstance(value, str) else value


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values by their dotted keys, without what only Hydra reads."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif not key.startswith("_"):
            yield f"{prefix}{key}", value
