"""The configuration as it is recorded: resolved, and without what may be a secret."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from omegaconf import DictConfig, OmegaConf

from scratchlab.tracking.store.uri import without_credentials

_ENVIRONMENT = re.compile(r"\$\{\s*oc\.env\s*:")


def recorded_config(config: DictConfig) -> dict[str, Any]:
    """Return the configuration resolved, except for what comes from the environment: that may be a secret."""
    written = OmegaConf.to_container(config)
    assert isinstance(written, dict)
    written.pop("hydra", None)  # is there before a run of a sweep starts
    written.pop("resume", None)  # how the run was started, not what it is
    shielded = OmegaConf.create(_shielded(written))
    recorded = OmegaConf.to_container(shielded, resolve=True)
    assert isinstance(recorded, dict)
    return {str(key): value for key, value in recorded.items()}


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values by their dotted keys, without what only Hydra reads."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        elif not key.startswith("_"):
            yield f"{prefix}{key}", value


def _shielded(value: Any) -> Any:
    """Escape interpolations of environment variables, so that resolving leaves them as they are written.

    Passwords in URIs that a configuration file holds are left out.
    """
    if isinstance(value, dict):
        return {key: _shielded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shielded(item) for item in value]
    if isinstance(value, str) and _ENVIRONMENT.search(value):
        return value.replace("${", "\\${")
    return without_credentials(value) if isinstance(value, str) else value
