"""Time is scripted here: a clock that each step moves on by what the step is to cost with the threads it has."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from scratchlab.arguments import ArgumentError
from scratchlab.training import BlasThreads, Callback, Trainer, blas_threads
from scratchlab.training.blas_threads import PATIENCE, TRIAL_STEPS, WATCH_STEPS, WATCHES_ALONE
from tests.training.toys import NOTHING, blobs, network, trainer

TRIAL = 2 * (TRIAL_STEPS + 1) + 1
"""Steps until a choice: the first of all cannot be timed, nor can the first with each number of threads."""

Cost = Callable[[int, int], float]


def blas_threads_now() -> int:
    (threads,) = {info["num_threads"] for info in threadpool_info() if info["user_api"] == "blas"}
    return int(threads)


class Clock:
    """Shows the seconds that steps are to have taken, and keeps what each was made with."""

    def __init__(self, cost: Cost) -> None:
        self.cost = cost
        self.now = 0.0
        self.threads: list[int] = []

    def __call__(self) -> float:
        return self.now


class Steps(Callback):
    """Moves the clock on before `BlasThreads` reads it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        self.clock.threads.append(blas_threads_now())
        self.clock.now += self.clock.cost(trainer.step, self.clock.threads[-1])


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    """Two threads on any machine, and in tests that are told to use one."""
    with threadpool_limits(2):
        yield


def watch(
    monkeypatch: pytest.MonkeyPatch, cost: Cost, *, steps: int, epoch: int = 10_000
) -> tuple[Clock, list[tuple[int, int]]]:
    """Train for some steps; return the clock and the choices (threads, step)."""
    clock, notes = Clock(cost), list[tuple[int, int]]()
    monkeypatch.setattr(blas_threads, "perf_counter", clock)
    threads = BlasThreads(note=lambda threads, step: notes.append((threads, step)))
    toy = trainer(Steps(clock), threads, network=network(), batch_size=1, max_steps=steps)
    toy.fit(blobs(steps), NOTHING)
    return clock, notes


def test_each_number_of_threads_is_timed_and_the_faster_one_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def cost_of(slow: int, step: int, threads: int) -> float:
        return 3.0 if threads == slow else 1.0

    for fast, slow in ((2, 1), (1, 2)):
        clock, notes = watch(monkeypatch, partial(cost_of, slow), steps=100)
        assert notes == [(fast, TRIAL)]
        assert clock.threads[: TRIAL_STEPS + 2] == [2] * (TRIAL_STEPS + 2)
        assert clock.threads[TRIAL_STEPS + 2 : TRIAL] == [1] * (TRIAL_STEPS + 1)
        assert set(clock.threads[TRIAL:]) == {fast}


@pytest.mark.system
def test_as_long_as_all_threads_are_fast_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    _, notes = watch(monkeypatch, lambda step, n: 2.0 / n, steps=2000)
    assert notes == [(2, TRIAL)]


def test_when_steps_stay_slow_it_is_timed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # From step 100 on another process slows down two threads.
    _, notes = watch(monkeypatch, lambda step, n: 2.0 if n == 1 else 9.0 if step > 100 else 1.0, steps=300)
    assert [threads for threads, _ in notes] == [2, 1]
    assert 100 < notes[1][1] <= 100 + (PATIENCE + 1) * WATCH_STEPS + TRIAL


@pytest.mark.system
def test_a_moment_of_slowness_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _, notes = watch(monkeypatch, lambda step, n: 50.0 if step == 100 else 2.0 / n, steps=500)
    assert notes == [(2, TRIAL)]


@pytest.mark.system
def test_one_thread_is_compared_again_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    # The other process ends at step 300.
    _, notes = watch(monkeypatch, lambda step, n: 2.0 if n == 1 else 9.0 if step < 300 else 1.0, steps=1500)
    assert notes == [(1, TRIAL), (2, TRIAL + WATCHES_ALONE * WATCH_STEPS + TRIAL - 1)]


@pytest.mark.system
def test_what_is_hopeless_is_not_tried_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, _ = watch(monkeypatch, lambda step, n: 1.0 if n == 1 else 9.0, steps=700)
    # All ten steps the first time, when nobody knows; later three, at 27 of the 20 seconds that ten may take, and
    # each time one that does not count. The very first step of all cannot be timed.
    again = TRIAL + WATCHES_ALONE * WATCH_STEPS
    assert clock.threads[:again].count(2) == 1 + 1 + TRIAL_STEPS
    assert clock.threads[again:].count(2) == 1 + 3


@pytest.mark.system
def test_evaluations_are_not_taken_for_slow_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    class Evaluation(Callback):
        def on_epoch_end(self, trainer: Trainer, metrics: object) -> None:
            clock.now += 1000

    clock, notes = Clock(lambda step, n: 2.0 / n), list[tuple[int, int]]()
    monkeypatch.setattr(blas_threads, "perf_counter", clock)
    threads = BlasThreads(note=lambda threads, step: notes.append((threads, step)))
    toy = trainer(Steps(clock), Evaluation(), threads, network=network(), batch_size=1, epochs=40)
    toy.fit(blobs(10), NOTHING)
    assert [threads for threads, _ in notes] == [2]


@pytest.mark.parametrize("given", [1, 2])
def test_a_given_number_is_kept_and_noted_once(given: int) -> None:
    clock, notes = Clock(lambda step, n: 1.0), list[tuple[int, int]]()
    threads = BlasThreads(given, note=lambda threads, step: notes.append((threads, step)))
    trainer(Steps(clock), threads, network=network(), epochs=20).fit(blobs(10), NOTHING)
    assert notes == [(given, 0)]
    assert set(clock.threads) == {given}


def test_where_there_is_one_thread_there_is_no_choice() -> None:
    notes: list[tuple[int, int]] = []
    with threadpool_limits(1):
        threads = BlasThreads(note=lambda threads, step: notes.append((threads, step)))
        trainer(threads, network=network(), epochs=20).fit(blobs(10), NOTHING)
    assert notes == [(1, 0)]


def test_after_training_the_threads_are_what_they_were() -> None:
    trainer(BlasThreads(1), network=network()).fit(blobs(10), NOTHING)
    assert blas_threads_now() == 2


@pytest.mark.system
def test_the_weights_are_the_same_to_the_bit_with_the_same_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def weights(callback: BlasThreads, cost: Cost) -> bytes:
        wide = network()
        clock = Clock(cost)
        monkeypatch.setattr(blas_threads, "perf_counter", clock)
        trainer(Steps(clock), callback, network=wide, epochs=30).fit(blobs(30), NOTHING)
        return wide.params.tobytes()

    fixed = weights(BlasThreads(1), lambda step, n: 1.0)
    assert fixed == weights(BlasThreads(1), lambda step, n: float(step))
    # Products this small are the same with any number of threads: timing steps leaves out or repeats none.
    assert fixed == weights(BlasThreads(), lambda step, n: 2.0 / n)


@pytest.mark.parametrize("threads", [0, -1, 1.5, "all"])
def test_the_number_is_a_whole_one(threads: int) -> None:
    with pytest.raises(ArgumentError, match=f"^threads={threads}: expected a whole number of at least 1"):
        BlasThreads(threads)
