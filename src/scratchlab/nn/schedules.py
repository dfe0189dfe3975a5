"""Schedules: the learning rate as a function of the step, which counts the updates of a run from 0.

Every function takes the run's learning rate `lr` and its number of steps, and returns that function. Below,
t = step / num_steps is the fraction of the run that is over.
"""

import math
from collections.abc import Callable

from scratchlab.arguments import count, fraction, positive

Schedule = Callable[[int], float]


def constant_schedule(*, lr: float, num_steps: int) -> Schedule:
    """Return lr at every step."""
    _check(lr, num_steps)
    return lambda step: lr


def step_decay(*, lr: float, num_steps: int, factor: float = 0.1, every_fraction: float = 0.3) -> Schedule:
    """Return lr * factor**floor(t / every_fraction): a sudden drop every so often."""
    _check(lr, num_steps)
    positive(factor=factor, every_fraction=every_fraction)
    # Rounded, or the third drop by every_fraction=0.1 would be a step late: 0.3 / 0.1 = 2.9999999999999996.
    return lambda step: lr * factor ** math.floor(round(step / num_steps / every_fraction, 9))


def exponential(*, lr: float, num_steps: int, final_fraction: float = 0.01) -> Schedule:
    """Return lr * final_fraction**t: the same relative decrease at every step."""
    _check(lr, num_steps)
    positive(final_fraction=final_fraction)
    return lambda step: lr * final_fraction ** (step / num_steps)


def inverse_t(*, lr: float, num_steps: int, decay_steps: int = 1000) -> Schedule:
    """Return lr / (1 + step / decay_steps): half after so many steps, a third after twice as many."""
    _check(lr, num_steps)
    count(decay_steps=decay_steps)
    return lambda step: lr / (1 + step / decay_steps)


def linear_decay(
    *, lr: float, num_steps: int, constant_fraction: float = 0.0, final_fraction: float = 0.0
) -> Schedule:
    """Return lr for `constant_fraction` of the run, and from there a line down to final_fraction * lr at its end."""
    _check(lr, num_steps)
    fraction(constant_fraction=constant_fraction, final_fraction=final_fraction)

    def schedule(step: int) -> float:
        u = max(0.0, (step / num_steps - constant_fraction) / (1 - constant_fraction))
        return lr * (1 - u * (1 - final_fraction))

    return schedule


def cosine(
    *, lr: float, num_steps: int, warmup_fraction: float = 0.0, final_fraction: float = 0.0
) -> Schedule:
    """Return a rise in a line to lr over `warmup_fraction` of the run, then half a cosine down to its end.

        lr * (final_fraction + (1 - final_fraction) * (1 + cos(pi * u)) / 2)

    u goes from 0 to 1 after the warm-up (Loshchilov and Hutter 2017, without restarts).
    """
    _check(lr, num_steps)
    fraction(warmup_fraction=warmup_fraction, final_fraction=final_fraction)
    warmup_steps = warmup_fraction * num_steps

    def schedule(step: int) -> float:
        if step < warmup_steps:
            return lr * (step + 1) / (warmup_steps + 1)
        return _cosine(lr, final_fraction * lr, (step - warmup_steps) / (num_steps - warmup_steps))

    return schedule


def one_cycle(
    *,
    lr: float,
    num_steps: int,
    peak_fraction: float = 0.3,
    start_fraction: float = 0.04,
    final_fraction: float = 1e-4,
) -> Schedule:
    """Return half a cosine up from start_fraction * lr to lr, and one down to final_fraction * lr.

    The peak is reached after `peak_fraction` of the run (Smith and Topin 2018).
    """
    _check(lr, num_steps)
    positive(peak_fraction=peak_fraction)
    fraction(peak_fraction=peak_fraction, start_fraction=start_fraction, final_fraction=final_fraction)
    peak_step = peak_fraction * num_steps

    def schedule(step: int) -> float:
        if step < peak_step:
            return _cosine(start_fraction * lr, lr, step / peak_step)
        return _cosine(lr, final_fraction * lr, (step - peak_step) / (num_steps - peak_step))

    return schedule


def _cosine(start: float, end: float, u: float) -> float:
    """Go from `start` to `end` along half a cosine while u goes from 0 to 1."""
    return end + (start - end) * (1 + math.cos(math.pi * u)) / 2


def _check(lr: float, num_steps: int) -> None:
    positive(lr=lr)
    count(num_steps=num_steps)
