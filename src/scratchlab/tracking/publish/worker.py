"""The process that `Publisher` starts for a run or a sweep: it publishes what is recorded, while it is recorded.

Its argument is the folder. Its standard input is a pipe, the end of which says that no run will be started any more.
It publishes to the store that `MLFLOW_TRACKING_URI` names.

Nothing but the standard library is imported here at first: MLflow keeps a core busy for seconds.
"""

import logging
import os
import select
import signal
import sys
from pathlib import Path

HEAD_START_SECONDS = 1.0
"""How long the run has all cores for itself: until about its first epoch is there to be seen."""

_log = logging.getLogger(__name__)


def main(folder: Path) -> int:
    """Publish the runs under `folder`; return the exit code, 0 if MLflow has all of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(format="%(asctime)s %(message)s")
    _owner_is_gone(HEAD_START_SECONDS)
    from scratchlab.tracking.publish.command import follow
    from scratchlab.tracking.store.client import set_up_mlflow

    set_up_mlflow()
    uri = os.environ["MLFLOW_TRACKING_URI"]
    _mend(uri)
    return 0 if follow(folder, uri, wait=_owner_is_gone) else 1


def _owner_is_gone(seconds: float) -> bool:
    """Wait for the end of the pipe that the owner holds, `seconds` at most; nothing is ever written to it."""
    return bool(select.select([sys.stdin], [], [], seconds)[0])


def _mend(uri: str) -> None:
    """Bring runs to their end that earlier processes have left RUNNING. It costs one request where there are none."""
    from scratchlab.tracking.store.errors import is_unreachable, reason
    from scratchlab.tracking.store.uri import without_credentials
    from scratchlab.tracking.upkeep.stale import mend_stale_runs

    try:
        mend_stale_runs(uri)
    except Exception as error:  # a store that is away says so when the first run is published
        if not is_unreachable(error):
            _log.warning("%s: looking for stale runs: %s", without_credentials(uri), reason(error))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
