"""What is measured of predictions: accuracy, the confusion matrix, precision and recall."""

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.integer]


def accuracy(predictions: Ids, targets: Ids) -> float:
    """Return the fraction of predictions (N,) that equal their targets (N,)."""
    return float(np.mean(predictions == targets))


def confusion_matrix(predictions: Ids, targets: Ids, num_classes: int) -> Ids:
    """Return counts (K, K): row = the true class, column = the predicted class."""
    pairs = targets.astype(np.intp) * num_classes + predictions
    return np.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)


def precision_and_recall(confusion: Ids) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each class, from counts (K, K) as `confusion_matrix` returns them, two fractions (K,).

        precision = right predictions of the class / all predictions of the class
        recall    = right predictions of the class / all examples of the class

    A class that is never predicted has no precision, and one without examples no recall: nan.
    """
    right = np.diagonal(confusion)
    with np.errstate(invalid="ignore"):
        return right / confusion.sum(axis=0), right / confusion.sum(axis=1)
