"""A task that ends as the environment says: `task=tests.reliability.endings.train`, but for seed 0."""

import os
import signal
import sys
import time
from collections.abc import Callable
from unittest.mock import patch

from omegaconf import DictConfig

from scratchlab.tasks import train as training
from scratchlab.tracking.journal.records import Status

ENDING = "SCRATCHLAB_TEST_ENDING"


def _signalled(number: signal.Signals) -> Callable[[], None]:
    def end() -> None:
        os.kill(os.getpid(), number)
        time.sleep(60)  # for the signal to arrive

    return end


def _raise() -> None:
    raise ZeroDivisionError("on purpose")


ENDINGS: dict[str, tuple[Callable[[], None], Status]] = {
    "SIGTERM": (_signalled(signal.SIGTERM), Status.KILLED),
    "SIGINT": (_signalled(signal.SIGINT), Status.KILLED),
    "SIGHUP": (_signalled(signal.SIGHUP), Status.KILLED),
    "SIGKILL": (_signalled(signal.SIGKILL), Status.KILLED),
    "exception": (_raise, Status.FAILED),
    "sys.exit(0)": (lambda: sys.exit(0), Status.FAILED),
    "sys.exit(1)": (lambda: sys.exit(1), Status.FAILED),
    "os._exit": (lambda: os._exit(0), Status.KILLED),
}
"""What ends a run before its training is complete, and the status that is the truth then."""


def train(config: DictConfig) -> float:
    """Train as usual, but end before the results are recorded."""
    if config.seed == 0:
        return training.train(config)
    with patch("scratchlab.tasks.train.logits_of", lambda *_: ENDINGS[os.environ[ENDING]][0]()):
        return training.train(config)
