"""How long a run would take: measured, by making a few of its steps."""

import math
from itertools import islice
from time import perf_counter

import numpy as np
from omegaconf import DictConfig
from threadpoolctl import threadpool_limits

from scratchlab.config.build import build, load
from scratchlab.training import logits_of, num_steps

NUM_STEPS = 12
WARM_UP = 2
NUM_EXAMPLES = 1000


def estimate_seconds(config: DictConfig) -> float:
    """Return about how many seconds training and evaluation of a configuration take; nan where there is no training.

    A few steps and the evaluation of a few examples are made and measured: what else the machine is doing counts.
    """
    if "_target_" not in config.model:
        return math.nan
    dataset = load(config)
    parts = build(config, dataset)
    trainer, trainer_options = parts.trainer(), config.trainer
    with (
        threadpool_limits(trainer_options.threads),
        np.errstate(over="ignore", invalid="ignore"),
    ):
        times = [perf_counter()]
        for _ in islice(trainer.train_epoch(dataset.train), NUM_STEPS):
            times.append(perf_counter())
        step_seconds = float(
            np.median(np.diff(times)[WARM_UP:] if len(times) > WARM_UP + 2 else np.diff(times))
        )
        examples = dataset.train.first(NUM_EXAMPLES)
        start = perf_counter()
        logits_of(parts.network, examples)
        example_seconds = (perf_counter() - start) / len(examples)
    steps = num_steps(
        len(dataset.train),
        epochs=trainer_options.epochs,
        batch_size=trainer_options.batch_size,
        max_steps=trainer_options.max_steps,
    )
    num_evaluated = trainer_options.epochs * (len(dataset.train) + len(dataset.val)) + len(dataset.test)
    return steps * step_seconds + num_evaluated * example_seconds


def shown_seconds(seconds: float) -> str:
    """Return a duration for people: `8 s`, `12 min`, `3.5 h`."""
    if math.isnan(seconds):
        return ""
    if seconds < 100:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
