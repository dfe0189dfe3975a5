"""Networks from scratch in NumPy, and nothing else.

- `layers`: what a network is a stack of
- `optimizers`: updates of one flat vector of parameters
- `network`: layers in a row over that vector
- `mlp`: builders: `model=...` becomes a list of layers
- `losses`: loss functions and their gradients
- `schedules`: the learning rate as a function of the step
- `gradient_check`: compares `backward` with finite differences
- `trained`: a trained network, read back from its files
"""

from scratchlab.nn.gradient_check import gradient_check
from scratchlab.nn.layers.activations import ACTIVATIONS, Activation, LeakyReLU, ReLU, Sigmoid, Tanh
from scratchlab.nn.layers.batch_norm import BatchNorm
from scratchlab.nn.layers.deslant import Deslant
from scratchlab.nn.layers.dropout import Dropout
from scratchlab.nn.layers.initialization import Initialization, glorot_normal, he_normal, small
from scratchlab.nn.layers.layer import Array, Layer, Targets
from scratchlab.nn.layers.linear import Linear
from scratchlab.nn.layers.noise import GaussianNoise
from scratchlab.nn.losses import Loss, binary_cross_entropy, cross_entropy, hinge, softmax
from scratchlab.nn.mlp import linear, mlp
from scratchlab.nn.network import Network
from scratchlab.nn.optimizers.adam import Adam, AdamW
from scratchlab.nn.optimizers.adaptive import Adagrad, RMSProp
from scratchlab.nn.optimizers.clipping import ClippedGradients, clip_by_global_norm
from scratchlab.nn.optimizers.compiled_adam import CompiledAdam
from scratchlab.nn.optimizers.optimizer import Optimizer
from scratchlab.nn.optimizers.sgd import SGD, Momentum, Nesterov
from scratchlab.nn.schedules import (
    Schedule,
    constant_schedule,
    cosine,
    exponential,
    inverse_t,
    linear_decay,
    one_cycle,
    step_decay,
)
from scratchlab.nn.trained import TrainedNetwork

__all__ = [
    "ACTIVATIONS",
    "SGD",
    "Activation",
    "Adagrad",
    "Adam",
    "AdamW",
    "Array",
    "BatchNorm",
    "ClippedGradients",
    "CompiledAdam",
    "Deslant",
    "Dropout",
    "GaussianNoise",
    "Initialization",
    "Layer",
    "LeakyReLU",
    "Linear",
    "Loss",
    "Momentum",
    "Nesterov",
    "Network",
    "Optimizer",
    "RMSProp",
    "ReLU",
    "Schedule",
    "Sigmoid",
    "Tanh",
    "Targets",
    "TrainedNetwork",
    "binary_cross_entropy",
    "clip_by_global_norm",
    "constant_schedule",
    "cosine",
    "cross_entropy",
    "exponential",
    "glorot_normal",
    "gradient_check",
    "he_normal",
    "hinge",
    "inverse_t",
    "linear",
    "linear_decay",
    "mlp",
    "one_cycle",
    "small",
    "softmax",
    "step_decay",
]
