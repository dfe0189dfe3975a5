"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

LIMIT_SECONDS = 120.0
"""No measurement, only an end: generous for machines that are slow or busy."""


def wait_until(condition: Callable[[], Seen], what: str = "it", limit_seconds: float = LIMIT_SECONDS) -> Seen:
    """Return what a condition returns as soon as it holds.

    Raises:
        AssertionError: it does not in time.
    """
    deadline = time.monotonic() + limit_seconds
    while not (seen := condition()):
        assert time.monotonic() < deadline, f"waited {limit_seconds:g} s for {what}"
        time.sleep(0.02)
    return seen
