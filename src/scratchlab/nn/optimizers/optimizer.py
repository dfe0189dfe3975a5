"""The contract that every optimizer keeps."""

from collections.abc import Iterator

import numpy as np

from scratchlab.nn.layers.layer import Array

BLOCK = 49_152
"""Parameters changed at once: few enough for all their vectors to stay in a core's cache from one pass to the next,
enough to make the cost of calling NumPy small."""
FADED = 1e-35
"""Less than this moves no parameter, and is forgotten. What is remembered of gradients that have long been 0, those of
a pixel that is never inked, would fade until it left float32's normal range at 1.2e-38; from there on processors take
a hundred times as long for it."""
FORGETTING_STEPS = 64
"""How often that is done: 0.9**64 = 1e-3, so that with usual factors nothing gets through the range between the two."""


class Optimizer:
    """Changes a flat vector of parameters in place, given its gradient.

    What it remembers between steps (velocities, moments) are vectors of the same length in `state`, so that a
    checkpoint stores the optimizer by storing `state` and `num_steps`.
    """

    def __init__(self) -> None:
        self.state: dict[str, Array] = {}
        self.num_steps = 0
        self._scratch: Array | None = None

    def step(self, params: Array, grads: Array, *, lr: float) -> None:
        """Update `params` (P,) in place from `grads` (P,) with learning rate `lr`."""
        raise NotImplementedError

    def blocks(self, params: Array, grads: Array, *names: str) -> Iterator[tuple[Array, ...]]:
        """Go through the vectors block by block: (param, grad, scratch, memory of each name), all views.

        An optimizer passes over its vectors several times; block by block they come from memory once. `scratch` is
        there to calculate in, its values arbitrary; what is remembered under a name starts as zeros.
        """
        if self._scratch is None:
            self._scratch = np.empty_like(params[:BLOCK])
        for name in names:
            if name not in self.state:
                self.state[name] = np.zeros_like(params)
        memories = [self.state[name] for name in names]
        if self.num_steps % FORGETTING_STEPS == 0:
            for memory in memories:
                memory[np.abs(memory) < FADED] = 0
        for start in range(0, len(params), BLOCK):
            block = slice(start, start + BLOCK)
            param = params[block]
            scratch = self._scratch[: len(param)]
            yield param, grads[block], scratch, *(memory[block] for memory in memories)
