"""Evaluation: what a network makes of examples that it does not learn from."""

from typing import NamedTuple

import numpy as np

from scratchlab.data import Split
from scratchlab.metrics import accuracy
from scratchlab.nn import Array, Loss, Network, Targets

CHUNK = 1000
"""Examples passed through at once: enough for the matrix products, little enough for the cache."""


class Evaluation(NamedTuple):
    """Means over all examples of a split: the loss without penalty, the accuracy as a fraction."""

    loss: float
    accuracy: float


def evaluate(network: Network, loss_fn: Loss, split: Split) -> Evaluation:
    """Return loss and accuracy of the network on a split, dropout off."""
    return score(logits_of(network, split), split.targets, loss_fn)


def score(logits: Array, targets: Targets, loss_fn: Loss) -> Evaluation:
    """Return loss and accuracy of logits (N, K) that are there already."""
    return Evaluation(loss_fn(logits, targets)[0], accuracy(logits.argmax(axis=1), targets))


def logits_of(network: Network, split: Split) -> Array:
    """Return the logits (N, K) for a split of any size, dropout off."""
    chunks = [
        network.forward(split.inputs[start : start + CHUNK], training=False).copy()
        for start in range(0, len(split), CHUNK)
    ]
    return np.concatenate(chunks)
