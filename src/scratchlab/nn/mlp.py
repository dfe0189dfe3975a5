"""Builders: what is typed as `model=...` becomes a list of layers."""

from collections.abc import Sequence

from scratchlab.arguments import ArgumentError, count, flag, fraction, non_negative, one_of
from scratchlab.nn.layers.activations import ACTIVATIONS
from scratchlab.nn.layers.batch_norm import BatchNorm
from scratchlab.nn.layers.deslant import Deslant
from scratchlab.nn.layers.dropout import Dropout
from scratchlab.nn.layers.initialization import small
from scratchlab.nn.layers.layer import Layer
from scratchlab.nn.layers.linear import Linear
from scratchlab.nn.layers.noise import GaussianNoise

NORMS = ("none", "batch")


def linear(num_features: int, num_classes: int) -> list[Layer]:
    """Return one linear layer: softmax regression with cross-entropy, a support vector machine with hinge.

    It starts small, so that the first loss is that of equal logits.
    """
    return [Linear(num_features, num_classes, initialization=small)]


def mlp(
    num_features: int,
    num_classes: int,
    *,
    hidden: int | Sequence[int],
    activation: str = "relu",
    norm: str = "none",
    dropout: float = 0.0,
    input_dropout: float = 0.0,
    noise: float = 0.0,
    input_noise: float = 0.0,
    deslant: bool = False,
) -> list[Layer]:
    """Return a fully connected network: linear, norm, noise, activation, dropout per width, and a linear layer.

    Args:
        num_features: D, the features of one example.
        num_classes: K, the logits of one example.
        hidden: width of the hidden layer, or of each hidden layer: `500` or `[500, 300]`.
        activation: `relu`, `leaky_relu`, `tanh` or `sigmoid`; decides how its layer's weights start.
        norm: `batch` for batch normalisation in front of every activation, or `none`.
        dropout: fraction of each hidden layer's outputs that is dropped in training.
        input_dropout: fraction of the inputs that is dropped in training.
        noise: standard deviation of the Gaussian noise in front of every activation in training. Batch normalisation
            then has no scale of its own, which would grow until the noise did not matter (Rasmus et al. 2015).
        input_noise: standard deviation of the Gaussian noise on the inputs in training.
        deslant: whether inputs, which are square images on a background of 0 then, are straightened first.

    The output layer starts small, so that the first loss is log(K).
    """
    one_of(ACTIVATIONS, activation=activation)
    one_of(NORMS, norm=norm)
    fraction(dropout=dropout, input_dropout=input_dropout)
    non_negative(noise=noise, input_noise=input_noise)
    flag(deslant=deslant)
    make_activation = ACTIVATIONS[activation]
    layers: list[Layer] = [Deslant(num_features)] if deslant else []
    if input_dropout > 0:
        layers.append(Dropout(input_dropout))
    if input_noise > 0:
        layers.append(GaussianNoise(input_noise))
    width = num_features
    for next_width in _widths(hidden):
        layers.append(Linear(width, next_width, initialization=make_activation.initialization))
        if norm == "batch":
            layers.append(BatchNorm(next_width, scale=noise == 0))
        if noise > 0:
            layers.append(GaussianNoise(noise))
        layers.append(make_activation())
        if dropout > 0:
            layers.append(Dropout(dropout))
        width = next_width
    return layers + linear(width, num_classes)


def _widths(hidden: int | Sequence[int]) -> list[int]:
    widths = list(hidden) if isinstance(hidden, Sequence) else [hidden]
    try:
        for width in widths:
            count(hidden=width)
    except ArgumentError:
        widths = []
    if not widths:
        raise ArgumentError(
            "hidden", hidden, "a whole number of at least 1, or a list of them like [500,300]"
        )
    return widths
