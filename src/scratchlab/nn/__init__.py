"""Networks from scratch in NumPy: layers, losses, optimizers, schedules, and a check of their gradients."""

from scratchlab.nn.activations import ACTIVATIONS, Activation, LeakyReLU, ReLU, Sigmoid, Tanh
from scratchlab.nn.adam import Adam, AdamW
from scratchlab.nn.dropout import Dropout
from scratchlab.nn.gradient_check import gradient_check
from scratchlab.nn.initialization import Initialization, he, small, xavier
from scratchlab.nn.layer import Array, Layer, Targets
from scratchlab.nn.linear import Linear
from scratchlab.nn.losses import Loss, binary_cross_entropy, cross_entropy, softmax
from scratchlab.nn.mlp import mlp
from scratchlab.nn.network import Network
from scratchlab.nn.optimizer import Optimizer
from scratchlab.nn.schedules import (
    Schedule,
    constant,
    cosine,
    exponential,
    inverse_t,
    one_cycle,
    step_decay,
)
from scratchlab.nn.sgd import SGD, Momentum, Nesterov

__all__ = [
    "ACTIVATIONS",
    "SGD",
    "Activation",
    "Adam",
    "AdamW",
    "Array",
    "Dropout",
    "Initialization",
    "Layer",
    "LeakyReLU",
    "Linear",
    "Loss",
    "Momentum",
    "Nesterov",
    "Network",
    "Optimizer",
    "ReLU",
    "Schedule",
    "Sigmoid",
    "Tanh",
    "Targets",
    "binary_cross_entropy",
    "constant",
    "cosine",
    "exponential",
    "inverse_t",
    "one_cycle",
    "step_decay",
    "cross_entropy",
    "gradient_check",
    "he",
    "mlp",
    "small",
    "softmax",
    "xavier",
]
