"""The identity of a run: what its result follows from."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from scratchlab.data import Dataset

WITHOUT_EFFECT = ("tracking", "sweep", "data.mirrors", "data.verify", "trainer.diagnostics")
"""Keys and groups that change nothing in the result."""


def signature(recorded: Mapping[str, Any], dataset: Dataset) -> str:
    """Return a digest of a configuration and of its data: runs that share it have the same result.

    The names of functions and classes (`_target_`) are part of it: Momentum and Nesterov have the same values.
    The code is not, and neither is the number of BLAS threads where it is left open; both can change the last bits
    of the weights.
    """
    text = json.dumps([_effective(recorded), dataset.digest], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _effective(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the nested values that have an effect."""
    return {
        key: _effective(value, f"{prefix}{key}.") if isinstance(value, Mapping) else value
        for key, value in values.items()
        if f"{prefix}{key}" not in WITHOUT_EFFECT
    }
