"""Waiting for what another process does."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], what: str, limit_seconds: float = 60) -> None:
    """Wait until `condition` holds; fail with `what` was waited for when the limit is reached."""
    end = time.monotonic() + limit_seconds
    while not condition():
        assert time.monotonic() < end, f"waited {limit_seconds:g} s for {what}"
        time.sleep(0.02)
