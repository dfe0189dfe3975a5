import importlib

import numpy as np
import pytest

from scratchlab.metrics import accuracy, confusion_matrix, precision_and_recall

PREDICTIONS = np.array([0, 1, 1, 2, 0, 1])
TARGETS = np.array([0, 1, 2, 2, 1, 2])


def test_accuracy_is_the_fraction_that_is_right() -> None:
    assert accuracy(PREDICTIONS, TARGETS) == 3 / 6
    assert accuracy(TARGETS, TARGETS) == 1
    assert type(accuracy(TARGETS, TARGETS)) is float


def test_the_confusion_matrix_has_the_true_classes_in_rows_and_the_predictions_in_columns() -> None:
    assert confusion_matrix(PREDICTIONS, TARGETS, 3).tolist() == [[1, 0, 0], [1, 1, 0], [0, 2, 1]]


def test_classes_that_do_not_occur_have_their_row_and_column() -> None:
    matrix = confusion_matrix(np.array([1]), np.array([0]), 4)
    assert matrix.shape == (4, 4)
    assert matrix[0, 1] == matrix.sum() == 1


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_a_hundred_classes_fit_whatever_type_their_ids_have(dtype: type[np.integer]) -> None:
    # 99 * 100 + 99 does not fit into 8 bits.
    ids = np.arange(100, dtype=dtype)
    assert (confusion_matrix(ids, ids, 100) == np.eye(100)).all()


def test_the_diagonal_of_the_confusion_matrix_is_what_accuracy_counts() -> None:
    rng = np.random.default_rng(0)
    predictions, targets = rng.integers(10, size=500), rng.integers(10, size=500)
    matrix = confusion_matrix(predictions, targets, 10)
    assert matrix.sum() == 500
    assert np.trace(matrix) / 500 == pytest.approx(accuracy(predictions, targets))


@pytest.mark.parametrize("num_classes", [2, 5, 12])
def test_precision_and_recall_are_those_of_scikit_learn(num_classes: int) -> None:
    rng = np.random.default_rng(num_classes)
    targets = rng.integers(min(num_classes, 10), size=80)
    predictions = np.where(rng.random(80) < 0.6, targets, rng.integers(1, num_classes, size=80))
    oracle = importlib.import_module("sklearn.metrics").precision_recall_fscore_support
    expected = oracle(targets, predictions, labels=range(num_classes), zero_division=np.nan)
    found = precision_and_recall(confusion_matrix(predictions, targets, num_classes))
    np.testing.assert_allclose(found, expected[:2])


def test_a_class_that_is_never_predicted_has_no_precision_and_one_without_examples_no_recall() -> None:
    precision, recall = precision_and_recall(np.array([[0, 2], [0, 0]]))
    assert np.isnan(precision).tolist() == [True, False]
    assert recall[0] == precision[1] == 0
    assert np.isnan(recall[1])
