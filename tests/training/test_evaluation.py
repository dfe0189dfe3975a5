import math

import numpy as np
import pytest

from scratchlab.data import Split
from scratchlab.nn import cross_entropy
from scratchlab.training import Evaluation, evaluate, logits_of, score
from scratchlab.training.evaluation import CHUNK
from tests.training.toys import blobs, network


def test_score_on_worked_numbers() -> None:
    # Probabilities of the targets: 1/2, 3/4, 1/4; of equal logits the first class is predicted.
    logits = np.array([[0.0, 0.0], [0.0, math.log(3)], [0.0, math.log(3)]])
    found = score(logits, np.array([0, 1, 0]), cross_entropy)
    assert isinstance(found, Evaluation)
    assert found.loss == pytest.approx((math.log(2) + math.log(4 / 3) + math.log(4)) / 3)
    assert found.accuracy == pytest.approx(2 / 3)


@pytest.mark.parametrize("num_examples", [1, CHUNK - 1, CHUNK, 2 * CHUNK + 1])
def test_logits_of_any_number_of_examples_are_those_of_each(num_examples: int) -> None:
    net, split = network(), blobs(num_examples)
    logits = logits_of(net, split)
    assert logits.shape == (num_examples, 3)
    for index in {0, num_examples // 2, num_examples - 1}:
        alone = net.forward(split.inputs[index : index + 1], training=False)
        assert logits[index] == pytest.approx(alone[0], rel=1e-5)


def test_logits_stay_when_the_network_goes_on() -> None:
    net, split = network(), blobs(5)
    logits = logits_of(net, split)
    before = logits.copy()
    net.forward(split.inputs[::-1].copy(), training=False)
    assert (logits == before).all()


def test_a_chunk_that_is_smaller_counts_by_its_examples() -> None:
    # All of the last chunk's one example is wrong: a mean of chunk means would be off by a third.
    net, split = network(), blobs(2 * CHUNK + 1)
    targets = logits_of(net, split).argmax(axis=1)
    targets[-1] = (targets[-1] + 1) % 3
    accuracy = evaluate(net, cross_entropy, Split(split.inputs, targets)).accuracy
    assert accuracy == pytest.approx(2 * CHUNK / (2 * CHUNK + 1), rel=1e-12)


def test_nothing_is_dropped() -> None:
    split = blobs(50)
    dropping, whole = network(dropout=0.9), network()
    assert evaluate(dropping, cross_entropy, split) == evaluate(whole, cross_entropy, split)
