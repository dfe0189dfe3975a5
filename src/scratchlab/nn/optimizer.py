"""The contract that every optimizer keeps."""

import numpy as np

from scratchlab.nn.layer import Array


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

    def memory(self, name: str, params: Array) -> Array:
        """Return the vector (P,) remembered under `name`, zeros at first."""
        if name not in self.state:
            self.state[name] = np.zeros_like(params)
        return self.state[name]

    def scratch(self, params: Array) -> Array:
        """Return a vector (P,) to calculate in, its values arbitrary: kept, so that a step allocates nothing."""
        if self._scratch is None:
            self._scratch = np.empty_like(params)
        return self._scratch
