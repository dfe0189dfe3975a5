"""The task behind `model=knn`: one run of k-nearest neighbours, with k chosen by cross-validation."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig, ListConfig
from rich.console import Console

from scratchlab import plotting
from scratchlab.arguments import ArgumentError, count
from scratchlab.config.build import load
from scratchlab.config.invocation import is_child, run_folder
from scratchlab.config.run_name import own_name
from scratchlab.data import Dataset, Split
from scratchlab.metrics import accuracy
from scratchlab.neighbors import KNearestNeighbors, cross_validate, vote
from scratchlab.tasks.console import announce, announce_child
from scratchlab.tasks.figures import save_figure, save_prediction_figures
from scratchlab.tasks.record import start_run
from scratchlab.tracking import Run, signals_as_exceptions


def classify(config: DictConfig) -> float:
    """Choose k, classify the test images once, record it all, and return the accuracy that runs are compared by.

    That is the validation accuracy; without validation images that of cross-validation, nan if there was none.
    """
    console = Console(highlight=False)
    dataset = load(config)
    classifier, ks = build_classifier(config, dataset)
    with signals_as_exceptions(), start_run(config, dataset, kind="train") as run:
        best_k, compared = ks[0], float("nan")
        if len(ks) > 1:
            best_k, compared = _choose_k(run, console, config, dataset, ks)
        if len(dataset.val) > 0:
            predictions, _ = _classify(classifier, dataset, dataset.val, best_k)
            compared = accuracy(predictions, dataset.val.targets)
            run.log_metrics({"val/accuracy": compared}, step=best_k)
        start = perf_counter()
        predictions, confidences = _classify(classifier, dataset, dataset.test, best_k)
        seconds = perf_counter() - start
        test_accuracy = accuracy(predictions, dataset.test.targets)
        results = {
            "test/accuracy": test_accuracy,
            "best/k": best_k,
            "time/test_seconds": seconds,
            "speed/examples_per_second": len(dataset.test) / seconds,
        }
        run.log_metrics(results, step=0)
        save_prediction_figures(run, dataset, predictions, confidences)
    if is_child():
        announce_child(console, own_name(kind="train"), compared)
    else:
        correct = f"{100 * test_accuracy:.2f} % correct with k = {best_k}, in {seconds:.1f} s"
        announce(console, run, f"test   {correct}", folder=run_folder())
    return compared


def build_classifier(config: DictConfig, dataset: Dataset) -> tuple[KNearestNeighbors, list[int]]:
    """Return the classifier and the values of k that it is to be tried with, in ascending order.

    Raises:
        ArgumentError: a value is out of range or of the wrong type.
    """
    model = config.model
    ks = _ks(model.k, num_train=len(dataset.train))
    count(minimum=2, folds=model.folds)
    if model.folds > len(dataset.train):
        raise ArgumentError(
            "folds", model.folds, f"at most the number of training images, {len(dataset.train)}"
        )
    classifier = KNearestNeighbors(
        _vectors(dataset, dataset.train),
        dataset.train.targets,
        num_classes=len(dataset.class_names),
        metric=model.metric,
        ties=model.ties,
    )
    return classifier, ks


def _choose_k(
    run: Run, console: Console, config: DictConfig, dataset: Dataset, ks: Sequence[int]
) -> tuple[int, float]:
    """Return the k with the highest mean accuracy over the folds, the smallest of equal ones, and that accuracy."""
    model = config.model
    with console.status(f"cross-validation, {model.folds} folds"):
        accuracies = cross_validate(
            _vectors(dataset, dataset.train),
            dataset.train.targets,
            ks=ks,
            folds=model.folds,
            num_classes=len(dataset.class_names),
            metric=model.metric,
            ties=model.ties,
        )
    means = accuracies.mean(axis=1)
    best = int(means.argmax())
    run.log_metrics({"best/cv_accuracy": float(means[best])}, step=0)
    console.print("     k   accuracy   standard deviation over folds", style="bold")
    for k, of_folds, mean in zip(ks, accuracies, means, strict=True):
        console.print(
            f"{k:>6}{100 * mean:>9.2f} %{100 * of_folds.std():>14.2f} %{'   best' if k == ks[best] else ''}"
        )
        folds = {f"cv/fold_{fold}": value for fold, value in enumerate(of_folds, start=1)}
        run.log_metrics({"cv/accuracy": mean, **folds}, step=k)
    save_figure(
        run, "cross_validation", lambda: plotting.cross_validation(np.array(ks), accuracies, ks[best])
    )
    return ks[best], float(means[best])


def _classify(
    classifier: KNearestNeighbors, dataset: Dataset, split: Split, k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return predictions (N,) and the fraction of the k votes (N,) that each of them got."""
    indices, _ = classifier.neighbors(_vectors(dataset, split), k)
    labels = classifier.targets[indices]
    predictions = vote(labels, num_classes=classifier.num_classes, ties=classifier.ties)
    return predictions, (labels == predictions[:, np.newaxis]).mean(axis=1)


def _vectors(dataset: Dataset, split: Split) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Return what distances are measured between: the pixels, where preprocessing changed no ratio of distances.

    Distances between 8-bit pixels are whole numbers, hence exact.
    """
    keeps_ratios = dataset.preprocessing.scale.ndim == 0
    return dataset.preprocessing.invert(split.inputs) if keeps_ratios else split.inputs


def _ks(k: int | ListConfig, *, num_train: int) -> list[int]:
    ks = list(k) if isinstance(k, ListConfig) else [k]
    if not ks:
        raise ArgumentError("k", k, "a whole number of at least 1, or a list of them like [1,3,5]")
    for each in ks:
        count(k=each)
        if each > num_train:
            raise ArgumentError("k", each, f"at most the number of training images, {num_train}")
    return sorted(set(ks))
