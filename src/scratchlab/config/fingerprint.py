"""The identity of a run: what its result follows from."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from omegaconf import DictConfig

from scratchlab.config.recorded import recorded_config
from scratchlab.data import Dataset

WITHOUT_EFFECT = (
    "tracking",
    "sweep",
    "data.mirrors",
    "data.verify_checksum",
    "data.path",
    "trainer.diagnostics",
)
"""Keys and groups that change nothing in the result."""


def fingerprint(kind: str, recorded: Mapping[str, Any], *more: object) -> str:
    """Return a digest of a configuration and of what else the result follows from: runs that share it are equal.

    The names of functions and classes (`_target_`) are part of it: Momentum and Nesterov have the same values.
    The code is not, and neither is the number of BLAS threads where it is left open; both can change the last bits
    of the weights.

    Args:
        kind: of the run; one of another kind has another result.
        recorded: the configuration.
        more: the digest of the data; for a sweep what it varies.
    """
    text = json.dumps([kind, _effective(recorded), *more], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def run_fingerprint(config: DictConfig, dataset: Dataset, *, kind: str) -> str:
    """Return the digest that runs with the same result share."""
    return fingerprint(kind, recorded_config(config), dataset.digest)


def _effective(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the nested values that have an effect."""
    return {
        key: _effective(value, f"{prefix}{key}.") if isinstance(value, Mapping) else value
        for key, value in values.items()
        if f"{prefix}{key}" not in WITHOUT_EFFECT
    }
