"""The pictures of a run, as its artifacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from scratchlab import plotting
from scratchlab.app.parts import Parts
from scratchlab.data import Dataset
from scratchlab.metrics import Ids, confusion_matrix
from scratchlab.nn import Array
from scratchlab.tracking import Run
from scratchlab.training import History

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save_figure(run: Run, name: str, draw: Callable[[], Figure]) -> None:
    """Save what `draw` draws as `plots/NAME.png`; where nothing is recorded nothing is drawn."""
    run.save(f"plots/{name}.png", lambda path: plotting.save(draw(), path))


def save_training_figures(run: Run, parts: Parts, history: History, *, best_epoch: int) -> None:
    """Save the training curves and the first layer's weights as images, with class names where it is the only one."""
    weights = [array for name, array in parts.network.state().items() if name.endswith(".weight")]
    titles = parts.dataset.class_names if len(weights) == 1 else ()
    save_figure(
        run,
        "training_curves",
        lambda: plotting.training_curves(
            step_losses=np.array(history.step_losses),
            epochs=np.arange(1, len(history.epochs) + 1),
            train_accuracy=np.array(history.values("train/accuracy")),
            val_accuracy=np.array(history.values("val/accuracy")),
            best_epoch=best_epoch,
        ),
    )
    save_figure(
        run,
        "first_weights",
        lambda: plotting.weight_images(weights[0], parts.dataset.input_shape, titles=titles),
    )


def save_prediction_figures(run: Run, dataset: Dataset, predictions: Ids, confidences: Array) -> None:
    """Save the confusion matrix of the test images, and the mistakes (N,) that were made most confidently."""
    test, names = dataset.test, dataset.class_names
    wrong = np.flatnonzero(predictions != test.targets)
    save_figure(
        run,
        "confusion_matrix",
        lambda: plotting.confusion_matrix_figure(
            confusion_matrix(predictions, test.targets, len(names)), names
        ),
    )
    save_figure(
        run,
        "mistakes",
        lambda: plotting.mistakes(
            dataset.preprocessing.invert(test.inputs[wrong]),
            dataset.input_shape,
            test.targets[wrong],
            predictions[wrong],
            confidences[wrong],
            names,
        ),
    )
