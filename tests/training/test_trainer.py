from collections.abc import Mapping
from itertools import chain

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import Split
from scratchlab.nn import SGD, Array, Linear, Network, Targets, cross_entropy, inverse_t
from scratchlab.training import Callback, History, Trainer, evaluate, num_steps
from scratchlab.training.state import State
from tests.training.toys import NOTHING, blobs, network, trainer

TRAIN, VAL = blobs(10), blobs(7, seed=1)


class Diary(Callback):
    """Writes down what it is told, and fails where it is told to."""

    def __init__(self, diary: list[str], name: str = "", fails_at: str = "") -> None:
        self.diary, self.name, self.fails_at = diary, name, fails_at

    def write(self, entry: str) -> None:
        self.diary.append(self.name + entry)
        if entry == self.fails_at:
            raise RuntimeError(self.name + entry)

    def on_train_start(self, trainer: Trainer) -> None:
        self.write("start")

    def on_epoch_start(self, trainer: Trainer) -> None:
        self.write(f"start of {trainer.epoch}")

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        self.write(f"step {trainer.step}")

    def on_train_epoch_end(self, trainer: Trainer) -> None:
        self.write(f"trained {trainer.epoch}")

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        self.write(f"epoch {trainer.epoch}")

    def on_train_end(self, trainer: Trainer) -> None:
        self.write("end")

    def close(self) -> None:
        self.write("close")


