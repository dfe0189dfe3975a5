"""What a seed covers: the initial weights, the order of the examples, and dropout, to the last bit."""

import pytest

from scratchlab.nn import Array
from tests.training.toys import NOTHING, blobs, network, trainer

TRAIN = blobs(60)


def trained(*, network_seed: int = 0, batches_seed: int = 0, dropout: float = 0.0) -> Array:
    """Return the parameters after training."""
    toy = trainer(network=network(network_seed, dropout=dropout), seed=batches_seed)
    toy.fit(TRAIN, NOTHING)
    return toy.network.params


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_the_same_seed_gives_the_same_weights_to_the_last_bit(dropout: float) -> None:
    assert trained(dropout=dropout).tobytes() == trained(dropout=dropout).tobytes()


def test_another_seed_gives_other_initial_weights() -> None:
    first, second = network(0), network(1)
    assert (first.params[: first.num_weights] != second.params[: second.num_weights]).all()


def test_another_order_of_the_examples_gives_other_weights() -> None:
    assert trained().tobytes() != trained(batches_seed=1).tobytes()


def test_another_seed_drops_others() -> None:
    start = network(0, dropout=0.5).state()
    ends = []
    for seed in (0, 1):
        dropping = network(seed, dropout=0.5)
        dropping.load_state(start)  # all that is left of the seed are the masks
        trainer(network=dropping).fit(TRAIN, NOTHING)
        ends.append(dropping.params)
    assert ends[0].tobytes() != ends[1].tobytes()


def test_evaluations_draw_nothing() -> None:
    watched, unwatched = network(0, dropout=0.5), network(0, dropout=0.5)
    trainer(network=watched).fit(TRAIN, blobs(30, seed=1))
    trainer(network=unwatched).fit(TRAIN, NOTHING)
    assert watched.params.tobytes() == unwatched.params.tobytes()
