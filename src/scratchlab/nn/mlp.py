"""Builders: what is typed as `model=...` becomes a list of layers."""

from collections.abc import Sequence

from scratchlab.arguments import ArgumentError, count, one_of
from scratchlab.nn.activations import ACTIVATIONS
from scratchlab.nn.dropout import Dropout
from scratchlab.nn.initialization import small
from scratchlab.nn.layer import Layer
from scratchlab.nn.linear import Linear


def mlp(
    num_features: int,
    num_classes: int,
    *,
    hidden: int | Sequence[int],
    activation: str = "relu",
    dropout: float = 0.0,
) -> list[Layer]:
    """Return the layers of a fully connected network: linear, activation, dropout per width, and a linear.

    Args:
        num_features: D, the features of one example.
        num_classes: K, the logits of one example.
        hidden: width of the hidden layer, or of each hidden layer: `500` or `[500, 300]`.
        activation: `relu`, `leaky_relu`, `tanh` or `sigmoid`; decides how its layer's weights start.
        dropout: fraction of each hidden layer's outputs that is dropped in training.

    The output layer starts small, so that the first loss is log(K).
    """
    one_of(ACTIVATIONS, activation=activation)
    make_activation = ACTIVATIONS[activation]
    layers: list[Layer] = []
    width = num_features
    for next_width in _widths(hidden):
        layers.append(Linear(width, next_width, initialization=make_activation.initialization))
        layers.append(make_activation())
        if dropout != 0:
            layers.append(Dropout(dropout))
        width = next_width
    layers.append(Linear(width, num_classes, initialization=small))
    return layers


def _widths(hidden: int | Sequence[int]) -> list[int]:
    widths = [hidden] if isinstance(hidden, int) else list(hidden) if isinstance(hidden, Sequence) else []
    try:
        for width in widths:
            count(hidden=width)
    except ArgumentError:
        widths = []
    if not widths or isinstance(hidden, str):
        raise ArgumentError(
            "hidden", hidden, "a whole number of at least 1, or a list of them like [500,300]"
        )
    return widths
