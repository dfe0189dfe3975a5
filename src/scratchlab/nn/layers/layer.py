"""The contract that every layer keeps, and the arrays that it works in.

Legend for all of `nn`:

    N  examples in a batch        P  all parameters of a network, flat
    D  features of one example    K  classes
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating]
Targets = NDArray[np.integer]


class Layer:
    """A differentiable step of a network: `forward` maps (N, in) to (N, out), `backward` gradients back.

    A layer names its parameters in `shapes` and the network that takes it in hands it a view for each: the
    parameter `weight` becomes `self.weight`, its gradient `self.grad_weight`, both parts of the network's two
    flat vectors. Parameters named `weight` are those that an L2 penalty applies to.

    What `forward` and `backward` return lives in workspaces of the layer and is valid until their next call.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]] | None = None) -> None:
        self.shapes = dict(shapes or {})
        self.dtype: np.dtype[np.floating] = np.dtype(np.float32)
        self._workspaces: dict[str, NDArray[Any]] = {}

    def bind(self, params: Mapping[str, Array], grads: Mapping[str, Array]) -> None:
        """Take views into the network's flat vectors as this layer's parameters and gradients."""
        for name in self.shapes:
            setattr(self, name, params[name])
            setattr(self, f"grad_{name}", grads[name])

    def initialize(self, *, rng: np.random.Generator) -> None:
        """Draw the initial parameters; a layer that draws while it runs keeps `rng`."""

    def buffers(self) -> dict[str, Array]:
        """Return what the layer learns without gradients (running means and the like), by name."""
        return {}

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return the outputs (N, out) for inputs (N, in)."""
        raise NotImplementedError

    def backward(self, grad_outputs: Array, *, needs_grad_inputs: bool = True) -> Array:
        """Overwrite the gradients of the parameters and return `grad_inputs` (N, in).

        Belongs to the last `forward`. The first layer with parameters is asked for no `grad_inputs`, which
        nobody would read; what it returns then means nothing.
        """
        raise NotImplementedError

    def workspace(self, name: str, shape: tuple[int, int], dtype: DTypeLike | None = None) -> NDArray[Any]:
        """Return the array kept under `name`, its values arbitrary, at least as long as any before it.

        A smaller batch gets the first rows of the largest, so that neither the last batch of an epoch nor an
        evaluation between two steps allocates anything again.
        """
        kept = self._workspaces.get(name)
        if kept is None or len(kept) < shape[0]:
            kept = self._workspaces[name] = np.empty(shape, self.dtype if dtype is None else dtype)
        return kept[: shape[0]]
