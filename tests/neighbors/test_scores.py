from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.neighbors import scores
from scratchlab.neighbors.metric import Euclidean, Vectors
from scratchlab.neighbors.scores import Scorer, Scores
from tests.neighbors.black_and_white import black_and_white


def vectors(kind: str) -> tuple[Vectors, Vectors]:
    """600 examples and 20 queries whose products float32 cannot hold."""
    if kind == "black and white":
        return black_and_white(600, 20)
    inputs, queries = np.random.default_rng(0).random((2, 600, 10))
    inputs[0] *= 1e6
    return inputs, queries[:20]


def scored(inputs: Vectors, queries: Vectors) -> Iterator[tuple[Scores, NDArray[np.float64]]]:
    """Scores with the exact squared distances that they stand for; float64 holds all numbers involved."""
    for some in Scorer(inputs, Euclidean(inputs)).score(queries):
        differences = queries[some.queries, np.newaxis].astype(np.float64) - inputs
        yield some, np.sum(differences**2, axis=2)


@pytest.mark.parametrize("kind", ["black and white", "an outlier"])
def test_scores_are_off_by_no_more_than_the_slack(kind: str) -> None:
    for some, exact in scored(*vectors(kind)):
        errors = np.abs(some.values + some.squares[:, np.newaxis] - exact)
        assert errors.max() > 1
        assert (errors <= some.slack[:, np.newaxis]).all()


def test_float32_alone_puts_neighbors_in_the_wrong_order() -> None:
    for some, exact in scored(*vectors("black and white")):
        in_float32, expected = (np.argsort(x, axis=1, kind="stable")[:, :10] for x in (some.values, exact))
        assert (in_float32 != expected).any(axis=1).mean() > 0.5


@pytest.mark.parametrize("kind", ["black and white", "an outlier"])
@pytest.mark.parametrize("k", [1, 7, 100, 599, 600])
def test_at_least_k_examples_are_within_the_bound_of_k(kind: str, k: int) -> None:
    for some, exact in scored(*vectors(kind)):
        bound = some.bound_of(k)
        assert (np.sum(exact <= bound[:, np.newaxis], axis=1) >= k).all()
        rows, examples = some.within(bound)
        listed = np.zeros(exact.shape, bool)
        listed[rows, examples] = True
        assert listed[exact <= bound[:, np.newaxis]].all()
        assert (np.diff(rows * exact.shape[1] + examples) > 0).all()


def test_queries_are_scored_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "_PRODUCT_SIZE", 6 * 600)
    monkeypatch.setattr(scores, "_PART_SIZE", 2 * 600)
    inputs, queries = vectors("black and white")
    parts = [(some.queries.start, some.queries.stop) for some, _ in scored(inputs, queries[:12])]
    assert parts == [(0, 3), (3, 6), (6, 7), (7, 10), (10, 12)]
    assert list(scored(inputs, queries[:0])) == []
