from dataclasses import fields

import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.config.regularization import Regularization
from scratchlab.nn import ClippedGradients, GaussianNoise, Momentum
from scratchlab.training import EarlyStopping, MaxNorm, WeightAverage
from tests.composed import built, composed


def regularization(
    *,
    ema_decay: float | None = None,
    max_norm: float | None = None,
    clip_norm: float | None = None,
    patience: int | None = None,
    label_smoothing: float = 0.0,
    dropout: float = 0.0,
    input_dropout: float = 0.0,
    noise: float = 0.0,
    input_noise: float = 0.0,
) -> Regularization:
    return Regularization(
        l2=0.0,
        dropout=dropout,
        input_dropout=input_dropout,
        noise=noise,
        input_noise=input_noise,
        label_smoothing=label_smoothing,
        ema_decay=ema_decay,
        max_norm=max_norm,
        clip_norm=clip_norm,
        patience=patience,
    )


def test_without_a_limit_the_optimizer_stays_as_it_is() -> None:
    optimizer = Momentum()
    assert regularization().clipped(optimizer) is optimizer


def test_gradients_are_clipped_at_the_limit() -> None:
    optimizer = Momentum()
    clipped = regularization(clip_norm=2.5).clipped(optimizer)
    assert isinstance(clipped, ClippedGradients)
    assert (clipped.optimizer, clipped.clip_norm) == (optimizer, 2.5)


def test_what_acts_around_the_steps_is_there_only_where_it_is_asked_for() -> None:
    assert regularization().callbacks() == []
    [max_norm] = regularization(max_norm=3.0).callbacks()
    assert isinstance(max_norm, MaxNorm)
    [patience] = regularization(patience=5).callbacks()
    assert isinstance(patience, EarlyStopping)
    [average] = regularization(ema_decay=0.99).callbacks()
    assert isinstance(average, WeightAverage)


def test_the_average_is_that_of_weights_within_the_norm_and_decides_when_to_stop() -> None:
    all_three = regularization(ema_decay=0.99, max_norm=3.0, patience=5).callbacks()
    assert [type(callback) for callback in all_three] == [MaxNorm, WeightAverage, EarlyStopping]


@pytest.mark.parametrize("value", [1.0, -0.5, 2.0])
def test_fractions_are_checked_whatever_reads_them(value: float) -> None:
    expected = f"={value}: expected a number from 0 to below 1$"
    with pytest.raises(ArgumentError, match=f"^dropout{expected}"):
        regularization(dropout=value)
    with pytest.raises(ArgumentError, match=f"^input_dropout{expected}"):
        regularization(input_dropout=value)
    with pytest.raises(ArgumentError, match=f"^label_smoothing{expected}"):
        regularization(label_smoothing=value)


@pytest.mark.parametrize("value", [-0.1, float("nan"), "loud"])
def test_noise_is_checked_whatever_reads_it(value: float) -> None:
    expected = f"={value}: expected a number of at least 0$"
    with pytest.raises(ArgumentError, match=f"^noise{expected}"):
        regularization(noise=value)
    with pytest.raises(ArgumentError, match=f"^input_noise{expected}"):
        regularization(input_noise=value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ema_decay=1", "a number from 0 to below 1"),
        ("noise=-1", "a number of at least 0"),
        ("input_noise=-1", "a number of at least 0"),
        ("max_norm=0", "a number above 0"),
        ("clip_norm=-1", "a number above 0"),
        ("patience=0", "a whole number of at least 1"),
        ("patience=1.5", "a whole number of at least 1"),
        ("label_smoothing=1", "a number from 0 to below 1"),
        ("label_smoothing=-0.1", "a number from 0 to below 1"),
        ("input_dropout=1", "a number from 0 to below 1"),
        ("l2=-1", "a number of at least 0"),
    ],
)
def test_a_value_out_of_range_is_refused_before_anything_is_built(value: str, expected: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{value}: expected {expected}$"):
        built(f"regularization.{value}")


@pytest.mark.parametrize("option", ["none", "l2", "dropout", "max_norm"])
def test_every_option_of_the_group_sets_every_value(option: str) -> None:
    group = composed(f"regularization={option}").regularization
    assert {str(key) for key in group if key != "_target_"} == {
        field.name for field in fields(Regularization)
    }


def test_no_regularization_does_nothing() -> None:
    parts = built("regularization=none")
    assert parts.network.l2 == 0
    assert parts.network.names == ["linear1", "relu1", "linear2"]
    assert parts.callbacks == ()


def test_the_recipe_of_srivastava_drops_inputs_and_outputs_and_keeps_units_small() -> None:
    parts = built("regularization=max_norm")
    assert parts.network.names == ["dropout1", "linear1", "relu1", "dropout2", "linear2"]
    assert [type(callback) for callback in parts.callbacks] == [MaxNorm]


def test_the_recipe_of_rasmus_adds_noise_to_inputs_and_to_what_is_normalised() -> None:
    parts = built("regularization.input_noise=0.3", "regularization.noise=0.5", "model.norm=batch")
    assert parts.network.names == [
        *("gaussiannoise1", "linear1", "batchnorm1", "gaussiannoise2", "relu1", "linear2"),
    ]
    assert [layer.std for layer in parts.network.layers if isinstance(layer, GaussianNoise)] == [0.3, 0.5]
