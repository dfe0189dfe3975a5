"""The code of a logged model: MLflow runs this file where the model is served. Scratchlab is not installed there.

What it needs of scratchlab travels with the model (see `model`), and that needs nothing but NumPy.
"""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from scratchlab.nn import Network, softmax


class ServedNetwork(PythonModel):
    """A trained network, from pixels to class names.

    The folder that the artifact `network` names holds what training wrote: `weights.npz`, the network's state by
    name, and `network.json`, how its layers are built and how pixels become inputs:
    `(pixels - shift) * scale`, in float32.
    """

    def load_context(self, context: PythonModelContext) -> None:
        """Build the network."""
        folder = Path(context.artifacts["network"])
        description = json.loads((folder / "network.json").read_text())
        module, _, builder = description["target"].rpartition(".")
        layers = getattr(importlib.import_module(module), builder)(**description["arguments"])
        self._network = Network(layers, rng=np.random.default_rng(0))
        with np.load(folder / "weights.npz", allow_pickle=False) as weights:
            self._network.load_state(dict(weights))
        self._shift = np.array(description["shift"], np.float32)
        self._scale = np.array(description["scale"], np.float32)
        self._class_names = np.array(description["class_names"])

    def predict(
        self,
        context: PythonModelContext,
        model_input: np.ndarray,
        params: dict[str, Any] | None = None,
    ) -> dict[str, np.ndarray]:
        """Return the `labels` (N,) and the `probabilities` (N, K) of images of pixels (N, D)."""
        inputs = np.subtract(model_input, self._shift, dtype=np.float32) * self._scale
        probs = softmax(self._network.forward(inputs, training=False))
        return {"labels": self._class_names[probs.argmax(axis=1)], "probabilities": probs}


set_model(ServedNetwork())
