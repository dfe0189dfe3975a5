"""The fingerprint of a run: the identity of what its result follows from."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from omegaconf import DictConfig

from scratchlab.config.recorded import recorded_config
from scratchlab.config.renamed import KEYS, TARGETS
from scratchlab.data import Dataset
from scratchlab.tracking import Fingerprint

VERSION = 1
"""Of the definition, in front of each fingerprint."""
WITHOUT_EFFECT = (
    *("tracking", "sweep", "trainer.diagnostics"),
    *("data.mirrors", "data.verify_checksum", "data.path"),
)
"""Keys and groups that cannot change a result."""
PATHS = ("_target_", "task")
"""Keys whose value is the path of a class or function."""

_EARLIER_KEYS = {new: old for old, new in KEYS.items()}
_EARLIER_TARGETS = {new: old for old, new in TARGETS.items()}


def fingerprint(kind: str, recorded: Mapping[str, Any], *more: object) -> Fingerprint:
    """Return the fingerprint of a configuration and of what else the result follows from.

    A part counts by its public name (`Momentum` and `Nesterov` have the same values) and by its values, wherever its
    module is in the package; a part from elsewhere counts by its whole path. The code does not count, and neither does
    the number of BLAS threads unless it is set; both can change the last bits of the weights.

    Args:
        kind: of the run; a run of another kind has another result.
        recorded: the configuration, resolved.
        more: the digest of the data; for a sweep, what it varies.
    """
    return Fingerprint(
        f"{VERSION}-{_digest([kind, _effective(recorded, _public), *more])}",
        earlier=_digest([kind, _effective(recorded, _earlier), *more]),
    )


def run_fingerprint(config: DictConfig, dataset: Dataset, *, kind: str) -> Fingerprint:
    """Return the fingerprint that runs with the same result share."""
    return fingerprint(kind, recorded_config(config), dataset.digest)


def _digest(values: list[object]) -> str:
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


Entry = tuple[str, Any]


def _effective(
    values: Mapping[str, Any], spelled: Callable[[str, str, Any], Entry], prefix: str = ""
) -> dict[str, Any]:
    """Return the nested values that have an effect, each as `spelled(key, dotted key, value)` has it."""
    return dict(
        (key, _effective(value, spelled, f"{prefix}{key}."))
        if isinstance(value, Mapping)
        else spelled(key, f"{prefix}{key}", value)
        for key, value in values.items()
        if f"{prefix}{key}" not in WITHOUT_EFFECT
    )


def _public(key: str, dotted: str, value: Any) -> Entry:
    """Name a part of the package as people import it, without the path of its module."""
    is_own = key in PATHS and str(value).startswith("scratchlab.")
    return key, value.rpartition(".")[2] if is_own else value


def _earlier(key: str, dotted: str, value: Any) -> Entry:
    """Name a key and a part as versions before 0.2 did."""
    if key in PATHS:
        return key, _EARLIER_TARGETS.get(value, value)
    return _EARLIER_KEYS.get(dotted, key).rpartition(".")[2], value
