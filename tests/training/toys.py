"""Something small to train, and a trainer for it."""

import numpy as np

from scratchlab.data import Split
from scratchlab.nn import Loss, Momentum, Network, constant_schedule, cross_entropy, mlp
from scratchlab.training import Callback, Trainer

NOTHING = Split(np.empty((0, 2), dtype=np.float32), np.empty(0, dtype=np.int64))


def blobs(n: int, *, seed: int = 0) -> Split:
    """Return n points (x, y) in three classes, each a blob around a centre of its own."""
    rng = np.random.default_rng(seed)
    targets = np.arange(n) % 3
    centres = np.array([[0, 2], [-2, -1], [2, -1]], dtype=np.float32)
    return Split(
        centres[targets] + 0.3 * rng.standard_normal((n, 2), dtype=np.float32), targets.astype(np.int64)
    )


def network(seed: int = 0, *, dropout: float = 0.0, l2: float = 0.0) -> Network:
    """Return a network of 8 hidden units for the blobs."""
    return Network(mlp(2, 3, hidden=8, dropout=dropout), rng=np.random.default_rng(seed), l2=l2)


def trainer(
    *callbacks: Callback,
    network: Network,
    loss_fn: Loss = cross_entropy,
    epochs: int = 2,
    batch_size: int = 4,
    max_steps: int | None = None,
    seed: int = 0,
) -> Trainer:
    """Return a trainer with momentum at a constant learning rate of 0.05."""
    return Trainer(
        network,
        loss_fn,
        Momentum(),
        constant_schedule(lr=0.05, num_steps=1),
        epochs=epochs,
        batch_size=batch_size,
        max_steps=max_steps,
        rng=np.random.default_rng(seed),
        callbacks=callbacks,
    )
