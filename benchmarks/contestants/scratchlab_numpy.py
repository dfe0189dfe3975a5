"""This project's trainer, as `train.py` uses it."""

import scratchlab  # noqa: F401  # isort: skip (before NumPy: it chooses the kernels)

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.contestants.job import Digits, Job, Measured, serve
from scratchlab.data import Batch, Split, batches
from scratchlab.kernels import kernels_in_use
from scratchlab.nn import Adam, Array, Momentum, Network, Optimizer, constant_schedule, cross_entropy, mlp
from scratchlab.training import BlasThreads, History, Trainer

PEAK_SIZE = 2048
PEAK_ROUNDS = 6


class Stopwatch:
    """Adds up the seconds that parts of a step take."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is timed."""

        def measured(*arguments: Any, **options: Any) -> Any:
            start = perf_counter()
            result = function(*arguments, **options)
            self._add(part, start)
            return result

        return measured

    def batches(self, split: Split, batch_size: int, *, rng: np.random.Generator) -> Iterator[Batch]:
        """Pass over the split like `batches`, timed."""
        start = perf_counter()
        for batch in batches(split, batch_size, rng=rng):
            self._add("batches", start)
            yield batch
            start = perf_counter()

    def _add(self, part: str, start: float) -> None:
        self.seconds[part] = self.seconds.get(part, 0.0) + perf_counter() - start


def do(job: Job, digits: Digits, *, adam: type[Adam] = Adam) -> Measured:
    """Train with the number of threads that the run chooses, every part of a step timed."""
    watch, history, threads = Stopwatch(), History(), list[int]()
    network = Network(
        mlp(784, 10, hidden=job.hidden, norm="batch" if job.batch_norm else "none"),
        rng=np.random.default_rng(0),
    )
    plain_forward, timed_forward = network.forward, watch.timed("forward", network.forward)

    def forward(inputs: Array, *, training: bool) -> Array:
        outputs: Array = (timed_forward if training else plain_forward)(inputs, training=training)
        return outputs

    network.forward = forward  # type: ignore[method-assign]
    network.backward = watch.timed("backward", network.backward)  # type: ignore[method-assign]
    optimizer: Optimizer = adam() if job.optimizer == "adam" else Momentum()
    optimizer.step = watch.timed("optimizer", optimizer.step)  # type: ignore[method-assign]
    trainer = Trainer(
        network,
        cross_entropy,
        optimizer,
        constant_schedule(lr=job.lr, num_steps=1),
        epochs=job.epochs,
        batch_size=job.batch_size,
        rng=np.random.default_rng(0),
        batches=watch.batches,
        callbacks=[history, BlasThreads(note=lambda number, step: threads.append(number))],
    )
    start = perf_counter()
    trainer.fit(
        Split(digits.train_inputs, digits.train_targets), Split(digits.val_inputs, digits.val_targets)
    )
    seconds = perf_counter() - start
    return {
        "seconds": seconds,
        "steps_seconds": history.total("time/train_seconds"),
        "evaluation_seconds": history.total("time/evaluation_seconds"),
        "parts_seconds": watch.seconds,
        "threads": threads,
        "kernels": kernels_in_use(),
        "peak_gflops": peak_gflops(),
        "val_accuracy": history.values("val/accuracy")[-1],
    }


def peak_gflops() -> float:
    """Return the speed of one large matrix product on all cores, the best of a few."""
    a = np.random.default_rng(0).random((PEAK_SIZE, PEAK_SIZE), dtype=np.float32)
    out = np.empty_like(a)
    seconds = []
    with threadpool_limits(None):
        for _ in range(PEAK_ROUNDS):
            start = perf_counter()
            np.matmul(a, a, out=out)
            seconds.append(perf_counter() - start)
    return 2 * PEAK_SIZE**3 / min(seconds) / 1e9


if __name__ == "__main__":
    serve(do)
