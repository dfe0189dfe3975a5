"""The task behind train.py: one run of a network, from its configuration to its record."""

import math

import numpy as np
from hydra.utils import get_method
from omegaconf import DictConfig
from rich.console import Console

from scratchlab.config.build import Parts, build, load
from scratchlab.config.invocation import is_child, run_folder, runs_alone
from scratchlab.config.run_name import own_name
from scratchlab.metrics import confusion_matrix
from scratchlab.nn import softmax
from scratchlab.tasks.checkpointing import checkpoints, resumable
from scratchlab.tasks.console import announce, announce_child
from scratchlab.tasks.figures import (
    DiagnosticFigures,
    save_augmented_samples,
    save_prediction_figures,
    save_training_figures,
)
from scratchlab.tasks.model import save_model
from scratchlab.tasks.record import Recorder, start_run
from scratchlab.tasks.report import report
from scratchlab.tracking import DESCRIPTION, PrunedError, Run, signals_as_exceptions
from scratchlab.training import (
    BestEpoch,
    BlasThreads,
    Callback,
    Evaluation,
    History,
    ProgressBar,
    ProgressTable,
    StopOnDivergence,
    logits_of,
    score,
)


def train(config: DictConfig) -> float:
    """Train, read the test images once, record it all, and return the accuracy that runs are compared by.

    That is the best validation accuracy, or the training accuracy where there are no validation examples. A run that
    its search has pruned has none: nan.
    """
    console = Console(highlight=False)
    parts = build(config, load(config))
    try:
        return _train(config, parts, console)
    except PrunedError as error:
        announce_child(console, own_name(kind="train"), math.nan, note=str(error))
        return math.nan


def _train(config: DictConfig, parts: Parts, console: Console) -> float:
    best, history = BestEpoch(), History()
    with (
        signals_as_exceptions(),
        start_run(config, parts.dataset, kind="train") as run,
        resumable(kept := checkpoints(run)),
    ):
        save_augmented_samples(run, parts)
        threads = BlasThreads(
            config.trainer.threads,
            note=lambda threads, step: run.log_metrics({"speed/threads": threads}, step=step),
        )
        callbacks = [threads, Recorder(run), history, best, StopOnDivergence(), *_of_sweep(config, run)]
        if config.trainer.diagnostics:
            callbacks.append(DiagnosticFigures(run, parts))
        callbacks.append(_progress(console, len(parts.dataset.train)))
        trainer = parts.trainer(*callbacks, *kept)
        for each in kept:
            each.resume(trainer)
        if config.resume is not None:
            behind = f"after epoch {trainer.epoch}" if trainer.epoch > 0 else "from the beginning"
            console.print(f"going on {behind}")
        # Overflows end in StopOnDivergence's sentence, not in NumPy's warnings.
        with np.errstate(over="ignore", invalid="ignore"):
            trainer.fit(parts.dataset.train, parts.dataset.val)
        test = _conclude(run, parts, history, best)
    for each in kept:
        each.remove()
    accuracy = history.epochs[-1]["train/accuracy"] if math.isnan(best.val_accuracy) else best.val_accuracy
    if is_child():
        announce_child(console, own_name(kind="train"), accuracy)
    else:
        correct = f"{100 * test.accuracy:.2f} % correct, with the network of epoch {best.epoch}"
        announce(console, run, f"test   {correct}", folder=run_folder())
    return accuracy


def _of_sweep(config: DictConfig, run: Run) -> list[Callback]:
    """Return the callbacks that the sweep hands each of its runs: a search those that prune."""
    if "callbacks" not in config.sweep:
        return []
    made: list[Callback] = get_method(config.sweep.callbacks)(config, run)
    return made


def _progress(console: Console, num_examples: int) -> Callback:
    """Return what shows the training: of a run of a sweep a bar, and nothing where others are at work beside it."""
    if not runs_alone():
        return Callback()
    if is_child():
        return ProgressBar(console, num_examples=num_examples, title=own_name(kind="train"))
    return ProgressTable(console, num_examples=num_examples)


def _conclude(run: Run, parts: Parts, history: History, best: BestEpoch) -> Evaluation:
    """Read the test images, this once, and record what the network makes of them."""
    targets = parts.dataset.test.targets
    logits = logits_of(parts.network, parts.dataset.test)
    test = score(logits, targets, parts.loss_fn)
    results = {"test/loss": test.loss, "test/accuracy": test.accuracy, "best/epoch": best.epoch}
    if not math.isnan(best.val_accuracy):
        results["best/val_accuracy"] = best.val_accuracy
    run.log_metrics(results, step=0)  # one value at step 0: MLflow compares such metrics as bars
    predictions = logits.argmax(axis=1)
    confidences = softmax(logits)[np.arange(len(targets)), predictions]
    save_training_figures(run, parts, history, best_epoch=best.epoch)
    save_prediction_figures(run, parts.dataset, predictions, confidences)
    confusion = confusion_matrix(predictions, targets, len(parts.dataset.class_names))
    text = report(parts, history, test, confusion, best_epoch=best.epoch)
    run.log_artifact("report.md", lambda path: path.write_text(text))
    run.set_tag(DESCRIPTION, text)
    save_model(run, parts)
    return test
