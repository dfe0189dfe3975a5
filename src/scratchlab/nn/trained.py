"""A trained network, read back from the files that training has written.

N examples, D pixels, K classes.
"""

import json
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from scratchlab.nn.layers.layer import Array
from scratchlab.nn.losses import softmax
from scratchlab.nn.network import Network


class TrainedNetwork:
    """A network that takes pixels and returns class probabilities.

    Args:
        folder: with `weights.npz`, the network's state by name, and `network.json`, how its layers are built and how
            pixels become inputs: `(pixels - shift) * scale`, in float32.

    Attributes:
        class_names: K names, the class id is the index.
        input_shape: the shape of one example before it became a row of D pixels.

    Raises:
        FileNotFoundError: a file is not there.
        ValueError: a file is damaged.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._read(folder)
        except FileNotFoundError:
            raise
        except Exception as error:  # of JSON, zipfile, zlib or NumPy: what damaged bytes look like to them
            raise ValueError(
                f"{folder}: expected a network as training writes it, but its files are damaged "
                f"({type(error).__name__}: {' '.join(str(error).split())})"
            ) from error

    def probs(self, pixels: ArrayLike) -> Array:
        """Return the probabilities (N, K) of the classes of examples of pixels (N, D)."""
        inputs = np.subtract(pixels, self._shift, dtype=np.float32) * self._scale
        return softmax(self._network.forward(inputs, training=False))

    def _read(self, folder: Path) -> None:
        description: dict[str, Any] = json.loads((folder / "network.json").read_text())
        module, _, builder = description["target"].rpartition(".")
        layers = getattr(import_module(module), builder)(**description["arguments"])
        self._network = Network(layers, rng=np.random.default_rng(0))
        # Of a damaged file NumPy would leave the handle open.
        content = BytesIO((folder / "weights.npz").read_bytes())
        with np.load(content, allow_pickle=False) as weights:
            self._network.load_state(dict(weights))
        self._shift = np.array(description["shift"], np.float32)
        self._scale = np.array(description["scale"], np.float32)
        self.class_names: list[str] = description["class_names"]
        self.input_shape = tuple(description["input_shape"])
