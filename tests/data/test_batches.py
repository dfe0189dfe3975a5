import tracemalloc

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.data import Split, batches


def numbered(n: int, d: int = 3) -> Split:
    """Return examples whose inputs tell their number, and whose target is ten times the number."""
    inputs = np.repeat(np.arange(n, dtype=np.float32)[:, None], d, axis=1)
    return Split(inputs, 10 * np.arange(n))


@pytest.mark.parametrize(("n", "sizes"), [(10, [4, 4, 2]), (8, [4, 4]), (3, [3]), (1, [1]), (0, [])])
def test_a_pass_has_every_example_once_with_its_own_target(n: int, sizes: list[int]) -> None:
    seen: list[float] = []
    found = []
    for inputs, targets in batches(numbered(n), 4, rng=np.random.default_rng(0)):
        assert inputs.shape == (len(targets), 3)
        assert inputs.dtype == np.float32
        assert (inputs * 10 == targets[:, None]).all()
        seen.extend(inputs[:, 0].tolist())
        found.append(len(targets))
    assert sorted(seen) == list(range(n))
    assert found == sizes


def order(rng: np.random.Generator) -> list[int]:
    return np.concatenate([targets for _, targets in batches(numbered(50), 7, rng=rng)]).tolist()


def test_the_order_comes_from_rng_alone() -> None:
    assert order(np.random.default_rng(0)) == order(np.random.default_rng(0))
    assert order(np.random.default_rng(0)) != order(np.random.default_rng(1))


def test_each_pass_draws_a_new_order() -> None:
    rng = np.random.default_rng(0)
    assert order(rng) != order(rng)


def test_every_example_is_as_likely_to_come_first() -> None:
    rng = np.random.default_rng(0)
    split = numbered(4)
    first = [int(next(batches(split, 1, rng=rng))[1][0]) // 10 for _ in range(4000)]
    # 1,000 expected, 27 the standard deviation.
    assert np.abs(np.bincount(first) - 1000).max() < 110


def test_all_batches_share_one_buffer_and_leave_the_split_alone() -> None:
    split = numbered(10)
    found = [inputs for inputs, _ in batches(split, 4, rng=np.random.default_rng(0))]
    assert np.shares_memory(found[0], found[1])
    assert np.shares_memory(found[0], found[2])
    assert not np.shares_memory(found[0], split.inputs)
    assert (split.inputs == numbered(10).inputs).all()


def test_a_batch_allocates_nothing_large() -> None:
    passing = batches(numbered(64, d=10_000), 16, rng=np.random.default_rng(0))
    next(passing)
    tracemalloc.start()
    for _ in passing:
        pass
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    batch_bytes = 16 * 10_000 * 4
    assert peak_bytes < batch_bytes / 20


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, True])
def test_a_batch_has_at_least_one_example(batch_size: int) -> None:
    with pytest.raises(
        ArgumentError, match=f"batch_size={batch_size}: expected a whole number of at least 1"
    ):
        next(batches(numbered(4), batch_size, rng=np.random.default_rng(0)))
