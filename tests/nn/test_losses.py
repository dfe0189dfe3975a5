import math

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.nn import Array, Loss, Targets, binary_cross_entropy, cross_entropy, hinge, softmax
from tests.nn.differences import numeric_gradient

LOSSES = [cross_entropy, binary_cross_entropy, hinge]
LOG_ODDS_1_TO_3 = math.log(3)


def random_batch(n: int = 6, k: int = 4, *, scale: float = 2.0) -> tuple[Array, Targets]:
    rng = np.random.default_rng(0)
    return scale * rng.standard_normal((n, k)), rng.integers(k, size=n)


def test_softmax_on_worked_numbers() -> None:
    logits = np.log([[1.0, 1.0, 2.0], [1.0, 3.0, 6.0]])
    assert softmax(logits) == pytest.approx(np.array([[0.25, 0.25, 0.5], [0.1, 0.3, 0.6]]))


def test_softmax_far_out() -> None:
    probs = softmax(np.array([[1000.0, -1000.0], [-1000.0, -1000.0], [1000.0, 1000.0]]))
    assert probs.tolist() == [[1, 0], [0.5, 0.5], [0.5, 0.5]]


def test_cross_entropy_on_worked_numbers() -> None:
    # Probabilities (1/4, 3/4) and (1/2, 1/2): losses log(4/3) and log(2).
    loss, grad_logits = cross_entropy(np.array([[0.0, LOG_ODDS_1_TO_3], [5.0, 5.0]]), np.array([1, 0]))
    assert loss == pytest.approx((math.log(4 / 3) + math.log(2)) / 2)
    assert grad_logits == pytest.approx(np.array([[1 / 8, -1 / 8], [-1 / 4, 1 / 4]]))


def test_binary_cross_entropy_on_worked_numbers() -> None:
    # Outputs 3/4 and 1/2, of which the second should be 1: -log(1 - 3/4) - log(1/2) = log(8).
    logits, targets = np.array([[LOG_ODDS_1_TO_3, 0.0]]), np.array([1])
    loss, grad_logits = binary_cross_entropy(logits, targets)
    assert loss == pytest.approx(math.log(8))
    assert grad_logits == pytest.approx(np.array([[3 / 4, -1 / 2]]))
    assert binary_cross_entropy(logits.repeat(2, axis=0), np.array([1, 0]))[0] == pytest.approx(
        (math.log(8) + math.log(8 / 3)) / 2  # summed over the outputs, mean over the batch
    )


def test_hinge_on_worked_numbers() -> None:
    # The first example of CS231n's notes: 13 - (-7) is far beyond the margin, 11 is not.
    logits, targets = np.array([[13.0, -7.0, 11.0], [2.0, 1.5, 0.0]]), np.array([0, 0])
    loss, grad_logits = hinge(logits, targets)
    assert loss == pytest.approx((0 + 0.5) / 2)
    assert grad_logits.tolist() == [[0, 0, 0], [-0.5, 0.5, 0]]


def test_hinge_of_the_three_images_of_cs231ns_lecture() -> None:
    # Lecture 3 adds up 2.9, 0 and 12.9: a cat, a car and a frog, of which only the car is told apart.
    logits = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    loss, grad_logits = hinge(logits, np.array([0, 1, 2]))
    assert loss == pytest.approx((2.9 + 0 + 12.9) / 3)
    assert 3 * grad_logits == pytest.approx(np.array([[-1, 1, 0], [0, 0, 0], [1, 1, -2]]))


def test_a_logit_right_at_the_margin_costs_nothing_and_pulls_nothing() -> None:
    loss, grad_logits = hinge(np.array([[1.0, 0.0]]), np.array([0]))
    assert loss == 0
    assert grad_logits.tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("loss_fn", "expected"),
    [(cross_entropy, math.log(10)), (binary_cross_entropy, 10 * math.log(2)), (hinge, 9.0)],
)
def test_equal_logits_give_the_loss_of_ignorance(loss_fn: Loss, expected: float) -> None:
    assert loss_fn(np.zeros((7, 10)), np.arange(7))[0] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("loss_fn", LOSSES)
def test_grad_logits_is_the_derivative_of_the_loss(loss_fn: Loss) -> None:
    logits, targets = random_batch()
    _, grad_logits = loss_fn(logits, targets)
    numeric = numeric_gradient(lambda: loss_fn(logits, targets)[0], logits)
    assert grad_logits == pytest.approx(numeric, abs=1e-9)


