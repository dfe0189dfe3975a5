"""The network: layers in a row over one flat vector of parameters."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from scratchlab.arguments import non_negative
from scratchlab.nn.layers.layer import Array, Layer


class Network:
    """Layers applied one after another, and the two flat vectors that their parameters and gradients live in.

    `params` and `grads` (P,) hold all weights of all layers first and everything else (biases, scales) behind
    them, so that the L2 penalty is a slice: `params[:num_weights]`. Layers hold views, so that whatever is
    written into a flat vector is in the layers at once, and the other way round.

    Args:
        layers: what inputs pass through, first to last.
        rng: draws the initial parameters; a generator spawned from it (`network.rng`) draws dropout masks.
        dtype: float32 for training, float64 for gradient checks.
        l2: strength of the penalty 0.5 * l2 * sum(weight**2), whose gradient `backward` adds.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        rng: np.random.Generator,
        dtype: type[np.floating] = np.float32,
        l2: float = 0.0,
    ) -> None:
        non_negative(l2=l2)
        self.layers = list(layers)
        self.names = _names(self.layers)
        self.dtype: np.dtype[np.floating] = np.dtype(dtype)
        self.l2 = l2
        sizes = [(int(np.prod(shape)), name == "weight") for _, name, shape in self._parameters()]
        self.num_weights = sum(size for size, is_weight in sizes if is_weight)
        self.params: Array = np.zeros(sum(size for size, _ in sizes), self.dtype)
        self.grads: Array = np.zeros_like(self.params)
        params, grads = self.views(self.params), self.views(self.grads)
        self._grad_penalty = np.empty(self.num_weights if l2 > 0 else 0, self.dtype)
        self.rng = rng.spawn(1)[0]
        for name, layer in zip(self.names, self.layers, strict=True):
            layer.dtype = self.dtype
            layer.bind(_of_layer(params, name), _of_layer(grads, name))
            layer.initialize(rng=rng if layer.shapes else self.rng)
        with_params = [index for index, layer in enumerate(self.layers) if layer.shapes]
        self._first = with_params[0] if with_params else len(self.layers)

    def forward(self, inputs: Array, *, training: bool) -> Array:
        """Return the logits (N, K) for inputs (N, D)."""
        outputs = inputs
        for layer in self.layers:
            outputs = layer.forward(outputs, training=training)
        return outputs

    def backward(self, grad_logits: Array) -> None:
        """Overwrite `grads` with the gradient of loss plus penalty, given d loss / d logits (N, K)."""
        grad = grad_logits
        for layer in reversed(self.layers[self._first + 1 :]):
            grad = layer.backward(grad)
        if self._first < len(self.layers):
            self.layers[self._first].backward(grad, needs_grad_inputs=False)
        if self.l2 > 0:
            self.grads[: self.num_weights] += np.multiply(
                self.params[: self.num_weights], self.l2, out=self._grad_penalty
            )

    def penalty(self) -> float:
        """Return the L2 penalty 0.5 * l2 * sum(weight**2)."""
        weights = self.params[: self.num_weights]
        return 0.5 * self.l2 * float(weights @ weights)

    def views(self, vector: Array) -> dict[str, Array]:
        """Return the parts of a flat vector (P,) by the parameter's name, such as `linear1.weight`."""
        views, start = {}, 0
        for layer, name, shape in self._parameters():
            size = int(np.prod(shape))
            views[f"{layer}.{name}"] = vector[start : start + size].reshape(shape)
            start += size
        return views

    def state(self) -> dict[str, Array]:
        """Return all that the network has learned by name, parameters and statistics: views, not copies."""
        return self.views(self.params) | self.buffers()

    def buffers(self) -> dict[str, Array]:
        """Return what its layers have learned without gradients, by name: the arrays themselves."""
        return {
            f"{name}.{key}": value
            for name, layer in zip(self.names, self.layers, strict=True)
            for key, value in layer.buffers().items()
        }

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Take over what `state` returned, from this network or one built alike.

        Raises:
            ValueError: where names or shapes differ from this network's; nothing has changed then.
        """
        own = self.state()
        expected = {name: array.shape for name, array in own.items()}
        found = {name: array.shape for name, array in state.items()}
        if found != expected:
            wrong = sorted(set(found.items()) ^ set(expected.items()))
            raise ValueError(f"the state belongs to another network; they differ in {wrong}")
        for name, array in own.items():
            array[...] = state[name]

    def _parameters(self) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        """Yield (layer, parameter, shape) in the order of the flat vectors: weights first."""
        for weights in (True, False):
            for layer_name, layer in zip(self.names, self.layers, strict=True):
                for name, shape in layer.shapes.items():
                    if (name == "weight") == weights:
                        yield layer_name, name, shape


def _names(layers: Sequence[Layer]) -> list[str]:
    """Name each layer after its class and its number among those: linear1, relu1, linear2."""
    seen: Counter[str] = Counter()
    names = []
    for layer in layers:
        kind = type(layer).__name__.lower()
        seen[kind] += 1
        names.append(f"{kind}{seen[kind]}")
    return names


def _of_layer(views: Mapping[str, Array], layer: str) -> dict[str, Array]:
    return {
        name.removeprefix(f"{layer}."): view for name, view in views.items() if name.startswith(f"{layer}.")
    }
