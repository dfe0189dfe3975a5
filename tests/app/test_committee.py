import math

import numpy as np
import pytest

from scratchlab.app.committee import committee_signature, log_loss


def test_a_committee_is_its_members_in_whatever_order() -> None:
    assert committee_signature(["a", "b", "c"]) == committee_signature(["c", "a", "b"])
    assert committee_signature(["a", "b"]) != committee_signature(["a", "b", "c"])
    assert committee_signature(["a", "b"]) != committee_signature(["a", "a", "b"])


def test_the_loss_of_probabilities_by_hand() -> None:
    probs = np.array([[0.5, 0.5], [0.25, 0.75]])
    assert log_loss(probs, np.array([1, 0])) == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_the_loss_of_what_was_held_for_impossible_is_finite() -> None:
    """The smallest float32 that is not denormal is 2^-126."""
    assert log_loss(np.array([[0.0, 1.0]]), np.array([0])) == pytest.approx(126 * math.log(2))
