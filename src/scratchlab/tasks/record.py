"""What is recorded of a run: its configuration when it starts, its losses and metrics while it trains."""

import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from scratchlab.arguments import flag
from scratchlab.config.build import part
from scratchlab.config.fingerprint import fingerprint
from scratchlab.config.invocation import chosen_options, run_folder, sweep_start, typed_overrides
from scratchlab.config.project import store_uri
from scratchlab.config.recorded import flat, recorded_config
from scratchlab.config.run_name import own_name
from scratchlab.data import Dataset
from scratchlab.kernels import kernels_in_use
from scratchlab.tasks.failure_limit import demand_few_failures
from scratchlab.tasks.resumed_run import KERNELS, resumed_run
from scratchlab.tracking import FINGERPRINT, KIND, OVERRIDES, Fingerprint, Run, open_run, signals_held_back
from scratchlab.training import Callback, Trainer


class Recorder(Callback):
    """Records the loss of every step, the metrics of every epoch, and the learning rate at its end."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """Record a step's loss."""
        self._run.log_metrics({"train/step_loss": loss}, step=trainer.step)

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Record an epoch's metrics."""
        self._run.log_metrics({**metrics, "train/lr": trainer.schedule(trainer.step - 1)}, step=trainer.epoch)


def start_run(config: DictConfig, dataset: Dataset, *, kind: str) -> Run:
    """Start the run that the group `tracking` describes, with its configuration and its data set on record.

    In a sweep it is a child of the sweep's run. `kind` is a tag that tells runs of different apps apart: `train` or
    `check`. With `resume` it is the run that is in the folder already.

    Raises:
        ArgumentError: the run to resume cannot be.
        StoppedError: so many runs of the sweep have failed that no further one is to start.
    """
    if sweep_start() is not None:
        demand_few_failures(config)
    recorded = recorded_config(config)
    with ExitStack() as undone:
        with signals_held_back():  # a run that has begun is going to end, too
            run = undone.push(
                _begun(config, recorded, fingerprint(kind, recorded, dataset.digest), kind=kind)
            )
        run.log_artifact("config.yaml", lambda path: OmegaConf.save(OmegaConf.create(recorded), path))
        record_dataset(run, dataset)
        undone.pop_all()
    return run


def record_dataset(run: Run, dataset: Dataset) -> None:
    """Record what a run learns from and is tested on."""
    run.log_dataset(
        name=dataset.name,
        digest=dataset.digest,
        source=str(dataset.source),
        num_train=len(dataset.train),
        num_val=len(dataset.val),
        num_test=len(dataset.test),
    )


def _begun(config: DictConfig, recorded: Mapping[str, Any], identity: Fingerprint, *, kind: str) -> Run:
    """Return a new run, or the one in the folder that goes on."""
    params = chosen_options() | dict(flat(recorded))
    if config.resume is not None:
        return resumed_run(
            run_folder(), uri=store_uri(config.tracking.uri), params=params, fingerprint=identity
        )
    parent = sweep_start()
    run: Run = part(
        config.tracking,
        folder=run_folder(),
        default_name=own_name(kind=kind),
        params=params,
        tags={
            KIND: kind,
            "scratchlab.seed": str(config.seed),
            OVERRIDES: shlex.join(typed_overrides()),
            KERNELS: kernels_in_use(),
            FINGERPRINT: identity.digest,
        },
        parent=None if parent is None else parent.run_uuid,
    )
    return run


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
