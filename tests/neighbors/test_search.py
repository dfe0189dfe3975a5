import re
import tracemalloc
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError
from scratchlab.neighbors import NeighborSearch, scores, search
from scratchlab.neighbors.metric import Numbers, Vectors
from tests.neighbors.black_and_white import black_and_white
from tests.neighbors.brute_force import brute_force
from tests.neighbors.mnist_pixels import MnistPixels

METRICS = ["euclidean", "l1"]


def check(inputs: Vectors, queries: Vectors, k: int, metric: str) -> None:
    indices, distances = NeighborSearch(inputs, metric=metric).nearest(queries, k)
    expected_indices, expected_distances = brute_force(inputs, queries, k, metric)
    np.testing.assert_array_equal(indices, expected_indices)
    np.testing.assert_allclose(distances, expected_distances, rtol=1e-14)


@pytest.mark.parametrize(("metric", "distances"), [("euclidean", [0, 5, 5, 5, 10]), ("l1", [0, 5, 7, 7, 14])])
def test_worked_example_orders_by_distance_and_then_by_index(metric: str, distances: list[float]) -> None:
    inputs = np.array([[6, 8], [3, 4], [0, 0], [4, 3], [5, 0]], np.uint8)
    indices, found = NeighborSearch(inputs, metric=metric).nearest(np.zeros((1, 2), np.uint8), 5)
    np.testing.assert_array_equal(indices, [[2, 1, 3, 4, 0] if metric == "euclidean" else [2, 4, 1, 3, 0]])
    np.testing.assert_array_equal(found, [distances])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("kind", ["pixels", "black or white", "float32", "float64", "scales", "mixed"])
@pytest.mark.parametrize(
    ("num_inputs", "num_queries", "num_features", "k"),
    [(1, 3, 1, 1), (100, 20, 3, 100), (700, 20, 30, 7), (2500, 20, 8, 100), (5000, 5, 100, 1)],
)
def test_same_as_brute_force(
    metric: str, kind: str, num_inputs: int, num_queries: int, num_features: int, k: int
) -> None:
    rng = np.random.default_rng(0)
    inputs, queries = (rng.random((count, num_features)) for count in (num_inputs, num_queries))
    if kind == "pixels":
        check((inputs * 256).astype(np.uint8), (queries * 256).astype(np.uint8), k, metric)
    elif kind == "black or white":  # ties en masse, and the bound of l1 is the distance itself
        check((255 * np.rint(inputs)).astype(np.uint8), (255 * np.rint(queries)).astype(np.uint8), k, metric)
    elif kind == "float32":
        check(inputs.astype(np.float32), queries.astype(np.float32), k, metric)
    elif kind == "float64":
        check(inputs, queries, k, metric)
    elif kind == "scales":
        scale = np.logspace(-20, 10, num_features)
        check(inputs * scale, queries * scale, k, metric)
    else:
        check((inputs * 256).astype(np.uint8), queries * 256, k, metric)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 10, 100])
def test_pixels_beyond_the_whole_numbers_of_float32(metric: str, k: int) -> None:
    check(*black_and_white(3000, 40), k, metric)


@pytest.mark.parametrize("metric", METRICS)
def test_identical_examples_come_in_the_order_of_their_indices(metric: str) -> None:
    inputs = np.full((4000, 784), 255, np.uint8)
    inputs[1000:] = 254
    indices, _ = NeighborSearch(inputs, metric=metric).nearest(np.zeros((3, 784), np.uint8), 50)
    np.testing.assert_array_equal(indices, np.tile(np.arange(1000, 1050), (3, 1)))


@pytest.mark.parametrize("metric", METRICS)
def test_floating_point_numbers_are_compared_by_differences(metric: str) -> None:
    # |x|^2 = 1e24 swallows the differences, whose squares are exact sums of powers of two
    rng = np.random.default_rng(0)
    inputs, queries = (1e12 + rng.integers(0, 64, (count, 10)) / 64 for count in (300, 20))
    check(inputs, queries, 20, metric)


