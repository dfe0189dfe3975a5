import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import (
    Schedule,
    constant_schedule,
    cosine,
    exponential,
    inverse_t,
    linear_decay,
    one_cycle,
    step_decay,
)

ALL = [constant_schedule, step_decay, exponential, inverse_t, linear_decay, cosine, one_cycle]


def test_constant() -> None:
    schedule = constant_schedule(lr=0.5, num_steps=10)
    assert [schedule(step) for step in (0, 5, 9)] == [0.5, 0.5, 0.5]


def test_step_decay_drops_at_once_and_then_waits() -> None:
    schedule = step_decay(lr=8.0, num_steps=100, factor=0.5, every_fraction=0.25)
    assert [schedule(step) for step in (0, 24, 25, 49, 50, 75, 99)] == [8, 8, 4, 4, 2, 1, 1]


@pytest.mark.parametrize("every_percent", [1, 7, 10, 20, 30])
def test_step_decay_drops_on_time_although_fractions_are_rounded(every_percent: int) -> None:
    # 0.3 / 0.1 is 2.9999999999999996 in floating point.
    schedule = step_decay(lr=1.0, num_steps=100, factor=0.5, every_fraction=every_percent / 100)
    assert [schedule(step) for step in range(100)] == [0.5 ** (step // every_percent) for step in range(100)]


def test_exponential_loses_the_same_fraction_at_every_step() -> None:
    schedule = exponential(lr=2.0, num_steps=4, final_fraction=1 / 16)
    assert [schedule(step) for step in range(5)] == pytest.approx([2, 1, 1 / 2, 1 / 4, 1 / 8])


def test_inverse_t_halves_after_its_half_life() -> None:
    schedule = inverse_t(lr=6.0, num_steps=1000, decay_steps=100)
    assert [schedule(step) for step in (0, 100, 200, 500)] == pytest.approx([6, 3, 2, 1])


def test_linear_decay_goes_down_in_a_line_all_the_time() -> None:
    schedule = linear_decay(lr=2.0, num_steps=4)
    assert [schedule(step) for step in range(5)] == pytest.approx([2, 1.5, 1, 0.5, 0])


def test_linear_decay_waits_and_ends_where_it_is_told_to() -> None:
    schedule = linear_decay(lr=1.0, num_steps=150, constant_fraction=2 / 3, final_fraction=0.5)
    assert [schedule(step) for step in (0, 50, 100)] == pytest.approx([1, 1, 1])
    assert [schedule(step) for step in (110, 125, 150)] == pytest.approx([0.9, 0.75, 0.5])


def test_cosine_goes_down_a_half_wave() -> None:
    schedule = cosine(lr=2.0, num_steps=12)
    # cos of 0, 60, 90, 120 and 180 degrees.
    assert [schedule(step) for step in (0, 4, 6, 8, 12)] == pytest.approx([2, 1.5, 1, 0.5, 0])


def test_cosine_warms_up_in_a_line_and_ends_where_it_is_told_to() -> None:
    schedule = cosine(lr=10.0, num_steps=100, warmup_fraction=0.04, final_fraction=0.1)
    assert [schedule(step) for step in range(5)] == pytest.approx([2, 4, 6, 8, 10])
    assert schedule(52) == pytest.approx(5.5)  # half of what is left after the warm-up
    assert schedule(100) == pytest.approx(1)


def test_one_cycle_rises_to_its_peak_and_falls_to_nearly_nothing() -> None:
    schedule = one_cycle(lr=10.0, num_steps=100, peak_fraction=0.2, start_fraction=0.1, final_fraction=0.001)
    rates = [schedule(step) for step in range(101)]
    assert [rates[step] for step in (0, 10, 20, 60, 100)] == pytest.approx([1, 5.5, 10, 5.005, 0.01])
    assert np.argmax(rates) == 20
    assert (np.diff(rates[:21]) > 0).all()
    assert (np.diff(rates[20:]) < 0).all()


@pytest.mark.parametrize("make_schedule", ALL)
def test_every_rate_of_a_run_is_above_zero_and_at_most_lr(make_schedule: Callable[..., Schedule]) -> None:
    schedule = make_schedule(lr=0.3, num_steps=7)
    rates = [schedule(step) for step in range(7)]
    assert min(rates) > 0
    assert 0.29 < max(rates) <= 0.3  # the peak of one_cycle lies between two steps


@pytest.mark.parametrize("make_schedule", ALL)
@pytest.mark.parametrize(
    ("lr", "num_steps", "message"),
    [
        (-1.0, 10, "lr=-1.0: expected a number above 0"),
        (math.inf, 10, "lr=inf: expected a number above 0"),
        (0.1, 0, "num_steps=0: expected a whole number of at least 1"),
    ],
)
def test_arguments_of_the_run_are_checked(
    make_schedule: Callable[..., Schedule], lr: float, num_steps: int, message: str
) -> None:
    with pytest.raises(ArgumentError, match=f"^{message}$"):
        make_schedule(lr=lr, num_steps=num_steps)


@pytest.mark.parametrize(
    ("make_schedule", "message"),
    [
        (partial(step_decay, factor=0), "factor=0: expected a number above 0"),
        (partial(step_decay, every_fraction=0), "every_fraction=0: expected a number above 0"),
        (partial(exponential, final_fraction=0), "final_fraction=0: expected a number above 0"),
        (partial(inverse_t, decay_steps=0), "decay_steps=0: expected a whole number of at least 1"),
        (
            partial(linear_decay, constant_fraction=1),
            "constant_fraction=1: expected a number from 0 to below 1",
        ),
        (partial(linear_decay, final_fraction=-1), "final_fraction=-1: expected a number from 0 to below 1"),
        (partial(cosine, warmup_fraction=1), "warmup_fraction=1: expected a number from 0 to below 1"),
        (partial(cosine, final_fraction=-1), "final_fraction=-1: expected a number from 0 to below 1"),
        (partial(one_cycle, peak_fraction=0), "peak_fraction=0: expected a number above 0"),
        (partial(one_cycle, peak_fraction=1), "peak_fraction=1: expected a number from 0 to below 1"),
        (partial(one_cycle, start_fraction=1), "start_fraction=1: expected a number from 0 to below 1"),
        (partial(one_cycle, final_fraction=1), "final_fraction=1: expected a number from 0 to below 1"),
    ],
)
def test_arguments_of_the_schedule_are_checked(make_schedule: Callable[..., Schedule], message: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{message}$"):
        make_schedule(lr=0.1, num_steps=10)
