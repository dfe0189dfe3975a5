"""`resume=FOLDER`: the command line that an interrupted run was started with, once more, in the folder of that run."""

import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scratchlab.arguments import ArgumentError
from scratchlab.config.overrides import quoted
from scratchlab.tracking import JOURNAL, KIND, OVERRIDES, read_run, read_start
from scratchlab.tracking.journal.records import Start, Status

KEY = "resume"
OUTPUTS = Path("outputs")
SCRIPT = "mlflow.source.name"
"""The tag with the script that a run was started with."""


def resumed(overrides: Sequence[str], *, is_sweep: bool) -> list[str]:
    """Return the overrides that those typed stand for: where `resume` is among them, those of the run that it names.

    Raises:
        ArgumentError: there is no such run, it has finished, or something else was typed beside it.
    """
    typed = [each for each in overrides if each.startswith(f"{KEY}=") and each != f"{KEY}=null"]
    if not typed:
        return list(overrides)
    name = typed[0].removeprefix(f"{KEY}=").strip("'\"")
    others = [each for each in overrides if each != typed[0]]
    if others or is_sweep:
        beside = " ".join(["-m"] * is_sweep + others)
        raise ArgumentError(
            KEY, name, f"nothing beside it, found {beside}: a run goes on as it was configured"
        )
    folder = (_last() if name == "last" else Path(name)).absolute()
    started = shlex.split(_interrupted(name, folder).tags[OVERRIDES])
    place = quoted(folder)
    # What Hydra wrote into the folder when the run was started stays as it is.
    return [*started, f"{KEY}={place}", f"hydra.run.dir={place}", "hydra.output_subdir=null"]


def _last() -> Path:
    """Return the folder of the run that was started last by this script, in the folders that Hydra makes here."""
    starts: dict[Path, Start] = {}
    for journal in OUTPUTS.glob(f"*/*/{JOURNAL}"):
        with suppress(ValueError):  # a journal that was left before it began
            starts[journal.parent] = read_start(journal.parent)
    own = {
        folder: start.time_ms
        for folder, start in starts.items()
        if start.tags.get(SCRIPT) == _script() and not _is_of_a_sweep(start)
    }
    if not own:
        raise ArgumentError(KEY, "last", f"a run in {OUTPUTS.absolute()}, where there is none")
    return max(own, key=own.__getitem__)


def _interrupted(name: str, folder: Path) -> Start:
    """Return how the run in a folder was started, which has to be a single one of this script that has not finished."""
    try:
        start = read_start(folder)
    except OSError:
        expected = (
            f"last, or the folder of a run such as outputs/2026-11-25/12-00-00-000000; there is no {JOURNAL}"
        )
        raise ArgumentError(KEY, name, f"{expected} in {folder}") from None
    except ValueError as error:
        raise ArgumentError(KEY, name, f"a run that had begun ({error})") from None
    if _is_of_a_sweep(start):
        raise ArgumentError(
            KEY, name, "a single run; the command of a sweep, typed again, goes on with the sweep"
        )
    if start.tags.get(SCRIPT) != _script():
        raise ArgumentError(KEY, name, f"a run of {_script()}, this is one of {start.tags.get(SCRIPT)}")
    if read_run(folder).status == Status.FINISHED:
        raise ArgumentError(KEY, name, f"a run that was interrupted; {folder} has finished")
    return start


def _is_of_a_sweep(start: Start) -> bool:
    return start.parent is not None or start.tags[KIND] == "sweep"


def _script() -> str:
    return Path(sys.argv[0]).name
