from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from omegaconf import DictConfig

from scratchlab.config.build import Parts, build, load
from scratchlab.tasks.figures import DiagnosticFigures
from scratchlab.tracking import NullRun
from scratchlab.training import BestEpoch, Callback, Checkpoints, History, State, StopOnDivergence, Trainer
from scratchlab.training import checkpoints as module
from scratchlab.training.state import read
from tests.composed import composed

SMALL = ("data=digits", "data.limit_train=430", "trainer.epochs=4", "trainer.batch_size=100")
"""Four epochs of five steps."""
COMBINATIONS = [
    "optimizer=sgd",
    "optimizer=momentum schedule=step_decay",
    "optimizer=nesterov schedule=exponential",
    "optimizer=adagrad schedule=inverse_t",
    "optimizer=rmsprop schedule=one_cycle",
    "optimizer=adam regularization.clip_norm=0.1",
    "optimizer=adamw schedule=cosine schedule.warmup_fraction=0.1",
    "model.norm=batch optimizer=adam",
    "model.activation=tanh regularization.dropout=0.5 regularization.input_dropout=0.2",
    "regularization=max_norm regularization.max_norm=0.5 regularization.l2=1e-3",
    "regularization.noise=0.5 regularization.input_noise=0.3 model.norm=batch schedule=linear_decay",
    "regularization.ema_decay=0.9",
    "regularization.ema_decay=0.9 model.norm=batch optimizer=adam data.num_val=0",
    "regularization.ema_decay=0.9 regularization=max_norm trainer.diagnostics=true trainer.batch_size=370",
    "model=svm",
    "augment=affine",
    "augment=elastic regularization.dropout=0.2 model.norm=batch optimizer=nesterov regularization.clip_norm=1",
    "data.num_val=0",
    "trainer.max_steps=17",
    "trainer.epochs=30 regularization.patience=2 optimizer=adam optimizer.lr=0.05",
    "trainer.diagnostics=true",
    "trainer.batch_size=370",
    "seed=3",
]


class StoppedMidwayError(Exception):
    """The end of a training before its end."""


class Interruption(Callback):
    """Interrupts a training after a step; at step None after its last epoch."""

    def __init__(self, step: int | None) -> None:
        self._step = step

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        if trainer.step == self._step:
            raise StoppedMidwayError

    def on_train_end(self, trainer: Trainer) -> None:
        if self._step is None:
            raise StoppedMidwayError


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a checkpoint after every epoch, whatever it costs."""
    monkeypatch.setattr(module, "SHARE", np.inf)


def made(config: DictConfig, folder: Path, *more: Callback) -> tuple[Parts, Trainer]:
    """Return a trainer as a run makes it, with checkpoints in `folder`, brought to where the last one ended."""
    parts = build(config, load(config))
    callbacks: list[Callback] = [History(), BestEpoch(), StopOnDivergence(), *more]
    if config.trainer.diagnostics:
        callbacks.append(DiagnosticFigures(NullRun(), parts))
    kept = Checkpoints(folder)
    trainer = parts.trainer(*callbacks, kept)
    kept.resume(trainer)
    return parts, trainer


def fit(config: DictConfig, folder: Path, *more: Callback) -> State:
    """Train to the end and return the state after it."""
    parts, trainer = made(config, folder, *more)
    trainer.fit(parts.dataset.train, parts.dataset.val)
    return trainer.state()


def interrupt(config: DictConfig, folder: Path, step: int | None) -> None:
    """Train until after a step; until after the last epoch if it is None."""
    with pytest.raises(StoppedMidwayError):
        fit(config, folder, Interruption(step))


def comparable(state: State) -> Iterator[tuple[str, object]]:
    """Yield all that has to be the same to the last bit: everything but the time that epochs took."""
    for name, array in sorted(state.items()):
        if name == "History.epochs":
            for epoch in read(array):
                yield (
                    name,
                    {key: value for key, value in epoch.items() if not key.startswith(("time", "speed"))},
                )
        else:
            yield name, (array.dtype, array.shape, array.tobytes())


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("combination", COMBINATIONS)
def test_an_interrupted_training_ends_like_one_that_was_not(tmp_path: Path, combination: str) -> None:
    config = composed(*SMALL, *combination.split())
    whole = fit(config, tmp_path / "whole")
    num_steps = int(whole["step"])
    for step in (1, num_steps // 2 + 1, num_steps - 1, None):
        folder = tmp_path / str(step)
        interrupt(config, folder, step)
        resumed = fit(config, folder)
        assert dict(comparable(resumed)) == dict(comparable(whole))
        assert len(resumed["History.step_losses"]) == num_steps


@pytest.mark.usefixtures("always")
def test_it_goes_on_where_it_ended(tmp_path: Path) -> None:
    config = composed(*SMALL)
    for step, epoch in ((3, 0), (12, 2), (None, 4)):
        interrupt(config, tmp_path / str(step), step)
        _, trainer = made(config, tmp_path / str(step))
        assert (trainer.epoch, trainer.step) == (epoch, 5 * epoch)


@pytest.mark.usefixtures("always")
def test_a_training_may_be_interrupted_many_times(tmp_path: Path) -> None:
    config = composed(*SMALL, "regularization.dropout=0.5", "augment=shift", "optimizer=adam")
    for step in (3, 7, 8, 12, 19):
        interrupt(config, tmp_path / "parts", step)
    assert dict(comparable(fit(config, tmp_path / "parts"))) == dict(
        comparable(fit(config, tmp_path / "whole"))
    )


def test_the_checkpoint_has_to_be_the_right_one_for_this_to_mean_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the order of the examples not restored, say, the comparison above would see it."""
    monkeypatch.setattr(module, "SHARE", np.inf)
    monkeypatch.setattr("scratchlab.training.trainer.set_rng_state", lambda rng, state: None)
    config = composed(*SMALL)
    interrupt(config, tmp_path / "parts", 12)
    assert dict(comparable(fit(config, tmp_path / "parts"))) != dict(
        comparable(fit(config, tmp_path / "whole"))
    )
