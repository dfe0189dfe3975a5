from functools import partial

import numpy as np
import pytest
from omegaconf import DictConfig, OmegaConf

from scratchlab.arguments import ArgumentError
from scratchlab.config.build import build, load, part
from scratchlab.nn import SGD, Adam, ClippedGradients, Dropout, Linear, Momentum, cross_entropy
from scratchlab.training import Callback, EarlyStopping, MaxNorm, WeightAverage
from tests.composed import built, composed


def test_every_group_becomes_the_part_that_it_names() -> None:
    parts = built("model.hidden=[30,20]", "optimizer=adam", "optimizer.beta1=0.5", "regularization.l2=0.25")
    assert parts.dataset.name == "digits"
    shapes = [layer.weight.shape for layer in parts.network.layers if isinstance(layer, Linear)]
    assert shapes == [(64, 30), (30, 20), (20, 10)]
    assert parts.network.l2 == 0.25
    assert isinstance(parts.optimizer, Adam)
    assert (parts.optimizer.beta1, parts.optimizer.beta2) == (0.5, 0.999)


def test_the_learning_rate_is_the_schedules_stretched_over_the_run() -> None:
    parts = built("optimizer.lr=0.5", "schedule=exponential", "trainer.epochs=3", "trainer.batch_size=500")
    num_steps = 3 * 3  # 1,137 images are two batches of 500 and one of 137
    rates = [parts.schedule(step) for step in range(num_steps + 1)]
    assert rates == pytest.approx(np.geomspace(0.5, 0.5 * 0.01, num_steps + 1))


def test_a_run_that_is_cut_short_has_the_schedule_of_a_short_run() -> None:
    parts = built("optimizer.lr=0.5", "schedule=exponential", "trainer.max_steps=4")
    assert parts.schedule(4) == pytest.approx(0.5 * 0.01)


def test_the_regularization_is_spread_over_the_parts() -> None:
    plain = built()
    assert plain.callbacks == ()
    assert isinstance(plain.optimizer, Momentum)
    assert not [layer for layer in plain.network.layers if isinstance(layer, Dropout)]
    overrides = (
        "dropout=0.25",
        "max_norm=2",
        "clip_norm=3",
        "patience=4",
        "label_smoothing=0.1",
        "ema_decay=0.9",
    )
    parts = built(*(f"regularization.{override}" for override in overrides))
    assert [layer.rate for layer in parts.network.layers if isinstance(layer, Dropout)] == [0.25]
    assert isinstance(parts.optimizer, ClippedGradients)
    assert [type(callback) for callback in parts.callbacks] == [MaxNorm, WeightAverage, EarlyStopping]
    logits, targets = np.array([[3.0, 0.0, 0.0]]), np.array([0])
    assert parts.loss_fn(logits, targets)[0] == cross_entropy(logits, targets, label_smoothing=0.1)[0]


def test_a_trainer_has_the_callbacks_of_the_parts_before_its_own() -> None:
    parts, own = built("regularization.max_norm=2", "trainer.epochs=7"), Callback()
    trainer = parts.trainer(own)
    assert trainer.callbacks == (*parts.callbacks, own)
    assert (trainer.epochs, trainer.batch_size, trainer.max_steps) == (7, 200, None)
    assert trainer.network is parts.network
    assert trainer.rng is parts.batches_rng


def test_the_precision_of_a_network_can_be_chosen() -> None:
    assert built().network.params.dtype == np.float32
    assert built(dtype=np.float64).network.params.dtype == np.float64


DROPOUT = "regularization.dropout=0.5"


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_gives_the_same_random_numbers(seed: int) -> None:
    one, other = built(f"seed={seed}", DROPOUT), built(f"seed={seed}", DROPOUT)
    assert np.array_equal(one.network.params, other.network.params)
    assert one.batches_rng.bit_generator.state == other.batches_rng.bit_generator.state
    assert one.network.rng.bit_generator.state == other.network.rng.bit_generator.state


def test_another_seed_gives_other_weights_batches_and_dropout() -> None:
    one, other = built("seed=0", DROPOUT), built("seed=1", DROPOUT)
    weights = slice(one.network.num_weights)
    assert not np.any(one.network.params[weights] == other.network.params[weights])
    assert one.batches_rng.bit_generator.state != other.batches_rng.bit_generator.state
    assert one.network.rng.bit_generator.state != other.network.rng.bit_generator.state


