"""How many threads multiply matrices."""

import math
from collections.abc import Callable, Generator, Mapping
from itertools import repeat
from time import perf_counter

from threadpoolctl import ThreadpoolController

from scratchlab.arguments import count
from scratchlab.training.callback import Callback
from scratchlab.training.trainer import Trainer

TRIAL_STEPS = 10
"""Timed with each number of threads: long enough to meet another process on its core, short enough not to matter."""
WATCH_STEPS = 25
PATIENCE = 2
SLOW = 1.5
"""Twice in a row steps that took 1.5 times as long as 25 should: something has changed."""
HOPELESS = 2
"""Steps that have taken twice as long together as all of a trial should are not tried any further."""
WATCHES_ALONE = 20

Choice = Generator[None, float, None]
Note = Callable[[int, int], None]


class BlasThreads(Callback):
    """Sets the number of threads of matrix products: by default to what makes the steps of this run fastest.

    The threads of a product wait for each other. While all cores are free it is fastest on all of them, but when
    another process keeps one of them busy a single thread is several times faster, and small products are never worth
    sharing. So a few steps are timed with all threads and a few with one; they are steps of the run like all others.
    They are timed again when steps stay slow, and every 500 steps as long as it is one thread, as the other process may
    be gone.

    The number of threads changes the last bits of a product. With `threads` given it is that number throughout, and
    a seed gives the same weights to the bit.

    Args:
        threads: the number, None to choose it by time.
        note: told each choice: the number of threads, and the step after which it was made.
    """

    def __init__(self, threads: int | None = None, *, note: Note = lambda threads, step: None) -> None:
        if threads is not None:
            count(threads=threads)
        self._threads = threads
        self._note = note
        self._blas = ThreadpoolController().select(user_api="blas").lib_controllers
        self._before = [library.num_threads for library in self._blas]
        self._choice: Choice | None = None
        self._last_step: float | None = None

    def on_train_start(self, trainer: Trainer) -> None:
        """Use the number that is given, or begin to choose."""
        most = max(self._before, default=1)
        if self._threads is None and most > 1:
            self._choice = self._choose(trainer, most)
            next(self._choice)
        else:
            threads = 1 if self._threads is None else self._threads
            self._use(threads)
            self._note(threads, trainer.step)

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """Take the time from step to step."""
        if self._choice is not None:
            now = perf_counter()
            if self._last_step is not None:
                self._choice.send(now - self._last_step)
            self._last_step = now

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Leave the evaluation out of the time of a step."""
        self._last_step = None

    def close(self) -> None:
        """Put back what was there before."""
        for library, threads in zip(self._blas, self._before, strict=True):
            library.set_num_threads(threads)

    def _choose(self, trainer: Trainer, most: int) -> Choice:
        """Time and choose again and again, being sent the seconds of each step."""
        expected = math.inf
        while True:
            seconds = {}
            for threads in (most, 1):
                self._use(threads)
                yield  # the first step with another number takes longer
                seconds[threads] = yield from _mean(TRIAL_STEPS, until=HOPELESS * TRIAL_STEPS * expected)
            fastest = min(seconds, key=seconds.__getitem__)
            self._use(fastest)
            self._note(fastest, trainer.step)
            expected, slow = seconds[fastest], 0
            for _ in repeat(None, WATCHES_ALONE) if fastest == 1 else repeat(None):
                watched = yield from _mean(WATCH_STEPS, until=SLOW * WATCH_STEPS * expected)
                expected = min(expected, watched)
                slow = slow + 1 if watched > SLOW * expected else 0
                if slow == PATIENCE:
                    break

    def _use(self, threads: int) -> None:
        for library in self._blas:
            library.set_num_threads(threads)


def _mean(num_steps: int, *, until: float = math.inf) -> Generator[None, float, float]:
    """Return the mean seconds of the next steps, being sent one after the other; fewer if they take too long."""
    seconds, steps = 0.0, 0
    while steps < num_steps and seconds <= until:
        seconds += yield
        steps += 1
    return seconds / steps
