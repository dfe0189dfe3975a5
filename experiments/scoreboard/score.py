"""A row's test errors in numbers: their mean, how sure it is, and how it compares with what was published.

n runs with test errors e in per cent, on the same N test images:

    mean             m = sum(e) / n
    spread           s = sqrt(sum((e - m)^2) / (n - 1))
    of the images    b = sqrt(m (100 - m) / N)       the binomial standard error, which more runs do not lessen
    of the mean      se = sqrt(b^2 + s^2 / n)        the images are a sample, and so are the seeds
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a mean compares with a published error."""

    BEATEN = "beaten"
    """More than two standard errors better."""
    MATCHED = "matched"
    """Within two standard errors."""
    MISSED = "missed"
    """More than two standard errors worse."""


@dataclass(frozen=True)
class Score:
    """The test errors of a row's runs, in per cent of `num_test` images; at least one."""

    errors: Sequence[float]
    num_test: int

    @property
    def n(self) -> int:
        """How many runs there are."""
        return len(self.errors)

    @property
    def mean(self) -> float:
        """The mean error."""
        return statistics.mean(self.errors)

    @property
    def std(self) -> float:
        """The standard deviation of the runs around their mean (divisor n - 1); nan for one run."""
        return statistics.stdev(self.errors) if self.n > 1 else math.nan

    @property
    def test_standard_error(self) -> float:
        """What the choice of the test images adds to the uncertainty of the mean."""
        return math.sqrt(self.mean * (100 - self.mean) / self.num_test)

    @property
    def standard_error(self) -> float:
        """That of the mean, from the test images and from the seeds; one run has no spread to tell of."""
        of_seeds = self.std / math.sqrt(self.n) if self.n > 1 else 0.0
        return math.hypot(self.test_standard_error, of_seeds)

    def verdict(self, published: float) -> Verdict:
        """Return how the mean compares with a published error, which is taken as it stands."""
        if abs(self.mean - published) <= 2 * self.standard_error:
            return Verdict.MATCHED
        return Verdict.BEATEN if self.mean < published else Verdict.MISSED
