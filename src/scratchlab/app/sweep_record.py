"""What is recorded of a sweep, and what the tracking store knows of it and of its runs already."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from omegaconf import DictConfig

from scratchlab.app.parts import part
from scratchlab.app.plan import Plan
from scratchlab.app.record import key_of, recorded_config, store_uri
from scratchlab.app.signature import signature
from scratchlab.app.values import short_names
from scratchlab.tracking import (
    JOURNAL,
    SIGNATURE,
    PastRun,
    Run,
    read_run,
    read_start,
    resume_run,
    signed_runs,
)
from scratchlab.tracking.records import Status

FOLDER = "scratchlab.folder"
"""The tag of a sweep with its folder: where the same command goes on with it."""


def sweep_name(plan: Plan) -> str:
    """Return the name of a sweep, what it varies: `sweep over hidden lr`."""
    shown = " ".join(short_names(list(plan.varied)).values())
    return f"sweep over {shown}" if shown else "sweep"


def start_sweep(
    config: DictConfig,
    plan: Plan,
    *,
    folder: Path,
    overrides: Sequence[str],
    signature: str,
    resume: bool,
) -> Run:
    """Start the run that the runs of a sweep are children of, or go on with it where it is in `folder` already.

    Its parameters are the values that its runs take.
    """
    if resume:
        return resume_run(folder, uri=store_uri(config.tracking.uri))
    run: Run = part(
        config.tracking,
        folder=folder,
        default_name=sweep_name(plan),
        params=plan.varied,
        tags={
            "scratchlab.kind": "sweep",
            "scratchlab.overrides": shlex.join(overrides),
            SIGNATURE: signature,
            FOLDER: str(folder),
        },
    )
    return run


def sweep_signature(config: DictConfig, plan: Plan, overrides: Sequence[str], *, kind: str) -> str:
    """Return the digest that sweeps with the same plan share, however many runs of it they make."""
    relevant = sorted(each for each in overrides if not key_of(each).startswith(("tracking", "sweep")))
    return signature(f"sweep of {kind}", recorded_config(config), relevant, plan.identity)


def is_recorded(config: DictConfig) -> bool:
    """Tell whether runs leave a record."""
    return "experiment" in config.tracking


def finished_runs(config: DictConfig, signatures: Iterable[str]) -> dict[str, PastRun]:
    """Return the finished runs that the tracking store has of these signatures."""
    if not is_recorded(config):
        return {}
    return signed_runs(
        store_uri(config.tracking.uri), config.tracking.experiment, signatures, status=Status.FINISHED
    )


def earlier_sweep(config: DictConfig, signature: str) -> Path | None:
    """Return the folder of the last sweep with this signature, where it is still there and no process is at it."""
    if not is_recorded(config):
        return None
    try:
        found = signed_runs(store_uri(config.tracking.uri), config.tracking.experiment, [signature])
    except ConnectionError:
        return None
    if signature not in found:
        return None
    folder = Path(found[signature].tags.get(FOLDER, ""))
    if not (folder / JOURNAL).exists() or read_run(folder).status == "RUNNING":
        return None
    return folder if read_start(folder).tags.get(SIGNATURE) == signature else None
