"""An interrupted run that goes on, once it is certain to be the same run."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from scratchlab.arguments import ArgumentError
from scratchlab.kernels import kernels_in_use
from scratchlab.tracking import Fingerprint, Run, read_start, resume_run
from scratchlab.tracking.source import code_version, own_tags

KERNELS = "scratchlab.kernels"
"""The tag of a run with the kernels that multiplied its matrices."""
RESUMED_WITH = "scratchlab.resumed_with"
"""The tag of a run that went on with other code than it was started with: the commit of that."""

_log = logging.getLogger(__name__)


def resumed_run(folder: Path, *, uri: str, params: Mapping[str, object], fingerprint: Fingerprint) -> Run:
    """Go on with the run in `folder`.

    Args:
        folder: the run's.
        uri: the tracking store.
        params: what the run is configured with now.
        fingerprint: what its result follows from now.

    Raises:
        ArgumentError: it was started with something else, or a process is at it.
    """
    start = read_start(folder)
    if not fingerprint.is_of(start.tags):
        now = json.loads(json.dumps(params, default=str))
        changes = [
            f"{key} was {start.params.get(key)} and is {now.get(key)}"
            for key in sorted(start.params.keys() | now.keys())
            if start.params.get(key) != now.get(key)
        ]
        found = ", ".join(changes) or "the data are others"
        raise ArgumentError("resume", folder, f"what the run was started with: {found}")
    before, now = start.tags.get(KERNELS), kernels_in_use()
    if before != now:
        _log.warning(
            "other kernels multiply matrices here (%s, before %s): the last bits will differ", now, before
        )
    try:
        run = resume_run(folder, uri=uri, repeats=True)
    except BlockingIOError:
        raise ArgumentError("resume", folder, "a run that no process is at any more") from None
    code_before, code_now = code_version(start.tags), code_version(own_tags())
    if code_before != code_now:
        _log.warning(
            "the run goes on with other code (commit %s, before %s): its result may be another",
            code_now or "unknown",
            code_before or "unknown",
        )
        run.set_tag(RESUMED_WITH, code_now or "unknown")
    return run
