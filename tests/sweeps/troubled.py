"""A task whose runs end in every way that a run can: `task=tests.sweeps.troubled.train`, the seed says how."""

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn
from unittest.mock import patch

from omegaconf import DictConfig
from threadpoolctl import threadpool_info

from scratchlab.tasks import train as training


class UnpicklableError(Exception):
    """Can be pickled, and comes out of it as another error: its arguments are not those it was made from."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} in {where}")


def exits() -> NoReturn:
    sys.exit(0)


def raises_what_pickle_loses() -> NoReturn:
    raise UnpicklableError("trouble", "the run")


def meets_the_system() -> NoReturn:
    os.open("/nowhere/at/all", os.O_RDONLY)
    raise AssertionError


def raises_no_exception() -> NoReturn:
    raise GeneratorExit("not even an Exception")


TROUBLES: list[Callable[[], NoReturn]] = [
    exits,
    raises_what_pickle_loses,
    meets_the_system,
    raises_no_exception,
]
SAID = [
    "SystemExit: 0",
    "UnpicklableError: trouble in the run",
    "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/at/all'",
    "GeneratorExit: not even an Exception",
]
"""How the traceback of each of these ends."""


def train(config: DictConfig) -> float:
    """Train as usual, but end in trouble of the seed's kind before the model is saved."""
    if config.seed >= len(TROUBLES):
        return training.train(config)
    with patch("scratchlab.tasks.train.save_model", lambda *_: TROUBLES[config.seed]()):
        return training.train(config)


def count_threads(config: DictConfig) -> float:
    """Print how many threads this process multiplies matrices in."""
    [threads] = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
    print(f"threads: {threads}", flush=True)
    return 0.0


def die(config: DictConfig) -> float:
    """Train as usual, but let the process be killed at the end of the run with seed 0."""
    if config.seed > 0:
        return training.train(config)
    with patch("scratchlab.tasks.train.save_model", lambda *_: os.kill(os.getpid(), signal.SIGKILL)):
        return training.train(config)
