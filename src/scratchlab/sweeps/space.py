"""What a search draws from: Hydra's sweep grammar as Optuna's distributions.

model.hidden=100,200,500                          one of these
model.activation=choice(relu,tanh)                one of these
model.hidden=range(100,500,step=50)               one of 100, 150, ..., 450
'model.hidden=int(interval(50,1000))'             any whole number, both ends included
'optimizer.lr=interval(0.01,0.1)'                 any number
'optimizer.lr=tag(log,interval(1e-4,1e-1))'       any number, small ones as likely as large ones
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hydra.core.override_parser.types import IntervalSweep, Override, RangeSweep

from scratchlab.config.launch import SweepRefusedError

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

LOG = "log"


def distribution(override: Override) -> BaseDistribution:
    """Return the distribution of the values that an override lists or spans.

    Raises:
        SweepRefusedError: there are no such values, or they have no logarithmic scale.
    """
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    sweep = override.value()
    if isinstance(sweep, IntervalSweep):
        low, high, step = sweep.start, sweep.end, None
    elif isinstance(sweep, RangeSweep):
        low, high, step = _spanned(sweep)
    else:
        return CategoricalDistribution(list(override.sweep_string_iterator()))
    assert low is not None
    assert high is not None
    is_log = LOG in sweep.tags
    if low > high:
        raise _refusal(override, "some values, the smaller end first: interval(0.1,0.5), range(1,5)")
    if is_log and low <= 0:
        raise _refusal(override, "an interval that starts above 0, or one without the tag log")
    if is_log and step is not None:
        raise _refusal(override, "an interval, for a range has steps: tag(log,int(interval(16,512)))")
    if isinstance(low, int) and isinstance(high, int) and isinstance(step, int | None):
        return IntDistribution(low, high, log=is_log, step=1 if step is None else step)
    return FloatDistribution(low, high, log=is_log, step=step)


def _spanned(sweep: RangeSweep) -> tuple[float, float, float]:
    """Return the smallest and the largest value of a range and the distance of its values; without any, no order."""
    assert sweep.start is not None
    assert sweep.stop is not None
    last = sweep.start + sweep.step * (math.ceil((sweep.stop - sweep.start) / sweep.step) - 1)
    return (sweep.start, last, sweep.step) if sweep.step > 0 else (last, sweep.start, -sweep.step)


def _refusal(override: Override, expected: str) -> SweepRefusedError:
    return SweepRefusedError(f"{override.input_line}: expected {expected}")


def edges(distribution: BaseDistribution) -> list[str]:
    """Return the values that a check has to look at, as they are typed: all choices, or the ends of a range."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(distribution, CategoricalDistribution):
        return [str(choice) for choice in distribution.choices]
    assert isinstance(distribution, FloatDistribution | IntDistribution)
    return [str(distribution.low), str(distribution.high)]


def typed(value: object, distribution: BaseDistribution) -> str:
    """Return a value that was drawn as it is typed: a number from an interval with four digits, which are plenty."""
    from optuna.distributions import FloatDistribution

    if not isinstance(distribution, FloatDistribution) or distribution.step is not None:
        return str(value)
    short = f"{value:.4g}"
    return short if distribution.low <= float(short) <= distribution.high else str(value)
