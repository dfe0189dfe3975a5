"""The pictures of a run, as its artifacts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scratchlab import plotting
from scratchlab.config.build import Parts
from scratchlab.data import AugmentedBatches, Dataset
from scratchlab.metrics import Ids, confusion_matrix
from scratchlab.nn import Array
from scratchlab.tracking import Run
from scratchlab.training import Diagnostics, History, Samples, Trainer, histograms

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from scratchlab.plotting import Sheet


def save_figure(run: Run, name: str, draw: Callable[[], Figure | Sheet]) -> None:
    """Save what `draw` draws as `plots/NAME.png`; where nothing is recorded nothing is drawn."""
    run.log_artifact(f"plots/{name}.png", lambda path: plotting.save(draw(), path))


def save_training_figures(run: Run, parts: Parts, history: History, *, best_epoch: int) -> None:
    """Save the training curves, and what the network learned: first weights of images, or regions of a plane."""
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
    if parts.dataset.has_images:
        save_figure(run, "first_weights", lambda: _first_weights(parts))
    elif parts.dataset.input_shape == (2,):
        save_figure(run, "decision_regions", lambda: _decision_regions(parts))


def save_augmented_samples(run: Run, parts: Parts, *, num_images: int = 10, rounds: int = 4) -> None:
    """Save some training images above what augmentation makes of them, if there is any."""
    if not isinstance(parts.batches, AugmentedBatches):
        return
    augmentation, train = parts.batches.augmentation, parts.dataset.train.first(num_images)
    originals = parts.dataset.preprocessing.invert(train.inputs)
    rng = np.random.default_rng(parts.config.seed)
    augmented = np.stack([augmentation(originals, train.targets, rng=rng) for _ in range(rounds)])
    shape = parts.dataset.input_shape
    save_figure(run, "augmented_samples", lambda: plotting.augmented_samples(originals, augmented, shape))


class DiagnosticFigures(Diagnostics):
    """Looks into the network after every epoch, and draws what it saw when training is over."""

    def __init__(self, run: Run, parts: Parts) -> None:
        super().__init__(parts.dataset.train.first(500), rng=np.random.default_rng(parts.config.seed))
        self._run = run

    def on_train_end(self, trainer: Trainer) -> None:
        """Save histograms of activations and gradients, and the size of the updates beside the weights."""
        epochs = np.arange(1, trainer.epoch + 1)
        for quantity, samples in (("activations", self.activations), ("gradients", self.gradients)):
            if samples:
                save_figure(self._run, quantity, partial(_histograms, epochs, samples, quantity))
        ratios = {name: np.array(values) for name, values in self.update_ratios.items()}
        save_figure(self._run, "update_ratios", lambda: plotting.update_ratios(epochs, ratios))


def save_prediction_figures(run: Run, dataset: Dataset, predictions: Ids, confidences: Array) -> None:
    """Save the confusion matrix of the test images, and the mistakes (N,) that were made most confidently."""
    test, names = dataset.test, dataset.shown_names
    wrong = np.flatnonzero(predictions != test.targets)
    save_figure(
        run,
        "confusion_matrix",
        lambda: plotting.confusions(confusion_matrix(predictions, test.targets, len(names)), names),
    )
    if not dataset.has_images:
        return
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


def _histograms(epochs: Ids, samples: Samples, quantity: str) -> Figure:
    counted = {name: histograms(of_layer) for name, of_layer in samples.items()}
    return plotting.histograms_over_epochs(
        epochs,
        {name: counts for name, (counts, _) in counted.items()},
        {name: edges for name, (_, edges) in counted.items()},
        quantity=quantity,
    )


def _first_weights(parts: Parts) -> Sheet:
    """Draw the first layer's weights as images; where it is the only layer they are templates of the classes."""
    weights = [array for name, array in parts.network.state().items() if name.endswith(".weight")]
    titles = parts.dataset.shown_names if len(weights) == 1 else ()
    return plotting.weight_images(weights[0], parts.dataset.input_shape, titles=titles)


def _decision_regions(parts: Parts, *, num_points: int = 200) -> Figure:
    """Draw what the network makes of the plane around the training points."""
    train = parts.dataset.train
    (left, bottom), (right, top) = train.inputs.min(axis=0) - 0.1, train.inputs.max(axis=0) + 0.1
    x, y = np.meshgrid(np.linspace(left, right, num_points), np.linspace(bottom, top, num_points))
    grid = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    logits = parts.network.forward(grid, training=False)
    return plotting.decision_regions(
        train.inputs,
        train.targets,
        logits.argmax(axis=1).reshape(x.shape),
        (left, right, bottom, top),
        parts.dataset.shown_names,
    )
