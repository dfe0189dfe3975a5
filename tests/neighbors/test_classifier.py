import importlib
import re
import subprocess
import sys
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError
from scratchlab.neighbors import KNearestNeighbors
from tests.neighbors.brute_force import elect
from tests.neighbors.mnist_pixels import ROOT, MnistPixels


def scikit_learn(pixels: MnistPixels, k: int) -> Any:
    """scikit-learn's brute force, fitted to the examples in float64."""
    classifier = importlib.import_module("sklearn.neighbors").KNeighborsClassifier(k, algorithm="brute")
    return classifier.fit(pixels.inputs.astype(np.float64), pixels.targets)


def test_worked_example() -> None:
    # on a line: class 1 at 0, class 0 at 2, class 0 at 5, class 1 at 9, seen from 1.2
    inputs, targets = np.array([[0.0], [2.0], [5.0], [9.0]]), np.array([1, 0, 0, 1])
    queries = np.array([[1.2], [0.9]])
    smallest_label = KNearestNeighbors(inputs, targets, num_classes=2)
    nearest = KNearestNeighbors(inputs, targets, num_classes=2, ties="nearest")
    np.testing.assert_array_equal(
        smallest_label.predict(queries, ks=[1, 2, 3, 4]), [[0, 1], [0, 0], [0, 0], [0, 0]]
    )
    np.testing.assert_array_equal(nearest.predict(queries, ks=[1, 2, 3, 4]), [[0, 1], [0, 1], [0, 0], [0, 1]])
    indices, distances = smallest_label.neighbors(queries, 2)
    np.testing.assert_array_equal(indices, [[1, 0], [0, 1]])
    np.testing.assert_allclose(distances, [[0.8, 1.2], [0.9, 1.1]])


def test_the_metric_decides() -> None:
    inputs, targets = np.array([[3, 3], [0, 5]], np.uint8), np.array([0, 1])
    query = np.zeros((1, 2), np.uint8)  # 4.2 and 5 away, or 6 and 5
    for metric, expected in (("euclidean", 0), ("l1", 1)):
        classifier = KNearestNeighbors(inputs, targets, num_classes=2, metric=metric)
        assert classifier.predict(query, ks=[1]) == [[expected]]


def test_same_predictions_as_scikit_learn(pixels: MnistPixels) -> None:
    ks = [1, 3, 5, 10]
    classifier = KNearestNeighbors(pixels.inputs, pixels.targets, num_classes=10)
    predictions = classifier.predict(pixels.queries, ks=ks)
    for k, row in zip(ks, predictions, strict=True):
        np.testing.assert_array_equal(row, scikit_learn(pixels, k).predict(pixels.queries.astype(np.float64)))


def test_ties_go_to_the_nearest_of_scikit_learns_neighbors(pixels: MnistPixels) -> None:
    ks = [1, 3, 5, 10]
    classifier = KNearestNeighbors(pixels.inputs, pixels.targets, num_classes=10, ties="nearest")
    predictions = classifier.predict(pixels.queries, ks=ks)
    neighbors = scikit_learn(pixels, max(ks)).kneighbors(
        pixels.queries.astype(np.float64), return_distance=False
    )
    labels = pixels.targets[neighbors]
    smallest_label = np.array([[elect(row[:k], "smallest_label") for row in labels.tolist()] for k in ks])
    nearest = np.array([[elect(row[:k], "nearest") for row in labels.tolist()] for k in ks])
    np.testing.assert_array_equal(predictions, nearest)
    assert (smallest_label != nearest).any(axis=1).tolist() == [False, True, True, True]


def test_unusable_arguments_are_refused() -> None:
    inputs, targets = np.zeros((3, 2), np.uint8), np.array([0, 1, 2])
    with pytest.raises(
        ArgumentError, match=re.escape("targets=int64 of shape (2,): expected whole numbers of shape (3,)")
    ):
        KNearestNeighbors(inputs, targets[:2], num_classes=3)
    with pytest.raises(ArgumentError, match="targets=float64 of shape"):
        KNearestNeighbors(inputs, cast(NDArray[np.int64], targets.astype(np.float64)), num_classes=3)
    with pytest.raises(ArgumentError, match="targets=0 to 2: expected classes from 0 to 1"):
        KNearestNeighbors(inputs, targets, num_classes=2)
    with pytest.raises(ArgumentError, match="targets=-1 to 1: expected classes from 0 to 2"):
        KNearestNeighbors(inputs, targets - 1, num_classes=3)
    with pytest.raises(ArgumentError, match="num_classes=0: expected a whole number of at least 1"):
        KNearestNeighbors(inputs, targets, num_classes=0)
    with pytest.raises(ArgumentError, match="ties=first: expected one of smallest_label, nearest"):
        KNearestNeighbors(inputs, targets, num_classes=3, ties="first")
    classifier = KNearestNeighbors(inputs, targets, num_classes=3)
    with pytest.raises(ArgumentError, match=re.escape("ks=[]: expected at least one number of neighbours")):
        classifier.predict(inputs, ks=[])
    with pytest.raises(ArgumentError, match="k=0: expected a whole number of at least 1"):
        classifier.predict(inputs, ks=[0, 1])
    with pytest.raises(ArgumentError, match="k=4: expected at most the number of examples, 3"):
        classifier.predict(inputs, ks=[1, 4])


FULL_MNIST = """
import resource
from scratchlab.neighbors import KNearestNeighbors
from tests.neighbors.mnist_pixels import MnistPixels

pixels = MnistPixels.read(60_000, 10_000)
classifier = KNearestNeighbors(pixels.inputs, pixels.targets, num_classes=10)
predictions = classifier.predict(pixels.queries, ks=[1, 100])
print((predictions[0] == pixels.query_targets).sum(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.usefixtures("mnist_files")
def test_all_of_mnist_in_bounded_memory() -> None:
    process = subprocess.run(
        [sys.executable, "-c", FULL_MNIST], cwd=ROOT, capture_output=True, text=True, check=True, timeout=3000
    )
    correct, peak_kibibytes = map(int, process.stdout.split())
    assert correct == 9691
    assert peak_kibibytes < 1024**2


@pytest.mark.slow
@pytest.mark.usefixtures("mnist_files")
def test_same_predictions_as_scikit_learn_on_all_of_mnist() -> None:
    pixels = MnistPixels.read(60_000, 10_000)
    ks = [1, 3, 5, 10]
    predictions = KNearestNeighbors(pixels.inputs, pixels.targets, num_classes=10).predict(
        pixels.queries, ks=ks
    )
    for k, row in zip(ks, predictions, strict=True):
        np.testing.assert_array_equal(row, scikit_learn(pixels, k).predict(pixels.queries.astype(np.float64)))
