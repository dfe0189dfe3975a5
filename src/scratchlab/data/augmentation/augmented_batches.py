"""Mini-batches of images that are distorted anew each time."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import count
from scratchlab.data.augmentation.augmentation import Augmentation
from scratchlab.data.batches import Batch
from scratchlab.data.dataset import Split
from scratchlab.data.preprocessing import Preprocessing

_BLOCK = 500
"""Images that are distorted in one go: the first block of a pass is waited for, all others hide behind training."""


class AugmentedBatches:
    """A pass like `batches`, with every image distorted by a thread that runs ahead of the training.

    While the batches of one block of images are trained on, the next block is made, so that two blocks are in
    memory. NumPy lets go of the interpreter while it computes: with a second processor core, augmentation costs next
    to no time as long as it is faster than training. The thread ends with the pass.

    The inputs of the split are turned back into pixels, distorted and preprocessed again, because the background of
    pixels is 0 and that of inputs may be anything. The split itself stays as it is.
    """

    def __init__(self, augmentation: Augmentation, preprocessing: Preprocessing) -> None:
        self.augmentation = augmentation
        self.preprocessing = preprocessing

    def __call__(self, split: Split, batch_size: int, *, rng: np.random.Generator) -> Iterator[Batch]:
        """Pass once over every example, in random order, without replacement, each distorted anew.

        Yields inputs (B, D) and targets (B,) as `batches` does. Order and distortions follow from `rng` alone, however
        fast the thread is, and so does the state in which `rng` is left.

        Raises:
            ArgumentError: `batch_size` is not a whole number of at least 1.
            DataError: the inputs are not of the shape that the augmentation is for.
        """
        count(batch_size=batch_size)
        order = rng.permutation(len(split))
        block_size = max(1, _BLOCK // batch_size) * batch_size
        # The thread draws from a generator of its own: how far it is ahead must not show in `rng`.
        thread_rng = np.random.default_rng(rng.integers(2**32, size=4))
        blocks: deque[Future[Batch]] = deque()
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="augmentation") as thread:
            for start in range(0, len(order), block_size):
                chosen = order[start : start + block_size]
                blocks.append(thread.submit(self._make, split, chosen, rng=thread_rng))
                if len(blocks) == 2:
                    yield from _cut(blocks.popleft().result(), batch_size)
            while blocks:
                yield from _cut(blocks.popleft().result(), batch_size)

    def _make(self, split: Split, chosen: NDArray[np.int64], *, rng: np.random.Generator) -> Batch:
        targets = split.targets[chosen]
        pixels = self.preprocessing.invert(split.inputs[chosen])
        return self.preprocessing.apply(self.augmentation(pixels, targets, rng=rng)), targets


def _cut(block: Batch, batch_size: int) -> Iterator[Batch]:
    inputs, targets = block
    for start in range(0, len(targets), batch_size):
        yield inputs[start : start + batch_size], targets[start : start + batch_size]
