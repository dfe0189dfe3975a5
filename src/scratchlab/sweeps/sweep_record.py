"""What is recorded of a sweep, and what the tracking store knows of it and of its runs already."""

import shlex
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from omegaconf import DictConfig

from scratchlab.config.build import part
from scratchlab.config.fingerprint import fingerprint
from scratchlab.config.overrides import short_names
from scratchlab.config.project import store_uri
from scratchlab.config.recorded import recorded_config
from scratchlab.config.run_name import key_of
from scratchlab.sweeps.plan import Plan
from scratchlab.tracking import (
    FINGERPRINT,
    FOLDER,
    JOURNAL,
    KIND,
    OVERRIDES,
    Fingerprint,
    PastRun,
    Run,
    read_run,
    read_start,
    resume_run,
    runs_by_fingerprint,
)
from scratchlab.tracking.journal.records import RUNNING, Start, Status


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
    fingerprint: Fingerprint,
    resume: bool,
) -> Run:
    """Start the run that the runs of a sweep are children of, or go on with it where it is in `folder` already.

    Its parameters are the values that its runs take.
    """
    if resume:
        return resume_run(folder, uri=store_uri(config.tracking.uri), require=config.tracking.require)
    run: Run = part(
        config.tracking,
        folder=folder,
        default_name=sweep_name(plan),
        params=plan.varied,
        tags={
            KIND: "sweep",
            OVERRIDES: shlex.join(overrides),
            FINGERPRINT: fingerprint.digest,
        },
    )
    return run


def sweep_fingerprint(config: DictConfig, plan: Plan, overrides: Sequence[str], *, kind: str) -> Fingerprint:
    """Return the fingerprint that sweeps with the same plan share, however many runs of it they make."""
    relevant = sorted(each for each in overrides if not key_of(each).startswith(("tracking", "sweep")))
    return fingerprint(f"sweep of {kind}", recorded_config(config), relevant, plan.identity)


def is_recorded(config: DictConfig) -> bool:
    """Tell whether runs leave a record."""
    return "experiment" in config.tracking


def finished_runs(config: DictConfig, fingerprints: Iterable[Fingerprint]) -> dict[str, PastRun]:
    """Return the finished runs that the tracking store has of these fingerprints."""
    if not is_recorded(config):
        return {}
    return runs_by_fingerprint(
        store_uri(config.tracking.uri), config.tracking.experiment, fingerprints, status=Status.FINISHED
    )


def earlier_sweep(config: DictConfig, fingerprint: Fingerprint, *, folder: Path) -> Path | None:
    """Return the folder of the last sweep with this fingerprint, where it is still there and no process is at it.

    It is looked for beside `folder`, where a new sweep would be, and then in the tracking store, which knows of other
    places; but it hears of a sweep seconds after its start, and may not answer.
    """
    if not is_recorded(config):
        return None
    found = _sweep_beside(folder, fingerprint) or _sweep_in_store(config, fingerprint)
    return None if found is None or read_run(found).status == RUNNING else found


def _sweep_beside(folder: Path, fingerprint: Fingerprint) -> Path | None:
    starts: dict[Path, Start] = {}
    for journal in folder.parent.parent.glob(f"*/*/{JOURNAL}"):
        with suppress(ValueError):  # a run that was killed before it could record anything
            starts[journal.parent] = read_start(journal.parent)
    sweeps = [each for each, start in starts.items() if fingerprint.is_of(start.tags)]
    return max(sweeps, key=lambda each: starts[each].time_ms, default=None)


def _sweep_in_store(config: DictConfig, fingerprint: Fingerprint) -> Path | None:
    try:
        found = runs_by_fingerprint(store_uri(config.tracking.uri), config.tracking.experiment, [fingerprint])
    except ConnectionError:
        return None
    if fingerprint.digest not in found:
        return None
    folder = Path(found[fingerprint.digest].tags.get(FOLDER, ""))
    is_there = (folder / JOURNAL).exists() and fingerprint.is_of(read_start(folder).tags)
    return folder if is_there else None
