import importlib

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.neighbors import cross_validate
from tests.neighbors.mnist_pixels import MnistPixels


def test_worked_example() -> None:
    # five points in folds (0, 1), (2, 3) and (4,); nearest of the rest: 2, 2 | 1, 4 | 3
    inputs = np.array([[0.0], [2.0], [3.0], [8.0], [9.0]])
    accuracies = cross_validate(inputs, np.array([0, 1, 0, 1, 1]), ks=[1, 3], folds=3, num_classes=2)
    np.testing.assert_array_equal(accuracies, [[0.5, 0.5, 1], [0.5, 0.5, 1]])


@pytest.mark.parametrize("metric", ["euclidean", "l1"])
def test_same_accuracies_as_scikit_learn(metric: str, pixels: MnistPixels) -> None:
    inputs, targets, ks, folds = pixels.inputs[:502], pixels.targets[:502], [1, 3, 8, 20], 5
    classifier = importlib.import_module("sklearn.neighbors").KNeighborsClassifier
    selection = importlib.import_module("sklearn.model_selection")
    expected = [
        selection.cross_val_score(
            classifier(k, algorithm="brute", metric={"euclidean": "euclidean", "l1": "manhattan"}[metric]),
            inputs.astype(np.float64),
            targets,
            cv=selection.KFold(folds),
        )
        for k in ks
    ]
    accuracies = cross_validate(inputs, targets, ks=ks, folds=folds, num_classes=10, metric=metric)
    np.testing.assert_allclose(accuracies, expected, rtol=1e-15)
    assert len(np.unique(accuracies)) > 5


def test_ties_are_passed_on() -> None:
    inputs, targets = np.array([[0.0], [1.0], [5.0]]), np.array([0, 1, 0])
    for ties, expected in (("smallest_label", [1, 0, 1]), ("nearest", [0, 0, 0])):
        accuracies = cross_validate(inputs, targets, ks=[2], folds=3, num_classes=2, ties=ties)
        np.testing.assert_array_equal(accuracies, [expected])


def test_unusable_arguments_are_refused() -> None:
    inputs, targets = np.zeros((6, 2)), np.zeros(6, np.int64)
    with pytest.raises(ArgumentError, match="folds=1: expected a whole number of at least 2"):
        cross_validate(inputs, targets, ks=[1], folds=1, num_classes=1)
    with pytest.raises(ArgumentError, match="folds=7: expected at most the number of examples, 6"):
        cross_validate(inputs, targets, ks=[1], folds=7, num_classes=1)
    with pytest.raises(ArgumentError, match="k=5: expected at most the number of examples, 4"):
        cross_validate(inputs, targets, ks=[1, 5], folds=3, num_classes=1)
    with pytest.raises(ArgumentError, match=r"targets=int64 of shape \(5,\)"):
        cross_validate(inputs, targets[:5], ks=[1], folds=3, num_classes=1)
