"""The pictures of a trained network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from scratchlab import plotting
from scratchlab.app.parts import Parts
from scratchlab.metrics import confusion_matrix
from scratchlab.nn import Array, softmax
from scratchlab.tracking import Run
from scratchlab.training import History

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save_figures(run: Run, parts: Parts, history: History, *, best_epoch: int, test_logits: Array) -> None:
    """Draw training curves, confusion matrix, first weights and confident mistakes, as artifacts of the run."""
    dataset, test = parts.dataset, parts.dataset.test
    predictions = test_logits.argmax(axis=1)
    confidences = softmax(test_logits)[np.arange(len(test)), predictions]
    wrong = np.flatnonzero(predictions != test.targets)
    weights = [array for name, array in parts.network.state().items() if name.endswith(".weight")]

    def save(name: str, draw: Callable[[], Figure]) -> None:
        run.save(f"plots/{name}.png", lambda path: plotting.save(draw(), path))

    save(
        "training_curves",
        lambda: plotting.training_curves(
            step_losses=np.array(history.step_losses),
            epochs=np.arange(1, len(history.epochs) + 1),
            train_accuracy=np.array(history.values("train/accuracy")),
            val_accuracy=np.array(history.values("val/accuracy")),
            best_epoch=best_epoch,
        ),
    )
    save(
        "confusion_matrix",
        lambda: plotting.confusion_matrix_figure(
            confusion_matrix(predictions, test.targets, len(dataset.class_names)), dataset.class_names
        ),
    )
    save("first_weights", lambda: plotting.weight_images(weights[0], dataset.input_shape))
    save(
        "mistakes",
        lambda: plotting.mistakes(
            dataset.preprocessing.invert(test.inputs[wrong]),
            dataset.input_shape,
            test.targets[wrong],
            predictions[wrong],
            confidences[wrong],
            dataset.class_names,
        ),
    )
