from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scratchlab.config.build import build, load
from scratchlab.nn import Linear
from scratchlab.nn.layers.layer import Array
from scratchlab.tasks.checklist import (
    check_curves,
    check_falling_loss,
    check_gradient,
    check_initial_loss,
    check_overfitting,
    checklist,
)
from tests.composed import built, composed

TOO_SLOW = "optimizer.lr=1e-6"


@pytest.fixture
def wrong_by_a_thousandth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A linear layer whose weights get a gradient that is too large by 0.1 %."""
    backward: Callable[..., Array] = Linear.backward

    def wrong(self: Linear, grad_outputs: Array, **options: Any) -> Array:
        grad_inputs = backward(self, grad_outputs, **options)
        self.grad_weight *= 1.001
        return grad_inputs

    monkeypatch.setattr(Linear, "backward", wrong)


@pytest.mark.parametrize(
    "overrides",
    [
        (),
        (
            "model.hidden=[20,10]",
            "model.activation=tanh",
            "regularization.dropout=0.5",
            "regularization.l2=0.1",
        ),
        ("model=linear", "loss=hinge"),
        ("model.norm=batch", "loss=binary_cross_entropy", "regularization.input_dropout=0.2"),
    ],
)
def test_a_right_gradient_passes(overrides: tuple[str, ...]) -> None:
    check = check_gradient(built(*overrides, dtype=np.float64))
    assert check.passed
    assert check.figure < 1e-6
    assert check.expected == "below 1e-05"
    assert check.shown == f"{check.figure:.1e}"


@pytest.mark.usefixtures("wrong_by_a_thousandth")
def test_a_gradient_wrong_by_a_thousandth_fails() -> None:
    check = check_gradient(built(dtype=np.float64))
    assert not check.passed
    assert check.figure == pytest.approx(1e-3, rel=0.01)
    assert check.name in {f"gradient, worst of 4 tensors (linear{number}.weight)" for number in (1, 2)}


def test_inputs_of_zeros_on_the_kink_of_every_unit_pass() -> None:
    parts = built(dtype=np.float64)
    parts.dataset.train.inputs[0] = 0
    assert check_gradient(parts).passed


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ((), "within 10 % of 2.3026"),  # log(10)
        (("loss=binary_cross_entropy",), "within 10 % of 6.9315"),  # 10 log(2)
        (("model=linear", "loss=hinge"), "within 10 % of 9.0000"),  # 9 margins of 1
    ],
)
def test_the_first_loss_is_that_of_equal_logits(overrides: tuple[str, ...], expected: str) -> None:
    check = check_initial_loss(built(*overrides))
    assert check.passed
    assert check.expected == expected


def test_logits_that_start_large_fail() -> None:
    parts = built()
    parts.network.params *= 10
    check = check_initial_loss(parts)
    assert not check.passed
    assert check.figure > 1.1 * np.log(10)
    assert check.shown == f"{check.figure:.4f}"


def test_ten_examples_are_learned_by_heart() -> None:
    check = check_overfitting(built())
    assert (check.figure, check.shown, check.passed) == (1.0, "100 %", True)
    assert check.name == "accuracy after 500 steps on 10 examples"


def test_what_cannot_learn_ten_examples_fails() -> None:
    check = check_overfitting(built(TOO_SLOW))
    assert check.figure < 1
    assert not check.passed


def test_a_loss_that_falls_passes_and_one_that_does_not_fails() -> None:
    falling, constant = check_falling_loss(built()), check_falling_loss(built(TOO_SLOW))
    assert falling.figure < 0.2
    assert falling.passed
    assert constant.figure == pytest.approx(1, abs=0.05)
    assert not constant.passed


def test_a_loss_that_diverges_fails_without_a_warning() -> None:
    check = check_falling_loss(built("optimizer=sgd", "optimizer.lr=1e30"))
    assert check.shown == "nan"
    assert not check.passed


def test_curves_are_sane_where_a_network_learns() -> None:
    accuracy, gap = check_curves(built())
    assert accuracy.passed
    assert gap.passed
    assert accuracy.figure > 0.85
    assert accuracy.name == "val accuracy after 3 epochs of 1,137"
    assert accuracy.expected == "above 20 %, twice chance"


def test_of_two_classes_more_than_chance_is_demanded_but_no_more_than_possible() -> None:
    config = composed("data=spiral", "data.num_classes=2")
    accuracy, _ = check_curves(build(config, load(config)))
    assert accuracy.expected == "above 75 %, halfway from chance to 100 %"


def test_curves_of_a_network_that_learns_too_slowly_fail() -> None:
    accuracy, _ = check_curves(built(TOO_SLOW))
    assert accuracy.figure < 0.2
    assert not accuracy.passed


def test_curves_that_are_far_apart_fail() -> None:
    _, gap = check_curves(built("data.limit_train=10"), num_epochs=50)
    assert gap.figure > 0.3
    assert not gap.passed


def test_without_validation_examples_the_training_curve_is_looked_at() -> None:
    [accuracy] = check_curves(built("data.num_val=0"))
    assert accuracy.name == "train accuracy after 3 epochs of 1,437"
    assert accuracy.passed


def test_the_list_goes_from_the_gradient_to_the_curves_in_their_precision() -> None:
    precisions: list[type[np.floating]] = []

    def build_parts(dtype: type[np.floating]) -> Any:
        precisions.append(dtype)
        return built("model.hidden=20", dtype=dtype)

    keys = [check.key for check in checklist(build_parts)]
    assert keys == [
        *("gradient_error", "initial_loss", "overfit_accuracy"),
        *("falling_loss", "curve_accuracy", "curve_gap"),
    ]
    assert precisions == [np.float64, np.float32, np.float32, np.float32, np.float32]
