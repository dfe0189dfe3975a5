"""Losses: functions `(logits (N, K), targets (N,)) -> (loss, grad_logits (N, K))`, means over the batch.

Targets are class ids. `grad_logits` is d loss / d logits: all that a network needs to know of its loss.
"""

from collections.abc import Callable

import numpy as np

from scratchlab.arguments import fraction
from scratchlab.nn.layers.layer import Array, Targets

Loss = Callable[[Array, Targets], tuple[float, Array]]


def softmax(logits: Array) -> Array:
    """Return probs (N, K): exp(logits), normalised over the classes.

    A constant added to a row changes nothing; with the row's maximum subtracted exp cannot overflow.
    """
    probs = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    return probs


def cross_entropy(logits: Array, targets: Targets, *, label_smoothing: float = 0.0) -> tuple[float, Array]:
    """Return the mean of -log(softmax(logits)[target]), and its gradient (softmax(logits) - one_hot) / N.

    With `label_smoothing` s the target distribution is (1 - s) * one_hot + s / K instead of one_hot (Szegedy et
    al. 2016, section 7).

    -log(softmax(z)[t]) = log(sum(exp(z - m))) - (z[t] - m) with m = max(z) is finite for any finite logits
    (Goodfellow, Bengio, Courville 2016, section 4.1).
    """
    fraction(label_smoothing=label_smoothing)
    rows = np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    grad = np.exp(shifted)
    sums = grad.sum(axis=1, keepdims=True)
    expected = shifted[rows, targets]
    grad /= sums
    grad[rows, targets] -= 1 - label_smoothing
    if label_smoothing > 0:
        expected = (1 - label_smoothing) * expected + label_smoothing * shifted.mean(axis=1)
        grad -= label_smoothing / logits.shape[1]
    loss = float(np.mean(np.log(sums[:, 0]) - expected))
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


def hinge(logits: Array, targets: Targets) -> tuple[float, Array]:
    """Return the multiclass hinge loss with margin 1, mean over the batch (Weston and Watkins 1999).

        margins[k] = max(0, z[k] - z[target] + 1) for k != target,   loss = sum(margins)

    d loss / d z[k] = 1 where margins[k] > 0, and d loss / d z[target] = -(how many of them there are).
    """
    rows = np.arange(len(logits))
    margins = logits - logits[rows, targets][:, None] + 1
    margins[rows, targets] = 0
    np.maximum(margins, 0, out=margins)
    grad = (margins > 0).astype(logits.dtype)
    grad[rows, targets] = -grad.sum(axis=1)
    grad /= len(logits)
    return float(margins.sum() / len(logits)), grad