@pytest.mark.parametrize("metric", METRICS)
def test_results_do_not_depend_on_how_the_work_is_cut(metric: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    inputs, queries = (rng.integers(0, 4, (count, 12), dtype=np.uint8) for count in (600, 50))
    expected = NeighborSearch(inputs, metric=metric).nearest(queries, 9)
    monkeypatch.setattr(scores, "_PRODUCT_SIZE", 7 * 600)
    monkeypatch.setattr(scores, "_PART_SIZE", 3 * 600)
    monkeypatch.setattr(search, "_EXACT_SIZE", 5 * 12)
    for array, whole in zip(NeighborSearch(inputs, metric=metric).nearest(queries, 9), expected, strict=True):
        np.testing.assert_array_equal(array, whole)


@pytest.mark.parametrize("metric", METRICS)
def test_memory_is_bounded_even_when_every_example_is_on_the_shortlist(
    metric: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores, "_PRODUCT_SIZE", 2**18)
    monkeypatch.setattr(scores, "_PART_SIZE", 2**16)
    monkeypatch.setattr(search, "_EXACT_SIZE", 2**16)
    inputs, queries = np.ones((5000, 2), np.uint8), np.zeros((500, 2), np.uint8)
    neighbors = NeighborSearch(inputs, metric=metric)
    tracemalloc.start()
    indices, _ = neighbors.nearest(queries, 3)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_array_equal(indices, np.tile([0, 1, 2], (500, 1)))
    assert peak_bytes < 8e6  # all scores: 10 MB, all pairs on the shortlist with their measures: 50 MB


@pytest.mark.parametrize(("metric", "most"), [("euclidean", 1.2), ("l1", 25)])
def test_shortlists_of_digits_are_short(
    metric: str, most: float, pixels: MnistPixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = 0
    measure = NeighborSearch._measure

    def counted(
        self: NeighborSearch, queries: Vectors, rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> Numbers:
        nonlocal measured
        measured += len(rows)
        return measure(self, queries, rows, columns)

    monkeypatch.setattr(NeighborSearch, "_measure", counted)
    k, queries = 10, pixels.queries[:100]
    NeighborSearch(pixels.inputs, metric=metric).nearest(queries, k)
    assert k * len(queries) <= measured <= most * k * len(queries)


@pytest.mark.parametrize("metric", METRICS)
def test_digits(metric: str, pixels: MnistPixels) -> None:
    check(pixels.inputs, pixels.queries[:10], 100, metric)


@pytest.mark.parametrize(("metric", "distance"), [("euclidean", 255 * 200), ("l1", 255 * 40_000)])
def test_more_features_than_int32_can_sum_over(metric: str, distance: float) -> None:
    white, black = np.full((2, 40_000), 255, np.uint8), np.zeros((1, 40_000), np.uint8)
    _, distances = NeighborSearch(white, metric=metric).nearest(black, 1)
    assert distances.item() == distance


def test_no_queries_have_no_neighbors() -> None:
    indices, distances = NeighborSearch(np.zeros((5, 3))).nearest(np.zeros((0, 3)), 2)
    assert indices.shape == distances.shape == (0, 2)


def test_unusable_inputs_are_refused() -> None:
    table = "expected uint8, float32 or float64 of shape (examples, features)"
    with pytest.raises(ArgumentError, match=re.escape(f"inputs=int64 of shape (2, 2): {table}")):
        NeighborSearch(cast(Vectors, np.zeros((2, 2), np.int64)))
    with pytest.raises(ArgumentError, match=re.escape(f"inputs=uint8 of shape (2, 28, 28): {table}")):
        NeighborSearch(np.zeros((2, 28, 28), np.uint8))
    for shape in ((0, 3), (3, 0)):
        with pytest.raises(ArgumentError, match=re.escape(f"inputs=shape {shape}: expected at least one")):
            NeighborSearch(np.zeros(shape))
    for number in (np.nan, np.inf, -1.1e15):
        with pytest.raises(
            ArgumentError, match=r"inputs=.*: expected finite numbers of at most 1e\+15 in size"
        ):
            NeighborSearch(np.array([[0, number]]))
    with pytest.raises(
        ArgumentError, match=r"metric=euclid: expected one of euclidean, l1, did you mean euclidean\?"
    ):
        NeighborSearch(np.zeros((2, 2)), metric="euclid")


def test_unusable_queries_are_refused() -> None:
    neighbors = NeighborSearch(np.zeros((5, 3)))
    with pytest.raises(
        ArgumentError, match=re.escape("queries=shape (1, 4): expected 3 features, as the inputs have")
    ):
        neighbors.nearest(np.zeros((1, 4)), 1)
    with pytest.raises(ArgumentError, match=r"queries=.*: expected finite numbers"):
        neighbors.nearest(np.full((1, 3), np.nan), 1)
    with pytest.raises(ArgumentError, match="k=6: expected at most the number of examples, 5"):
        neighbors.nearest(np.zeros((1, 3)), 6)
    with pytest.raises(ArgumentError, match="k=0: expected a whole number of at least 1"):
        neighbors.nearest(np.zeros((1, 3)), 0)
