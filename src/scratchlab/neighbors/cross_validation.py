"""The accuracy of several k by cross-validation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError, count
from scratchlab.neighbors.classifier import KNearestNeighbors, check_targets
from scratchlab.neighbors.metric import Vectors


def cross_validate(
    inputs: Vectors,
    targets: NDArray[np.integer],
    *,
    ks: Sequence[int],
    folds: int,
    num_classes: int,
    metric: str = "euclidean",
    ties: str = "smallest_label",
) -> NDArray[np.float64]:
    """Return the accuracy of each k on each fold, when the other folds are the training examples.

    The folds are contiguous and as equal as possible, the longer ones first (`np.array_split`, as in CS231n's first
    assignment): examples that are sorted by class need shuffling before. All k share one search per fold.

    Args:
        inputs: (N, D) examples.
        targets: (N,) their classes, 0 to `num_classes` - 1.
        ks: numbers of neighbours.
        folds: number of folds, 2 to N.
        num_classes: K.
        metric: "euclidean" or "l1".
        ties: how a tied vote is decided, see `vote`.

    Returns:
        Fractions of correct predictions (len(ks), folds).

    Raises:
        ArgumentError: arguments other than these, or a k above the number of examples that remain for training.
    """
    check_targets(targets, num_examples=len(inputs), num_classes=num_classes)
    count(minimum=2, folds=folds)
    if folds > len(inputs):
        raise ArgumentError("folds", folds, f"at most the number of examples, {len(inputs)}")
    accuracies = np.empty((len(ks), folds))
    for fold, held_out in enumerate(np.array_split(np.arange(len(inputs)), folds)):
        train_inputs, train_targets = np.delete(inputs, held_out, axis=0), np.delete(targets, held_out)
        classifier = KNearestNeighbors(
            train_inputs, train_targets, num_classes=num_classes, metric=metric, ties=ties
        )
        predictions = classifier.predict(inputs[held_out], ks=ks)
        accuracies[:, fold] = (predictions == targets[held_out]).mean(axis=1)
    return accuracies
