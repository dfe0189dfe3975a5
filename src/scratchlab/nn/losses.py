"""Losses: functions `(logits (N, K), targets (N,)) -> (loss, grad_logits (N, K))`, means over the batch.

Targets are class ids. `grad_logits` is d loss / d logits: all that a network needs to know of its loss.
"""

from collections.abc import Callable

import numpy as np

from scratchlab.nn.layer import Array, Targets

Loss = Callable[[Array, Targets], tuple[float, Array]]


def softmax(logits: Array) -> Array:
    """Return probs (N, K): exp(logits), normalised over the classes.

    A constant added to a row changes nothing; with the row's maximum subtracted exp cannot overflow.
    """
    probs = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    return probs


def cross_entropy(logits: Array, targets: Targets) -> tuple[float, Array]:
    """Return the mean of -log(softmax(logits)[target]), and its gradient (softmax(logits) - one_hot) / N.

    -log(softmax(z)[t]) = log(sum(exp(z - m))) - (z[t] - m) with m = max(z) is finite for any finite logits
    (Goodfellow, Bengio, Courville 2016, section 4.1).
    """
    rows = np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    grad = np.exp(shifted)
    sums = grad.sum(axis=1, keepdims=True)
    loss = float(np.mean(np.log(sums[:, 0]) - shifted[rows, targets]))
    grad /= sums
    grad[rows, targets] -= 1
    grad /= len(logits)
    return loss, grad


def binary_cross_entropy(logits: Array, targets: Targets) -> tuple[float, Array]:
    """Return the cross-entropy of K independent sigmoid outputs, summed over them, mean over the batch.

        s = sigmoid(logits), y = one_hot(targets)
        loss = -sum(y * log(s) + (1 - y) * log(1 - s))
        d loss / d logits = s - y

    Per output this is max(z, 0) - y * z + log(1 + exp(-abs(z))), which cannot overflow (Nielsen 2015,
    chapter 3).
    """
    rows = np.arange(len(logits))
    exp = np.exp(-np.abs(logits))
    losses = np.maximum(logits, 0) + np.log1p(exp)
    losses[rows, targets] -= logits[rows, targets]
    grad = np.where(logits >= 0, 1, exp) / (1 + exp)
    grad[rows, targets] -= 1
    grad /= len(logits)
    return float(losses.sum() / len(logits)), grad
