"""The jobs that all contestants do, and how they are asked to.

A contestant is a process that reads one job a line from its standard input, as JSON, does it, and writes one line of
JSON with what it has measured. It gets all the threads that its libraries take by themselves.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

EVALUATION_CHUNK = 1000

Measured = dict[str, Any]
"""`seconds` for the whole job, `compile_seconds` of them where something is compiled, `val_accuracy` at its end."""


@dataclass(frozen=True)
class Job:
    """A network trained on 50,000 images of MNIST, with its accuracy on them and on 10,000 others after each epoch."""

    name: str
    hidden: tuple[int, ...]
    batch_size: int
    epochs: int
    optimizer: str = "adam"
    """Or `momentum`, of 0.9."""
    lr: float = 1e-3
    batch_norm: bool = False

    @property
    def widths(self) -> tuple[int, ...]:
        """From the inputs to the classes."""
        return (784, *self.hidden, 10)

    @property
    def flops_per_epoch(self) -> int:
        """Floating-point operations of the matrix products in one epoch of steps, two for each multiplication.

        Each layer has a product forward and two backward, but the first one, whose inputs need no gradient.
        """
        products = [2 * a * b for a, b in zip(self.widths, self.widths[1:], strict=False)]
        return 50_000 * (3 * sum(products) - products[0])

    def to_json(self) -> str:
        """Return a line that `serve` understands."""
        return json.dumps(asdict(self))


class Digits(NamedTuple):
    """MNIST as all contestants get it: inputs in [0, 1] of float32, targets of int64."""

    train_inputs: NDArray[np.float32]
    train_targets: NDArray[np.int64]
    val_inputs: NDArray[np.float32]
    val_targets: NDArray[np.int64]


def serve(do: Callable[[Job, Digits], Measured]) -> None:
    """Do jobs until there are no more; the folder with the digits is the script's argument."""
    digits = Digits(*(np.load(Path(sys.argv[1]) / f"{name}.npy") for name in Digits._fields))
    print("ready", flush=True)
    for line in sys.stdin:
        values = json.loads(line)
        job = Job(**{**values, "hidden": tuple(values["hidden"])})
        print(json.dumps(do(job, digits)), flush=True)
