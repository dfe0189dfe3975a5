"""What distinguishes runs of the past: the parameters that their results may differ by."""

import shlex
from collections.abc import Sequence

from scratchlab.config.fingerprint import WITHOUT_EFFECT
from scratchlab.config.overrides import comparable
from scratchlab.tracking import OVERRIDES, PastRun, recorded_fingerprint
from scratchlab.tracking.source import code_version

ABSENT = "—"
"""The value of a parameter that a run does not have."""
COMMIT = "commit"
"""The code counts like a parameter, by this name."""


def differences(runs: Sequence[PastRun]) -> list[str]:
    """Return the keys of the parameters that distinguish runs: those that somebody typed, in their order.

    `optimizer=adam` brings other values of `optimizer.lr` and more with it. They follow from what was typed, so
    what nobody typed counts only where it differs between runs that were typed alike: the code, a default that
    has been changed since.
    """
    params = [
        {key: comparable(value) for key, value in _params(run).items() if _has_effect(key)} for run in runs
    ]
    keys = dict.fromkeys(key for each in params for key in each)
    different = [key for key in keys if len({each.get(key) for each in params}) > 1]
    typed = [key for key in dict.fromkeys(key for run in runs for key in _typed(run)) if key in different]
    alike: dict[tuple[float | str | None, ...], list[dict[str, float | str]]] = {}
    for each in params:
        alike.setdefault(tuple(each.get(key) for key in typed), []).append(each)
    return typed + [
        key
        for key in different
        if key not in typed and any(len({each.get(key) for each in group}) > 1 for group in alike.values())
    ]


def values_of(run: PastRun, keys: Sequence[str]) -> dict[str, str]:
    """Return a run's values of the parameters `keys`, as they were typed where they were."""
    typed, params = _typed(run), _params(run)
    values = {}
    for key in keys:
        value = params.get(key, ABSENT)
        is_same = key in typed and comparable(typed[key]) == comparable(value)
        values[key] = typed[key] if is_same else value
    return values


def distinct(runs: Sequence[PastRun]) -> list[PastRun]:
    """Return the runs without those that repeat another one: a result that comes twice is no second measurement.

    Of runs with the same fingerprint and the same code that have come to their end the last one stays.
    """
    kept: dict[object, PastRun] = {}
    for number, run in enumerate(runs):
        fingerprint = recorded_fingerprint(run.tags) if run.is_finished else None
        kept[number if fingerprint is None else (fingerprint, _commit(run))] = run
    return list(kept.values())


def _params(run: PastRun) -> dict[str, str]:
    return {**run.params, COMMIT: _commit(run)}


def _commit(run: PastRun) -> str:
    return code_version(run.tags) or ABSENT


def _typed(run: PastRun) -> dict[str, str]:
    """Return the overrides that a run was started with, by their keys."""
    overrides = run.tags.get(OVERRIDES, "")
    try:
        words = shlex.split(overrides)
    except ValueError:  # written without quotes
        words = overrides.split()
    return {key.lstrip("+"): value for key, _, value in (word.partition("=") for word in words)}


def _has_effect(key: str) -> bool:
    return not any(key == other or key.startswith(f"{other}.") for other in WITHOUT_EFFECT)
