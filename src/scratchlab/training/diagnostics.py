"""What goes on inside a network while it learns: activations, gradients, and how far each update goes."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scratchlab.data import Split
from scratchlab.nn import Activation, Array
from scratchlab.training.callback import Callback
from scratchlab.training.state import State, part_of, prefixed, rng_state, set_rng_state
from scratchlab.training.trainer import Trainer

Samples = dict[str, list[Array]]


class Diagnostics(Callback):
    """Looks at every layer after each epoch.

    Attributes:
        activations: by activation layer, for each epoch up to `num_samples` of its outputs on some examples.
        gradients: by weight, for each epoch up to `num_samples` entries of the gradient of its last step.
        update_ratios: by weight, for each epoch norm(update) / norm(weight) of its last step; about 1e-3 is healthy.
    """

    def __init__(self, examples: Split, *, num_samples: int = 5000, rng: np.random.Generator) -> None:
        self.activations: Samples = {}
        self.gradients: Samples = {}
        self.update_ratios: dict[str, list[float]] = {}
        self._examples = examples
        self._num_samples = num_samples
        self._rng = rng

    def on_epoch_start(self, trainer: Trainer) -> None:
        """Remember the parameters that the epoch's first update starts from."""
        self._params = trainer.network.params.copy()
        self._params_before = self._params.copy()

    def on_step_end(self, trainer: Trainer, loss: float) -> None:
        """Remember the parameters before and after the update."""
        self._params, self._params_before = self._params_before, self._params
        self._params[...] = trainer.network.params

    def on_epoch_end(self, trainer: Trainer, metrics: Mapping[str, float]) -> None:
        """Sample activations and gradients, and measure the last update."""
        network = trainer.network
        outputs: Array = self._examples.inputs
        for name, layer in zip(network.names, network.layers, strict=True):
            outputs = layer.forward(outputs, training=False)
            if isinstance(layer, Activation):
                self.activations.setdefault(name, []).append(self._sample(outputs))
        weights, before = network.views(self._params), network.views(self._params_before)
        for name, grad in network.views(network.grads).items():
            if name.endswith(".weight"):
                self.gradients.setdefault(name, []).append(self._sample(grad))
                update = np.linalg.norm(weights[name] - before[name])
                ratio = float(update / np.linalg.norm(weights[name]))
                self.update_ratios.setdefault(name, []).append(ratio)

    def state(self) -> State:
        """Return what was seen so far; samples (E, n) of E epochs."""
        return (
            {"rng": rng_state(self._rng)}
            | prefixed("activations", {name: np.stack(each) for name, each in self.activations.items()})
            | prefixed("gradients", {name: np.stack(each) for name, each in self.gradients.items()})
            | prefixed("update_ratios", {name: np.array(each) for name, each in self.update_ratios.items()})
        )

    def load_state(self, state: State) -> None:
        """Go on with what another one saw."""
        set_rng_state(self._rng, state["rng"])
        self.activations = {name: list(each) for name, each in part_of(state, "activations").items()}
        self.gradients = {name: list(each) for name, each in part_of(state, "gradients").items()}
        self.update_ratios = {name: each.tolist() for name, each in part_of(state, "update_ratios").items()}

    def _sample(self, values: Array) -> Array:
        if values.size <= self._num_samples:
            return values.ravel().copy()
        return self._rng.choice(values.ravel(), size=self._num_samples, replace=False)


def histograms(samples: list[Array], *, num_bins: int = 60) -> tuple[NDArray[np.integer], Array]:
    """Return counts (E, B) and the edges (B + 1,) that E epochs share, wide enough for all but the odd outlier."""
    low, high = np.quantile(np.concatenate(samples), [0.001, 0.999])
    edges = np.histogram_bin_edges([low, high], num_bins)  # all values may be equal
    return np.stack([np.histogram(np.clip(each, low, high), edges)[0] for each in samples]), edges
