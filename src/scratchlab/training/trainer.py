"""The training loop."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from time import perf_counter

import numpy as np

from scratchlab.arguments import count
from scratchlab.data import Batches, Split, batches
from scratchlab.nn import Loss, Network, Optimizer, Schedule
from scratchlab.training.callback import Callback
from scratchlab.training.evaluation import evaluate
from scratchlab.training.state import State, part_of, prefixed, rng_state, set_rng_state


def num_steps(num_examples: int, *, epochs: int, batch_size: int, max_steps: int | None = None) -> int:
    """Return how many updates a trainer with these arguments will make: what schedules are stretched over."""
    _check_lengths(epochs, batch_size, max_steps)
    steps = epochs * -(-num_examples // batch_size)
    return steps if max_steps is None else min(steps, max_steps)


class Trainer:
    """Trains a network: passes over the training examples, each followed by an evaluation.

    Args:
        network: changed in place.
        loss_fn: called with (logits, targets), returns (loss, grad_logits).
        optimizer: changes the network's parameters.
        schedule: the learning rate as a function of the step.
        epochs: passes over the training examples.
        batch_size: examples per step; the last batch of an epoch may be smaller.
        max_steps: end after so many updates, in the middle of an epoch if need be.
        rng: draws the order of the examples.
        batches: passes over the training examples, as they are or augmented.
        callbacks: told of every step and epoch.

    Attributes:
        epoch: the epoch that is running, counted from 1.
        step: updates made so far.
    """

    def __init__(
        self,
        network: Network,
        loss_fn: Loss,
        optimizer: Optimizer,
        schedule: Schedule,
        *,
        epochs: int,
        batch_size: int,
        max_steps: int | None = None,
        rng: np.random.Generator,
        batches: Batches = batches,
        callbacks: Sequence[Callback] = (),
    ) -> None:
        _check_lengths(epochs, batch_size, max_steps)
        self.network = network
        self.loss_fn = loss_fn
        self.optimizer = optimizer
        self.schedule = schedule
        self.epochs = epochs
        self.batch_size = batch_size
        self.max_steps = max_steps
        self.rng = rng
        self.batches = batches
        self.callbacks = callbacks
        self.epoch = 0
        self.step = 0

    def fit(self, train: Split, val: Split) -> None:
        """Train on `train`, evaluate on both splits after every epoch, and tell the callbacks.

        After `load_state` it goes on behind the epoch that the state is of.
        """
        with ExitStack() as clean_up:
            for callback in reversed(self.callbacks):
                clean_up.callback(callback.close)  # each runs even where another one fails
            for callback in self.callbacks:
                callback.on_train_start(self)
            while self.epoch < self.epochs and not self._is_last_step():
                self.epoch += 1
                self._fit_epoch(train, val)
            for callback in self.callbacks:
                callback.on_train_end(self)

    def stop(self) -> None:
        """Make the epoch that is running the last one."""
        self.epochs = self.epoch

    def state(self) -> State:
        """Return all that the rest of training follows from after an epoch, that of the callbacks included.

        The arrays are views: they change with the next step.
        """
        state = {
            "epoch": np.array(self.epoch),
            "epochs": np.array(self.epochs),
            "step": np.array(self.step),
            "rng": rng_state(self.rng),
            "network_rng": rng_state(self.network.rng),
            "optimizer_steps": np.array(self.optimizer.num_steps),
        }
        state |= prefixed("network", self.network.state())
        state |= prefixed("optimizer", self.optimizer.state)
        for name, callback in self._named_callbacks():
            state |= prefixed(name, callback.state())
        return state

    def load_state(self, state: State) -> None:
        """Become the trainer whose `state` this is, given one that was made of the same parts.

        Raises:
            ValueError: its network is another one; nothing has changed then.
        """
        self.network.load_state(part_of(state, "network"))
        self.epoch, self.epochs, self.step = (int(state[name]) for name in ("epoch", "epochs", "step"))
        set_rng_state(self.rng, state["rng"])
        set_rng_state(self.network.rng, state["network_rng"])
        self.optimizer.state = part_of(state, "optimizer")
        self.optimizer.num_steps = int(state["optimizer_steps"])
        for name, callback in self._named_callbacks():
            callback.load_state(part_of(state, name))

    def train_epoch(self, train: Split) -> Iterator[float]:
        """Make the updates of one epoch, yielding the loss of each batch: this is the whole of learning."""
        for inputs, targets in self.batches(train, self.batch_size, rng=self.rng):
            logits = self.network.forward(inputs, training=True)
            loss, grad_logits = self.loss_fn(logits, targets)
            self.network.backward(grad_logits)
            self.optimizer.step(self.network.params, self.network.grads, lr=self.schedule(self.step))
            self.step += 1
            yield loss

    def _fit_epoch(self, train: Split, val: Split) -> None:
        start = perf_counter()
        first_step = self.step
        for callback in self.callbacks:
            callback.on_epoch_start(self)
        for loss in self.train_epoch(train):
            for callback in self.callbacks:
                callback.on_step_end(self, loss)
            if self._is_last_step():
                break
        for callback in self.callbacks:
            callback.on_train_epoch_end(self)
        trained = perf_counter()
        metrics = {}
        for name, split in (("train", train), ("val", val)):
            if len(split) > 0:
                metrics[f"{name}/loss"], metrics[f"{name}/accuracy"] = evaluate(
                    self.network, self.loss_fn, split
                )
        if self.network.l2 > 0:
            metrics["train/penalty"] = self.network.penalty()
        evaluated = perf_counter()
        num_examples = min((self.step - first_step) * self.batch_size, len(train))
        metrics["time/train_seconds"] = trained - start
        metrics["time/evaluation_seconds"] = evaluated - trained
        metrics["speed/examples_per_second"] = num_examples / (trained - start)
        for callback in self.callbacks:
            callback.on_epoch_end(self, metrics)

    def _named_callbacks(self) -> Iterator[tuple[str, Callback]]:
        """Yield each callback by its name in a checkpoint: its class, numbered from the second of a class on."""
        seen: Counter[str] = Counter()
        for callback in self.callbacks:
            name = type(callback).__name__
            seen[name] += 1
            yield name if seen[name] == 1 else f"{name}{seen[name]}", callback

    def _is_last_step(self) -> bool:
        return self.max_steps is not None and self.step >= self.max_steps


def _check_lengths(epochs: int, batch_size: int, max_steps: int | None) -> None:
    count(epochs=epochs, batch_size=batch_size)
    if max_steps is not None:
        count(max_steps=max_steps)
