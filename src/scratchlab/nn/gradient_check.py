"""The gradient check: whether `backward` computes the gradient of what `forward` computes."""

from copy import deepcopy

import numpy as np

from scratchlab.arguments import count, positive
from scratchlab.nn.layers.layer import Array, Targets
from scratchlab.nn.losses import Loss
from scratchlab.nn.network import Network


def gradient_check(
    network: Network,
    loss_fn: Loss,
    inputs: Array,
    targets: Targets,
    *,
    rng: np.random.Generator,
    num_coordinates: int = 40,
    width: float = 1e-5,
) -> dict[str, float]:
    """Compare the gradient of loss plus penalty with central differences, for every parameter tensor.

        numeric[i] = (f(params + width * e_i) - f(params - width * e_i)) / (2 * width)
        error = norm(grads - numeric) / max(norm(grads), norm(numeric)), over the coordinates looked at

    Of each tensor the coordinates with the largest gradients are looked at (an error is relative to something
    there) and as many drawn at random (a gradient that is wrongly 0 would not be among the largest). Errors
    below 1e-7 are what float64 gives, above 1e-5 something is wrong; between them ReLU had a kink nearby, or
    the gradient is so small that the rounding of f shows.

    Args:
        network: in float64; its parameters, statistics and random state are the same afterwards.
        loss_fn: the loss, called with (logits, targets).
        inputs: a few examples (N, D) in float64.
        targets: their class ids (N,).
        rng: draws the coordinates.
        num_coordinates: coordinates looked at per tensor.
        width: half the distance between the two points of a difference.

    Returns:
        The relative error by the parameter's name (`linear1.weight`).

    Raises:
        ValueError: for a network or inputs that are not float64.
    """
    count(num_coordinates=num_coordinates)
    positive(width=width)
    if network.dtype != np.float64 or inputs.dtype != np.float64:
        raise ValueError(
            f"a gradient check needs float64: the network has {network.dtype}, the inputs {inputs.dtype}; "
            "build it with Network(..., dtype=np.float64) and pass inputs.astype(np.float64)"
        )
    state = {name: array.copy() for name, array in network.state().items()}
    random_state = deepcopy(network.rng.bit_generator.state)

    def objective() -> tuple[float, Array]:
        # Every evaluation draws the same dropout masks, or it would be another function each time.
        network.rng.bit_generator.state = random_state
        loss, grad_logits = loss_fn(network.forward(inputs, training=True), targets)
        return loss + network.penalty(), grad_logits

    centre_loss, grad_logits = objective()
    network.backward(grad_logits)
    grads = network.grads.copy()
    rounding = np.finfo(np.float64).eps * max(1.0, abs(centre_loss)) / width
    errors = {}
    names = network.views(np.arange(network.params.size, dtype=np.float64))
    for name, indices in names.items():
        chosen = _coordinates(indices.ravel().astype(int), grads, num_coordinates, rng=rng)
        numeric = np.empty(len(chosen))
        for i, index in enumerate(chosen):
            centre = network.params[index]
            network.params[index] = centre + width
            above = objective()[0]
            network.params[index] = centre - width
            below = objective()[0]
            network.params[index] = centre
            numeric[i] = (above - below) / (2 * width)
        errors[name] = _relative_error(grads[chosen], numeric, rounding=rounding)
    network.grads[...] = grads
    network.load_state(state)
    network.rng.bit_generator.state = random_state
    return errors


def _coordinates(indices: Targets, grads: Array, number: int, *, rng: np.random.Generator) -> Targets:
    largest_first = indices[np.argsort(-np.abs(grads[indices]), kind="stable")]
    largest, others = np.split(largest_first, [min(len(indices), (number + 1) // 2)])
    drawn = rng.choice(others, size=min(len(others), number // 2), replace=False)
    return np.concatenate([largest, drawn])


def _relative_error(analytic: Array, numeric: Array, *, rounding: float) -> float:
    scale = max(float(np.linalg.norm(analytic)), float(np.linalg.norm(numeric)))
    # A difference is off by about `rounding`. Where a gradient vanishes (dead units, many sigmoids in a row) that
    # alone would be a large relative error, so that below a million times as much the error counts as absolute.
    return float(np.linalg.norm(analytic - numeric)) / max(scale, 1e6 * rounding)
