"""One run that a sweep is going to make."""

from dataclasses import dataclass

from scratchlab.config.overrides import named
from scratchlab.sweeps.plan import Overrides
from scratchlab.tracking import Fingerprint


@dataclass(frozen=True)
class PlannedRun:
    """A run before it is started."""

    overrides: Overrides
    values: dict[str, str]
    """What distinguishes it from the others, by key."""
    identity: Fingerprint
    """Runs that share it have the same result."""

    @property
    def fingerprint(self) -> str:
        """The digest of its identity."""
        return self.identity.digest

    @property
    def name(self) -> str:
        """Its name: `hidden=500 lr=1e-3`."""
        return named(self.values) or "defaults"


def distinguished(overrides: Overrides, varied: dict[str, str]) -> dict[str, str]:
    """Return the values of the keys that vary."""
    typed = (each.lstrip("+").partition("=") for each in overrides)
    return {key: value for key, _, value in typed if key in varied}
