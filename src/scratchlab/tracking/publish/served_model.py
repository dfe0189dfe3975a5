"""The code of a logged model: MLflow runs this file where the model is served. Scratchlab is not installed there.

What it needs of scratchlab travels with the model (see `model`), and that needs nothing but NumPy.
"""

from pathlib import Path
from typing import Any

import numpy as np
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from scratchlab.nn import TrainedNetwork


class ServedNetwork(PythonModel):
    """A trained network, from pixels to class names; the artifact `network` names the folder with its files."""

    def load_context(self, context: PythonModelContext) -> None:
        """Build the network."""
        self._network = TrainedNetwork(Path(context.artifacts["network"]))
        self._class_names = np.array(self._network.class_names)

    def predict(
        self,
        context: PythonModelContext,
        model_input: np.ndarray,
        params: dict[str, Any] | None = None,
    ) -> dict[str, np.ndarray]:
        """Return the `labels` (N,) and the `probabilities` (N, K) of images of pixels (N, D)."""
        probs = self._network.probs(model_input)
        return {"labels": self._class_names[probs.argmax(axis=1)], "probabilities": probs}


set_model(ServedNetwork())