def test_batches_and_network_draw_from_streams_of_their_own() -> None:
    small, large = built("model.hidden=5"), built("model.hidden=500")
    assert small.batches_rng.bit_generator.state == large.batches_rng.bit_generator.state


@pytest.mark.parametrize("num_val", [0, 300])
def test_a_data_set_is_loaded_as_composed(num_val: int) -> None:
    dataset = load(composed("data=digits", f"data.num_val={num_val}", "data.limit_test=7"))
    assert (len(dataset.train), len(dataset.val), len(dataset.test)) == (1437 - num_val, num_val, 7)


def group(**values: object) -> DictConfig:
    config = OmegaConf.create(values)
    OmegaConf.set_struct(config, True)
    return config


MOMENTUM = "scratchlab.nn.Momentum"


def test_a_part_gets_its_values_and_what_it_takes_of_the_offers() -> None:
    momentum = part(group(_target_=MOMENTUM), momentum=0.25, nobody_takes_this=1)
    assert isinstance(momentum, Momentum)
    assert momentum.momentum == 0.25
    assert part(group(_target_=MOMENTUM, momentum=0.5)).momentum == 0.5


def test_what_is_aside_does_not_reach_the_part() -> None:
    node = group(_target_="scratchlab.nn.SGD", lr=0.5)
    with pytest.raises(ArgumentError, match=r"^lr=0.5: expected nothing: there are no keys to set$"):
        part(node)
    assert isinstance(part(node, aside=["lr"]), SGD)
    assert node.lr == 0.5


def test_values_are_plain_and_resolved_where_they_are() -> None:
    mlp = {"_target_": "scratchlab.nn.mlp", "hidden": ["${width}", 4]}
    config = OmegaConf.create({"width": 3, "model": mlp})
    layers = part(config.model, num_features=2, num_classes=5)
    shapes = [layer.shapes["weight"] for layer in layers if isinstance(layer, Linear)]
    assert shapes == [(2, 3), (3, 4), (4, 5)]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("momentun", "one of the keys lr, momentum, did you mean momentum?"),
        ("foo", "one of the keys lr, momentum"),
    ],
)
def test_a_key_that_the_part_does_not_know(key: str, expected: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        part(group(_target_=MOMENTUM, **{key: 3}), aside=["lr"])
    assert str(caught.value) == f"{key}=3: expected {expected}"


def test_what_is_offered_cannot_be_typed() -> None:
    with pytest.raises(ArgumentError, match=r"^root=/elsewhere: expected one of the keys mirrors, num_val, "):
        part(group(_target_="scratchlab.data.mnist", root="/elsewhere"), root="/project")


def test_what_a_partial_part_is_given_later_cannot_be_typed() -> None:
    loss_fn = part(group(_target_="scratchlab.nn.cross_entropy", _partial_=True, label_smoothing=0.5))
    logits, targets = np.zeros((1, 4)), np.zeros(1, int)
    assert loss_fn(logits, targets)[0] == pytest.approx(np.log(4))
    assert type(loss_fn) is partial  # and not what Hydra makes, whose calls take longer than the loss
    with pytest.raises(ArgumentError, match=r"^logits=1: expected one of the keys label_smoothing$"):
        part(group(_target_="scratchlab.nn.cross_entropy", _partial_=True, logits=1))


@pytest.mark.parametrize(
    "override",
    ["+trainer.foo=1", "regularization.label_smoothing=2", "schedule.warmup_fraction=1", "seed=-1"],
)
def test_whatever_is_wrong_is_found_when_the_parts_are_built(override: str) -> None:
    config = composed("data=digits", override)
    dataset = load(config)
    with pytest.raises(ArgumentError):
        build(config, dataset)


def test_a_layer_that_cannot_use_the_inputs_says_so_before_a_run_is_started() -> None:
    config = composed("data=digits", "model=deslanted", "data.preprocessing=standardize")
    with pytest.raises(ArgumentError, match=r"^deslant=true: expected ink on a background of 0"):
        build(config, load(config))
