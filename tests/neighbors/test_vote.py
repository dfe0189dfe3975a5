import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.neighbors import vote
from tests.neighbors.brute_force import elect


@pytest.mark.parametrize(
    ("labels", "smallest_label", "nearest"),
    [
        ([7], 7, 7),
        ([3, 1, 1], 1, 1),
        ([3, 1], 1, 3),
        ([2, 3, 1, 1, 3], 1, 3),  # 2 is nearest, but has fewer votes
        ([1, 0, 2, 2, 0], 0, 0),
        ([1, 2, 0, 0, 2], 0, 2),
    ],
)
def test_worked_votes(labels: list[int], smallest_label: int, nearest: int) -> None:
    ballot = np.array([labels])
    assert vote(ballot, num_classes=10) == [smallest_label]
    assert vote(ballot, num_classes=10, ties="smallest_label") == [smallest_label]
    assert vote(ballot, num_classes=10, ties="nearest") == [nearest]


@pytest.mark.parametrize("ties", ["smallest_label", "nearest"])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 10])
def test_same_as_counting_by_hand(ties: str, k: int) -> None:
    labels = np.random.default_rng(0).integers(0, 4, (1000, k), dtype=np.uint64)
    expected = [elect(row, ties) for row in labels.tolist()]
    predictions = vote(labels, num_classes=4, ties=ties)
    np.testing.assert_array_equal(predictions, expected)
    assert predictions.dtype == np.int64


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ArgumentError, match="ties=closest: expected one of smallest_label, nearest"):
        vote(np.zeros((1, 1), np.int64), num_classes=2, ties="closest")
