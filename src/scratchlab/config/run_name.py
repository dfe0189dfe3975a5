"""The name of a run: what distinguishes it."""

from scratchlab.config.invocation import sweep_start, typed_overrides


def own_name(*, kind: str) -> str:
    """Return the name of this run: of one of a sweep what distinguishes it from the others."""
    parent, overrides = sweep_start(), typed_overrides()
    varied = overrides if parent is None else [each for each in overrides if key_of(each) in parent.params]
    return run_name(varied, kind=kind)


def run_name(overrides: list[str], *, kind: str) -> str:
    """Return a run's name, what distinguishes it: `optimizer=adam hidden=500`, `check hidden=500`."""
    names = [
        f"{key_of(override).rpartition('.')[2]}={override.partition('=')[2]}"
        for override in overrides
        if not key_of(override).startswith(("tracking", "sweep"))
    ]
    shown = " ".join(names) or "defaults"
    return shown if kind == "train" else f"{kind} {shown}"


def key_of(override: str) -> str:
    """Return the key that an override sets."""
    return override.lstrip("+").partition("=")[0]
