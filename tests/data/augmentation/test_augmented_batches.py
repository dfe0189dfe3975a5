import subprocess
import sys
import threading
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.arguments import ArgumentError
from scratchlab.data import (
    Augmentation,
    AugmentedBatches,
    Batch,
    Batches,
    DataError,
    Preprocessing,
    Split,
    batches,
)
from scratchlab.data.preprocessing import CHOICES

BLOCK = 500
"""Images that are distorted in one go, for every batch size that divides it."""


def numbered(n: int, choice: str = "scale") -> tuple[Split, Preprocessing]:
    """Return images of 4x4 random pixels, the first two of which tell the number that is also the target."""
    pixels = np.random.default_rng(5).integers(0, 256, (n, 16), dtype=np.uint8)
    pixels[:, 0], pixels[:, 1] = np.divmod(np.arange(n), 256)
    preprocessing = Preprocessing.fit(choice, pixels, max_pixel=255)
    return Split(preprocessing.apply(pixels), np.arange(n)), preprocessing


def shifting(n: int, **ranges: Any) -> tuple[Split, AugmentedBatches]:
    split, preprocessing = numbered(n)
    ranges = ranges or {"shift_pixels": 1, "elastic_alpha": 5.0}
    return split, AugmentedBatches(Augmentation(input_shape=(4, 4), **ranges), preprocessing)


def whole_pass(source: Batches, split: Split, batch_size: int, rng: np.random.Generator) -> Batch:
    found = [(inputs.copy(), targets) for inputs, targets in source(split, batch_size, rng=rng)]
    return np.concatenate([inputs for inputs, _ in found]), np.concatenate([targets for _, targets in found])


def augmentation_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("augmentation")]


@pytest.mark.parametrize("choice", CHOICES)
def test_without_ranges_a_pass_has_the_inputs_of_the_split_bit_by_bit(choice: str) -> None:
    split, preprocessing = numbered(1100, choice)
    nothing = AugmentedBatches(Augmentation(input_shape=(4, 4)), preprocessing)
    inputs, targets = whole_pass(nothing, split, 20, np.random.default_rng(0))
    assert sorted(targets.tolist()) == list(range(1100))
    assert targets.tolist() != list(range(1100))
    assert (inputs == split.inputs[targets]).all()


@pytest.mark.parametrize(
    ("n", "batch_size", "sizes"),
    [
        (10, 4, [4, 4, 2]),
        (8, 4, [4, 4]),
        (1, 4, [1]),
        (0, 4, []),
        (BLOCK + 1, BLOCK, [BLOCK, 1]),
        (3 * BLOCK, 2 * BLOCK, [2 * BLOCK, BLOCK]),
        (2 * BLOCK + 100, 300, [300, 300, 300, 200]),
    ],
)
def test_batches_have_the_sizes_that_they_have_without_augmentation(
    n: int, batch_size: int, sizes: list[int]
) -> None:
    split, source = shifting(n)
    found = [len(targets) for _, targets in source(split, batch_size, rng=np.random.default_rng(0))]
    plain = [len(targets) for _, targets in batches(split, batch_size, rng=np.random.default_rng(0))]
    assert found == plain == sizes


def test_inputs_are_distorted_pixels_preprocessed() -> None:
    # Background is black, and black is not 0 after the mean was subtracted.
    split, preprocessing = numbered(300, "subtract_mean")
    source = AugmentedBatches(Augmentation(input_shape=(4, 4), shift_pixels=1), preprocessing)
    inputs, targets = whole_pass(source, split, 50, np.random.default_rng(0))
    assert inputs.dtype == np.float32
    found = preprocessing.invert(inputs).reshape(-1, 4, 4)
    pixels = np.pad(preprocessing.invert(split.inputs).reshape(-1, 4, 4), ((0, 0), (1, 1), (1, 1)))
    moves = [(row, column) for row in range(3) for column in range(3)]
    shifted = [pixels[targets, row : row + 4, column : column + 4] for row, column in moves]
    matching = [(found == candidate).all(axis=(1, 2)) for candidate in shifted]
    assert np.any(matching, axis=0).all()
    assert np.any(matching, axis=1).all()


def test_the_seed_decides_and_each_pass_is_new() -> None:
    split, source = shifting(1200)
    rng = np.random.default_rng(0)
    first, second = whole_pass(source, split, 30, rng), whole_pass(source, split, 30, rng)
    again = whole_pass(source, split, 30, np.random.default_rng(0))
    assert (first[0] == again[0]).all()
    assert (first[1] == again[1]).all()
    assert (first[1] != second[1]).any()
    by_number = [inputs[np.argsort(targets)] for inputs, targets in (first, second)]
    assert (by_number[0] != by_number[1]).any(axis=1).mean() > 0.99


def test_a_pass_that_ends_early_leaves_rng_as_a_whole_pass_does() -> None:
    split, source = shifting(4 * BLOCK)
    for rng in (early := np.random.default_rng(0), whole := np.random.default_rng(0)):
        passing = source(split, 100, rng=rng)
        next(passing)
        if rng is whole:
            list(passing)
    assert early.random() == whole.random()


def test_the_split_stays_as_it_is() -> None:
    split, source = shifting(700)
    before = split.inputs.copy()
    split.inputs.flags.writeable = False
    for inputs, _ in source(split, 100, rng=np.random.default_rng(0)):
        inputs[:] = -1
    assert (split.inputs == before).all()


