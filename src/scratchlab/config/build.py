"""From a configuration to the parts that a run is built from."""

import inspect
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from hydra.utils import get_object, instantiate
from omegaconf import DictConfig, OmegaConf

from scratchlab.arguments import ArgumentError, count, flag, nearest
from scratchlab.config.project import ROOT
from scratchlab.config.regularization import Regularization
from scratchlab.data import AugmentedBatches, Batches, Dataset, batches
from scratchlab.nn import Loss, Network, Optimizer, Schedule
from scratchlab.training import Callback, Trainer, num_steps


@dataclass(frozen=True)
class Parts:
    """What the groups of a configuration stand for, ready to train."""

    dataset: Dataset
    network: Network
    loss_fn: Loss
    optimizer: Optimizer
    schedule: Schedule
    batches: Batches
    callbacks: tuple[Callback, ...]
    """What the regularization does around the steps."""
    config: DictConfig
    batches_rng: np.random.Generator

    def trainer(self, *callbacks: Callback) -> Trainer:
        """Return a trainer of these parts, with further callbacks."""
        trainer: Trainer = part(
            self.config.trainer,
            aside=["diagnostics", "threads"],
            network=self.network,
            loss_fn=self.loss_fn,
            optimizer=self.optimizer,
            schedule=self.schedule,
            rng=self.batches_rng,
            batches=self.batches,
            callbacks=(*self.callbacks, *callbacks),
        )
        return trainer


def load(config: DictConfig) -> Dataset:
    """Load the data set.

    Raises:
        ArgumentError: a value is out of range or of the wrong type.
        DataError: the data set cannot be used.
    """
    return _load(OmegaConf.to_yaml(config.data, resolve=True), ROOT)


def build(config: DictConfig, dataset: Dataset, *, dtype: type[np.floating] = np.float32) -> Parts:
    """Build everything else around the data set.

    The seed gives two independent streams of random numbers: one for the network (initial weights, dropout), one for
    the order of the examples.

    Raises:
        ArgumentError: a value is out of range or of the wrong type, or a part does not know its key.
    """
    count(minimum=0, seed=config.seed)
    if config.trainer.threads is not None:
        count(threads=config.trainer.threads)
    flag(diagnostics=config.trainer.diagnostics)
    network_rng, batches_rng = np.random.default_rng(config.seed).spawn(2)
    regularization: Regularization = part(config.regularization)
    layers = part(
        config.model, num_features=dataset.train.inputs.shape[1], num_classes=len(dataset.class_names)
    )
    loss_fn: Loss = part(config.loss)
    # A function checks its options when it is called, and a trainer when it is made: now, before a run is started.
    loss_fn(np.zeros((1, len(dataset.class_names))), np.zeros(1, int))
    parts = Parts(
        dataset=dataset,
        network=Network(layers, rng=network_rng, dtype=dtype, l2=regularization.l2),
        loss_fn=loss_fn,
        optimizer=regularization.clipped(part(config.optimizer, aside=["lr"])),
        schedule=part(
            config.schedule,
            lr=config.optimizer.lr,
            num_steps=num_steps(
                len(dataset.train),
                epochs=config.trainer.epochs,
                batch_size=config.trainer.batch_size,
                max_steps=config.trainer.max_steps,
            ),
        ),
        batches=_batches(config, dataset),
        callbacks=tuple(regularization.callbacks()),
        config=config,
        batches_rng=batches_rng,
    )
    parts.trainer()
    parts.network.forward(dataset.train.inputs[:1], training=False)  # layers check their inputs
    return parts


def part(node: DictConfig, *, aside: Collection[str] = (), **offered: Any) -> Any:
    """Call the `_target_` of a group with the group's values, and with those of the `offered` arguments it takes.

    The keys `aside` are in the group for somebody else.

    Raises:
        ArgumentError: for a key that the target does not know.
    """
    known = inspect.signature(get_object(node._target_)).parameters
    needed = {name for name, given in known.items() if given.default is given.empty}
    # What a loss needs (logits, targets) is given to it in training.
    given_later = needed if node.get("_partial_") else set()
    own = [name for name in known if name not in offered and name not in given_later]
    for key, value in node.items():
        if not str(key).startswith("_") and key not in own and key not in aside:
            options = [*aside, *own]
            allowed = f"one of the keys {', '.join(options)}{nearest(key, options)}"
            raise ArgumentError(str(key), value, allowed if options else "nothing: there are no keys to set")
    for name in own:
        if name in needed:
            node[name]  # raises where it is missing
    # Called here rather than by Hydra, which would wrap the errors of the target into its own.
    values = OmegaConf.to_container(node, resolve=True)
    assert isinstance(values, dict)
    taken = {key: value for key, value in values.items() if key not in aside}
    target = instantiate(taken, _partial_=True)
    if node.get("_partial_"):
        # Hydra's own asks at every call whether its target is allowed: a tenth of a step's time for its loss.
        return partial(target.func, *target.args, **target.keywords)
    return target(**{name: value for name, value in offered.items() if name in known})


@lru_cache(maxsize=1)
def _load(description: str, root: Path) -> Dataset:
    """Load what `description` says, once for all the runs of a sweep that share it."""
    node = OmegaConf.create(description)
    assert isinstance(node, DictConfig)
    dataset: Dataset = part(node, root=root)
    return dataset


def _batches(config: DictConfig, dataset: Dataset) -> Batches:
    if config.augment._target_ is None:
        return batches
    return AugmentedBatches(part(config.augment, input_shape=dataset.input_shape), dataset.preprocessing)