@pytest.mark.parametrize(
    ("loss_fn", "expected", "expected_grad"),
    [
        (cross_entropy, 2000, [1, -1, 0]),
        (binary_cross_entropy, 1000 + 1000, [1, -1, 0]),
        (hinge, 2001 + 1, [1, -2, 1]),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_losses_are_exact_and_their_gradients_finite(
    loss_fn: Loss, expected: float, expected_grad: list[float], dtype: type[np.floating]
) -> None:
    logits = np.array([[1000, -1000, -1000]], dtype=dtype)
    loss, grad_logits = loss_fn(logits, np.array([1]))
    assert loss == expected
    assert grad_logits.tolist() == [expected_grad]
    loss, grad_logits = loss_fn(logits, np.array([0]))
    assert loss == 0
    assert grad_logits.tolist() == [[0, 0, 0]]


@pytest.mark.parametrize("loss_fn", [cross_entropy, hinge])
def test_a_constant_added_to_all_logits_changes_nothing(loss_fn: Loss) -> None:
    logits, targets = random_batch()
    loss, grad_logits = loss_fn(logits, targets)
    shifted_loss, shifted_grad = loss_fn(logits + 512, targets)
    assert shifted_loss == pytest.approx(loss)
    assert shifted_grad == pytest.approx(grad_logits)
    assert grad_logits.sum(axis=1) == pytest.approx(np.zeros(6), abs=1e-15)


@pytest.mark.parametrize("loss_fn", LOSSES)
def test_a_loss_keeps_the_type_and_the_logits_it_is_given(loss_fn: Loss) -> None:
    logits, targets = random_batch()
    in_float32 = logits.astype(np.float32)
    loss, grad_logits = loss_fn(in_float32, targets)
    assert type(loss) is float
    assert grad_logits.dtype == np.float32
    assert (in_float32 == logits.astype(np.float32)).all()
    assert loss == pytest.approx(loss_fn(logits, targets)[0], rel=1e-6)


def test_smoothed_labels_are_a_mixture_of_the_target_and_all_classes() -> None:
    logits, targets = random_batch(n=1)
    # The cross-entropy is linear in the target distribution: 0.7 of one class and 0.3 of all in equal parts.
    of_each_class = [cross_entropy(logits, np.array([k])) for k in range(4)]
    expected_loss = 0.7 * of_each_class[targets[0]][0] + 0.3 * np.mean([loss for loss, _ in of_each_class])
    expected_grad = 0.7 * of_each_class[targets[0]][1] + 0.3 * np.mean(
        [grad_logits for _, grad_logits in of_each_class], axis=0
    )
    loss, grad_logits = cross_entropy(logits, targets, label_smoothing=0.3)
    assert loss == pytest.approx(expected_loss)
    assert grad_logits == pytest.approx(expected_grad)


def test_label_smoothing_on_worked_numbers() -> None:
    # Of two classes a smoothing of 0.2 makes the target distribution (0.9, 0.1); the network says (1/4, 3/4).
    loss, grad_logits = cross_entropy(np.array([[0.0, LOG_ODDS_1_TO_3]]), np.array([0]), label_smoothing=0.2)
    assert loss == pytest.approx(0.9 * math.log(4) + 0.1 * math.log(4 / 3))
    assert grad_logits == pytest.approx(np.array([[1 / 4 - 0.9, 3 / 4 - 0.1]]))


def test_smoothed_labels_are_met_by_logits_that_are_finite() -> None:
    # 0.3 spread over four classes: 0.775 for the target and 0.075 for each other, whose entropy is the least loss.
    distribution = np.array([[0.075, 0.775, 0.075, 0.075]])
    loss, grad_logits = cross_entropy(np.log(distribution), np.array([1]), label_smoothing=0.3)
    assert loss == pytest.approx(-float(np.sum(distribution * np.log(distribution))))
    assert grad_logits == pytest.approx(np.zeros((1, 4)), abs=1e-15)


@pytest.mark.parametrize("label_smoothing", [1, 2, -0.1])
def test_label_smoothing_is_a_fraction_below_one(label_smoothing: float) -> None:
    expected = f"^label_smoothing={label_smoothing}: expected a number from 0 to below 1$"
    with pytest.raises(ArgumentError, match=expected):
        cross_entropy(np.zeros((1, 2)), np.array([0]), label_smoothing=label_smoothing)
