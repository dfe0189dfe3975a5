import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.neighbors.metric import L1, Euclidean, Metric, Vectors


def embedded(metric: Metric, vectors: Vectors) -> NDArray[np.float32]:
    out = np.empty((len(vectors), metric.embedded_features), np.float32)
    metric.embed(vectors, out=out)
    return out


def squared_distances(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    differences = a[:, np.newaxis].astype(np.float64) - b
    return np.sum(differences**2, axis=-1)


def vectors(kind: str, count: int, rng: np.random.Generator) -> Vectors:
    if kind == "pixels":
        return rng.integers(0, 256, (count, 20), dtype=np.uint8)
    if kind == "few levels":
        return rng.choice(np.array([0, 1, 255], np.uint8), (count, 20))
    if kind == "scales":
        return rng.standard_normal((count, 20)) * np.logspace(-18, 6, 20)
    return 1e15 - rng.integers(0, 9, (count, 20)) / 8  # neighbouring numbers of float64


KINDS = ["pixels", "few levels", "scales", "offset"]


def test_measures_and_distances_of_a_worked_pair() -> None:
    inputs = np.zeros((1, 2))
    measures = {}
    for metric in (Euclidean(inputs), L1(inputs)):
        measure = metric.measure(np.array([[3.0, -4.0]]))
        measures[type(metric)] = measure.item(), metric.distances(measure).item()
    assert measures == {Euclidean: (25, 5), L1: (7, 7)}


def test_euclidean_embedding_is_the_vector_relative_to_the_mean() -> None:
    inputs = np.array([[0, 10], [4, 30]], np.uint8)
    np.testing.assert_array_equal(embedded(Euclidean(inputs), inputs), [[-2, -10], [2, 10]])


@pytest.mark.parametrize("kind", KINDS)
def test_euclidean_embedding_keeps_distances(kind: str) -> None:
    rng = np.random.default_rng(0)
    inputs, queries = vectors(kind, 50, rng), vectors(kind, 30, rng)
    metric = Euclidean(inputs)
    exact = np.sum((queries.astype(np.float64)[:, np.newaxis] - inputs) ** 2, axis=-1)
    kept = squared_distances(embedded(metric, queries), embedded(metric, inputs))
    np.testing.assert_allclose(kept, exact, rtol=1e-5)


def test_l1_embedding_of_a_worked_feature() -> None:
    # from 0 to 16 in four levels of height 4: 7 fills the first and three quarters of the second
    metric = L1(np.array([[0], [16]], np.uint8))
    levels = embedded(metric, np.array([[7], [0], [16]], np.uint8)) * np.sqrt(np.float32(4))
    np.testing.assert_array_equal(levels, [[4, 3, 0, 0], [0, 0, 0, 0], [4, 4, 4, 4]])


@pytest.mark.parametrize("kind", KINDS)
def test_l1_embedding_never_exceeds_the_distance(kind: str) -> None:
    rng = np.random.default_rng(0)
    inputs = vectors(kind, 50, rng)
    queries = np.concatenate([vectors(kind, 30, rng), inputs[:5]])
    metric = L1(inputs)
    exact = np.abs(queries.astype(np.float64)[:, np.newaxis] - inputs).sum(axis=-1)
    bound = squared_distances(embedded(metric, queries), embedded(metric, inputs))
    assert (bound <= exact * (1 + 1e-6)).all()
    assert bound.sum() > 0.6 * exact.sum()  # and is worth having


def test_l1_embedding_bounds_distances_to_queries_outside_the_range_of_the_examples() -> None:
    metric = L1(np.array([[2.0], [4.0]]))
    inputs, queries = np.array([[2.0], [4.0]]), np.array([[-100.0], [100.0]])
    bound = squared_distances(embedded(metric, queries), embedded(metric, inputs))
    np.testing.assert_allclose(bound, [[0, 2], [2, 0]], rtol=1e-6)


def test_l1_embedding_leaves_constant_features_out() -> None:
    inputs = np.array([[5, 0], [5, 8]], np.uint8)
    features = embedded(L1(inputs), np.array([[9, 8]], np.uint8)).reshape(4, 2)
    np.testing.assert_array_equal(features[:, 0], 0)
    assert (features[:, 1] > 0).all()