@dataclass(frozen=True, kw_only=True)
class Watched(Augmentation):
    """Tells of each block that it was made, after it was allowed to; fails at a block of choice."""

    allowed: "SimpleQueue[None]" = field(default_factory=SimpleQueue)
    made: "SimpleQueue[int]" = field(default_factory=SimpleQueue)
    broken_at: int | None = None

    def __call__(
        self,
        pixels: NDArray[np.uint8] | NDArray[np.float32],
        targets: NDArray[np.int64],
        *,
        rng: np.random.Generator,
    ) -> NDArray[np.float32]:
        self.allowed.get(timeout=120)
        if self.broken_at == self.made.qsize():
            raise RuntimeError("a broken augmentation")
        distorted = super().__call__(pixels, targets, rng=rng)
        self.made.put(len(targets))
        return distorted


def watched(
    blocks: int, *, allowed: int, broken_at: int | None = None
) -> tuple[Split, Watched, AugmentedBatches]:
    split, preprocessing = numbered(blocks * BLOCK)
    augmentation = Watched(input_shape=(4, 4), shift_pixels=1, broken_at=broken_at)
    for _ in range(allowed):
        augmentation.allowed.put(None)
    return split, augmentation, AugmentedBatches(augmentation, preprocessing)


def test_the_next_block_is_made_while_this_one_is_trained_on_and_no_other() -> None:
    split, augmentation, source = watched(5, allowed=100)
    passing = source(split, 100, rng=np.random.default_rng(0))
    for block in range(5):
        next(passing)
        # Nobody has asked for the next block yet, and still it comes; the one after it does not.
        for expected in {0: [BLOCK, BLOCK], 4: []}.get(block, [BLOCK]):
            assert augmentation.made.get(timeout=120) == expected
        with pytest.raises(Empty):
            augmentation.made.get(timeout=0.03)
        for _ in range(4):
            next(passing)
    assert next(passing, None) is None


def test_the_thread_may_be_slow_or_fast() -> None:
    split, augmentation, source = watched(3, allowed=0)

    def allow_one_after_another() -> None:
        for _ in range(3):
            augmentation.allowed.put(None)
            augmentation.made.get(timeout=120)

    slowly = threading.Thread(target=allow_one_after_another)
    slowly.start()
    slow = whole_pass(source, split, 100, np.random.default_rng(0))
    slowly.join()
    split, _, source = watched(3, allowed=3)
    fast = whole_pass(source, split, 100, np.random.default_rng(0))
    assert (slow[0] == fast[0]).all()
    assert (slow[1] == fast[1]).all()


def test_an_error_in_the_thread_arrives_where_the_batches_are_used() -> None:
    split, _, source = watched(4, allowed=100, broken_at=2)
    passing = source(split, BLOCK, rng=np.random.default_rng(0))
    assert [len(next(passing)[1]) for _ in range(2)] == [BLOCK, BLOCK]
    with pytest.raises(RuntimeError, match="a broken augmentation"):
        next(passing)
    assert augmentation_threads() == []


def test_the_thread_ends_with_the_pass() -> None:
    split, source = shifting(4 * BLOCK)
    passing = source(split, 100, rng=np.random.default_rng(0))
    assert augmentation_threads() == []
    next(passing)
    assert len(augmentation_threads()) == 1
    list(passing)
    assert augmentation_threads() == []


def test_the_thread_ends_where_the_pass_is_left() -> None:
    split, source = shifting(4 * BLOCK)
    for _ in source(split, 100, rng=np.random.default_rng(0)):
        break
    assert augmentation_threads() == []


def test_two_passes_at_a_time_do_not_meet() -> None:
    split, source = shifting(3 * BLOCK)
    alone = whole_pass(source, split, 100, np.random.default_rng(0))
    pairs = zip(
        source(split, 100, rng=np.random.default_rng(0)),
        source(split, 100, rng=np.random.default_rng(1)),
        strict=True,
    )
    found = [(first[0].copy(), first[1]) for first, _ in pairs]
    assert (np.concatenate([inputs for inputs, _ in found]) == alone[0]).all()
    assert (np.concatenate([targets for _, targets in found]) == alone[1]).all()


def test_a_process_can_end_in_the_middle_of_a_pass() -> None:
    code = """
import numpy as np
from scratchlab.data import Augmentation, AugmentedBatches, Preprocessing, Split
pixels = np.zeros((20_000, 784), dtype=np.uint8)
preprocessing = Preprocessing.fit("scale", pixels, max_pixel=255)
source = AugmentedBatches(Augmentation(input_shape=(28, 28), elastic_alpha=34), preprocessing)
split = Split(preprocessing.apply(pixels), np.zeros(len(pixels), dtype=np.int64))
passing = source(split, 100, rng=np.random.default_rng(0))
next(passing)
raise SystemExit(7)
"""
    result = subprocess.run([sys.executable, "-c", code], timeout=120, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (7, "")


def test_wrong_arguments_are_refused() -> None:
    split, source = shifting(10)
    with pytest.raises(ArgumentError, match="batch_size=0: expected a whole number of at least 1"):
        next(source(split, 0, rng=np.random.default_rng(0)))
    other = AugmentedBatches(Augmentation(input_shape=(5, 5)), source.preprocessing)
    with pytest.raises(DataError, match=r"expected shape \(N, 25\) for \(5, 5\), found \(10, 16\)"):
        next(other(split, 4, rng=np.random.default_rng(0)))
