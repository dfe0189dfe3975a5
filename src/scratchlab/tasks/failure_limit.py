"""The number of failed runs after which a sweep starts no further one."""

from omegaconf import DictConfig

from scratchlab.config.invocation import sweep_folder
from scratchlab.tracking import StoppedError, read_journal, read_run, read_start, run_folders
from scratchlab.tracking.journal.records import Resumed, Start, Status


def max_failures(config: DictConfig) -> int | None:
    """Return the number of failed runs after which a sweep starts no further one, None for no end."""
    limit: int | None = 1 if config.sweep.fail_fast else config.sweep.max_failures
    return limit


def demand_few_failures(config: DictConfig) -> None:
    """Start no further run of a sweep in which too many have failed, wherever its runs are started.

    Raises:
        StoppedError: too many have failed.
    """
    limit = max_failures(config)
    if limit is None:
        return
    folder = sweep_folder()
    # What failed before the sweep was continued is tried again.
    begun_ms = max(each.time_ms for each in read_journal(folder) if isinstance(each, Start | Resumed))
    runs = [each for each in run_folders(folder) if each != folder and read_start(each).time_ms >= begun_ms]
    failed = sum(read_run(each).status == Status.FAILED for each in runs)
    if failed >= limit:
        raise StoppedError(f"not started: failed so far: {failed}")