class BatchSpy:
    """Cross-entropy that remembers the targets of every batch: with one class per example, which they were."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def __call__(self, logits: Array, targets: Targets) -> tuple[float, Array]:
        self.batches.append(targets.tolist())
        return cross_entropy(logits, targets)


def batches_of(*, epochs: int, batch_size: int, max_steps: int | None = None) -> list[list[int]]:
    """Train on ten examples and return which of them were in which batch."""
    spy = BatchSpy()
    ten = Split(np.eye(10, dtype=np.float32), np.arange(10))
    linear = Network([Linear(10, 10)], rng=np.random.default_rng(0))
    toy = trainer(network=linear, loss_fn=spy, epochs=epochs, batch_size=batch_size, max_steps=max_steps)
    for _ in range(epochs):
        list(toy.train_epoch(ten))
    return spy.batches


def test_every_example_is_used_once_per_epoch_and_the_last_batch_is_smaller() -> None:
    found = batches_of(epochs=2, batch_size=4)
    assert [len(batch) for batch in found] == [4, 4, 2, 4, 4, 2]
    for epoch in (found[:3], found[3:]):
        assert sorted(chain(*epoch)) == list(range(10))


def test_every_epoch_has_another_order() -> None:
    first, second = batches_of(epochs=2, batch_size=10)
    assert first != second


def test_the_step_on_worked_numbers() -> None:
    # Zero weights: probabilities of 1/2, d loss / d logits = (1/2 - 1) / 2 for the target and 1/4 for the other.
    linear = Network([Linear(2, 2)], rng=np.random.default_rng(0), dtype=np.float64)
    linear.params[...] = 0
    toy = Trainer(
        linear,
        cross_entropy,
        SGD(),
        inverse_t(lr=0.4, num_steps=2, decay_steps=1),
        epochs=1,
        batch_size=2,
        rng=np.random.default_rng(0),
    )
    losses = list(toy.train_epoch(Split(np.eye(2, dtype=np.float32), np.array([0, 1]))))
    assert losses == pytest.approx([np.log(2)])
    assert linear.state()["linear1.weight"] == pytest.approx(np.array([[0.1, -0.1], [-0.1, 0.1]]))
    assert linear.state()["linear1.bias"] == pytest.approx(np.zeros(2))


def test_the_schedule_is_asked_for_every_step_counted_from_zero() -> None:
    asked: list[int] = []

    def schedule(step: int) -> float:
        asked.append(step)
        return 0.01

    toy = Trainer(
        network(), cross_entropy, SGD(), schedule, epochs=2, batch_size=4, rng=np.random.default_rng(0)
    )
    toy.fit(TRAIN, VAL)
    assert asked == [0, 1, 2, 3, 4, 5]


def test_it_learns() -> None:
    history = History()
    toy = trainer(history, network=network(), epochs=15, batch_size=10)
    toy.fit(blobs(300), blobs(90, seed=1))
    assert history.epochs[-1]["train/accuracy"] == 1
    assert history.epochs[-1]["val/accuracy"] == 1
    assert history.epochs[-1]["val/loss"] < 0.01


def test_callbacks_are_told_in_their_order() -> None:
    diary: list[str] = []
    toy = trainer(Diary(diary, "a "), Diary(diary, "b "), network=network(), epochs=1, batch_size=5)
    toy.fit(TRAIN, VAL)
    events = ["start", "start of 1", "step 1", "step 2", "trained 1", "epoch 1", "end", "close"]
    assert diary == [f"{name} {event}" for event in events for name in "ab"]


@pytest.mark.parametrize("event", ["start", "start of 1", "step 1", "trained 1", "epoch 1", "end"])
def test_callbacks_are_closed_when_training_fails(event: str) -> None:
    diary: list[str] = []
    toy = trainer(Diary(diary, "a ", fails_at=event), Diary(diary, "b "), network=network())
    with pytest.raises(RuntimeError, match=f"^a {event}$"):
        toy.fit(TRAIN, VAL)
    assert diary[-3:] == [f"a {event}", "a close", "b close"]


def test_a_callback_that_cannot_close_does_not_keep_the_others_from_it() -> None:
    diary: list[str] = []
    toy = trainer(Diary(diary, "a ", fails_at="close"), Diary(diary, "b "), network=network())
    with pytest.raises(RuntimeError, match=r"^a close$"):
        toy.fit(TRAIN, VAL)
    assert diary[-2:] == ["a close", "b close"]


def test_callbacks_are_closed_on_an_interrupt() -> None:
    class Interrupt(Callback):
        def on_step_end(self, trainer: Trainer, loss: float) -> None:
            raise KeyboardInterrupt

    diary: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        trainer(Diary(diary), Interrupt(), network=network()).fit(TRAIN, VAL)
    assert diary == ["start", "start of 1", "step 1", "close"]


@pytest.mark.parametrize(
    ("max_steps", "steps"),
    [
        (1, [[1]]),
        (3, [[1, 2, 3]]),
        (4, [[1, 2, 3], [4]]),
        (99, [[1, 2, 3], [4, 5, 6]]),
    ],
)
def test_max_steps_ends_training_and_still_evaluates(max_steps: int, steps: list[list[int]]) -> None:
    diary: list[str] = []
    events = [
        event
        for epoch, own in enumerate(steps, start=1)
        for event in (
            f"start of {epoch}",
            *(f"step {step}" for step in own),
            f"trained {epoch}",
            f"epoch {epoch}",
        )
    ]
    toy = trainer(Diary(diary), network=network(), max_steps=max_steps)
    toy.fit(TRAIN, VAL)
    assert diary == ["start", *events, "end", "close"]
    assert toy.step == num_steps(10, epochs=2, batch_size=4, max_steps=max_steps)


@pytest.mark.parametrize(
    ("num_examples", "batch_size", "steps"), [(10, 5, 6), (10, 4, 9), (10, 10, 3), (10, 64, 3), (1, 1, 3)]
)
def test_the_number_of_steps_is_known_in_advance(num_examples: int, batch_size: int, steps: int) -> None:
    assert num_steps(num_examples, epochs=3, batch_size=batch_size) == steps
    toy = trainer(network=network(), epochs=3, batch_size=batch_size)
    toy.fit(blobs(num_examples), NOTHING)
    assert toy.step == steps


def test_a_callback_can_make_the_running_epoch_the_last_one() -> None:
    class Stop(Callback):
        def on_step_end(self, trainer: Trainer, loss: float) -> None:
            if trainer.step == 4:
                trainer.stop()

    diary: list[str] = []
    trainer(Diary(diary), Stop(), network=network(), epochs=9).fit(TRAIN, VAL)
    assert diary[-5:] == ["step 6", "trained 2", "epoch 2", "end", "close"]


def test_metrics_are_those_of_the_network_after_the_epoch() -> None:
    history = History()
    toy = trainer(history, network=network(dropout=0.5), epochs=1)
    toy.fit(TRAIN, VAL)
    metrics = history.epochs[0]
    assert (metrics["train/loss"], metrics["train/accuracy"]) == evaluate(toy.network, cross_entropy, TRAIN)
    assert (metrics["val/loss"], metrics["val/accuracy"]) == evaluate(toy.network, cross_entropy, VAL)
    assert "train/penalty" not in metrics


def test_the_penalty_is_a_metric_of_its_own() -> None:
    history = History()
    toy = trainer(history, network=network(l2=0.1), epochs=1)
    toy.fit(TRAIN, VAL)
    weights = [array for name, array in toy.network.state().items() if name.endswith("weight")]
    expected = 0.05 * sum(float(np.sum(weight**2)) for weight in weights)
    assert history.epochs[0]["train/penalty"] == pytest.approx(expected, rel=1e-6)


def test_without_validation_examples_there_are_no_metrics_of_them() -> None:
    history = History()
    trainer(history, network=network()).fit(TRAIN, NOTHING)
    assert len(history.epochs) == 2
    assert all(not key.startswith("val/") for metrics in history.epochs for key in metrics)


@pytest.mark.parametrize(("max_steps", "num_examples"), [(None, 10), (2, 8)])
def test_the_speed_counts_the_examples_that_were_trained_on(max_steps: int | None, num_examples: int) -> None:
    history = History()
    trainer(history, network=network(), epochs=1, max_steps=max_steps).fit(TRAIN, VAL)
    metrics = history.epochs[0]
    counted = metrics["speed/examples_per_second"] * metrics["time/train_seconds"]
    assert counted == pytest.approx(num_examples)


@pytest.mark.parametrize(
    ("epochs", "batch_size", "max_steps", "named"),
    [(0, 1, None, "epochs=0"), (1, 2.5, None, "batch_size=2.5"), (1, 1, 0, "max_steps=0")],
)
def test_lengths_are_whole_numbers(epochs: int, batch_size: int, max_steps: int | None, named: str) -> None:
    expected = f"^{named}: expected a whole number of at least 1$"
    with pytest.raises(ArgumentError, match=expected):
        num_steps(10, epochs=epochs, batch_size=batch_size, max_steps=max_steps)
    with pytest.raises(ArgumentError, match=expected):
        trainer(network=network(), epochs=epochs, batch_size=batch_size, max_steps=max_steps)


def test_two_callbacks_of_one_class_keep_their_own_state() -> None:
    class Named(Callback):
        def __init__(self, value: float) -> None:
            self.value = np.array(value)

        def state(self) -> State:
            return {"value": self.value}

        def load_state(self, state: State) -> None:
            self.value = state["value"]

    before, after = [Named(1.0), Named(2.0)], [Named(0.0), Named(0.0)]
    state = trainer(*before, network=network()).state()
    trainer(*after, network=network()).load_state(state)
    assert [each.value for each in after] == [1, 2]
