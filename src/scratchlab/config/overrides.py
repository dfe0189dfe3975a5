"""The values that runs vary, as they were typed and as they are compared."""

import math
from collections.abc import Mapping, Sequence

SEED = "seed"
"""The key whose values make replicas of a configuration, not configurations."""


def comparable(typed: str) -> float | str:
    """Return what a value means: the number where it is one, so that 1e-2 and 0.01 are the same value.

    Lists are the same however they are spaced.
    """
    try:
        number = float(typed)
    except ValueError:
        return typed.replace(", ", ",")
    return number if math.isfinite(number) else typed


def quoted(value: object) -> str:
    """Return a value as Hydra's grammar has to have it, to be read as it is."""
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def short_names(keys: Sequence[str]) -> dict[str, str]:
    """Return the last part of each dotted key, or all of it where two end alike."""
    lasts = [key.rpartition(".")[2] for key in keys]
    return {key: key if lasts.count(last) > 1 else last for key, last in zip(keys, lasts, strict=True)}


def named(values: Mapping[str, str]) -> str:
    """Return the values as a person says them: `hidden=500 lr=1e-3`."""
    short = short_names(list(values))
    return " ".join(f"{short[key]}={value}" for key, value in values.items())
