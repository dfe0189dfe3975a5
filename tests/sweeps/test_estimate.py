import math
from collections.abc import Iterator

import numpy as np
import pytest

from scratchlab.sweeps import estimate
from scratchlab.sweeps.estimate import estimate_seconds, shown_seconds
from tests.composed import composed


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock is half a second after the one before."""

    def ticks() -> Iterator[float]:
        yield from np.arange(0, 1000, 0.5)

    times = ticks()
    monkeypatch.setattr(estimate, "perf_counter", lambda: next(times))


@pytest.mark.usefixtures("clock")
def test_the_steps_and_the_evaluations_that_there_will_be_at_the_speed_of_those_made() -> None:
    """Digits: 1137 images to train on, 300 to validate, 360 to test; evaluated 1000 at a time in half a second."""
    config = composed("data=digits", "trainer.batch_size=100", "trainer.epochs=3")
    steps = 3 * 12
    evaluated = 3 * (1137 + 300) + 360
    assert estimate_seconds(config) == pytest.approx(0.5 * steps + 0.5 / 1000 * evaluated)


@pytest.mark.usefixtures("clock")
def test_where_fewer_steps_are_made_fewer_are_measured() -> None:
    config = composed("data=digits", "trainer.batch_size=100", "trainer.epochs=1", "trainer.max_steps=3")
    assert estimate_seconds(config) == pytest.approx(0.5 * 3 + 0.5 / 1000 * (1137 + 300 + 360))


def test_a_measured_one_is_a_time() -> None:
    assert 0 < estimate_seconds(composed("data=digits", "trainer.epochs=1")) < 60


def test_what_is_not_trained_is_not_estimated() -> None:
    assert math.isnan(estimate_seconds(composed("data=digits", "model=knn")))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.01, "1 s"),
        (8.4, "8 s"),
        (99.4, "99 s"),
        (150, "2 min"),
        (725, "12 min"),
        (5990, "100 min"),
        (12600, "3.5 h"),
        (math.nan, ""),
    ],
)
def test_durations_for_people(seconds: float, shown: str) -> None:
    assert shown_seconds(seconds) == shown
