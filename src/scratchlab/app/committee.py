"""Several trained networks that classify together: the mean of their class probabilities.

M members, N examples, K classes.
"""

from collections.abc import Iterable

from scratchlab.app.signature import signature

KIND = "ensemble"
"""The kind of a run that averages others."""


def committee_signature(signatures: Iterable[str]) -> str:
    """Return the digest that committees of the same members share, whatever their order."""
    return signature(KIND, {}, sorted(signatures))
