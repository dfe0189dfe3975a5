"""The runs that a person names: by a folder, or by an id in MLflow."""

import re
from pathlib import Path

from scratchlab.tracking import PastRun, RunNotFoundError, read_runs, runs_by_id

RUN_ID = re.compile(r"[0-9a-f]{1,32}")


def named_runs(argument: str, uri: str) -> list[PastRun]:
    """Return the runs of training that an argument stands for: itself or, of a sweep, its runs.

    Args:
        argument: a folder, or the beginning of an id.
        uri: the tracking store that ids are looked up in.

    Raises:
        RunNotFoundError: it names no run.
        ConnectionError: the server does not answer.
        ValueError: `uri` is no store, or a journal is damaged.
    """
    if Path(argument).is_dir():
        runs = read_runs(Path(argument))
        if not runs:
            raise RunNotFoundError(
                f"{argument}: expected a folder with runs of train.py, but there are none in it"
            )
        return runs
    if RUN_ID.fullmatch(argument):
        return runs_by_id(uri, [argument])
    raise RunNotFoundError(
        f"{argument}: expected the folder of a run or a sweep under outputs/, or the id of a run in MLflow"
    )
