"""What is measured of predictions: accuracy and the confusion matrix."""

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
