"""The result of a run in words."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from scratchlab.config.build import Parts
from scratchlab.config.invocation import chosen_options
from scratchlab.metrics import Ids, precision_and_recall
from scratchlab.training import Evaluation, History

MAX_CLASSES = 20
"""So many classes have a row of their own. MLflow shows a report of up to 8,000 characters."""


def report(parts: Parts, history: History, test: Evaluation, confusion: Ids, *, best_epoch: int) -> str:
    """Return a run's report in Markdown; `confusion` (K, K) is that of the test examples."""
    dataset, best = parts.dataset, history.epochs[best_epoch - 1]
    examples = "images" if dataset.has_images else "points" if dataset.input_shape == (2,) else "rows"
    sizes = f"{len(dataset.train):,} / {len(dataset.val):,} / {len(dataset.test):,} {examples}"
    chosen = ", ".join(f"{group} {option}" for group, option in sorted(chosen_options().items()))
    num_wrong = round((1 - test.accuracy) * len(dataset.test))
    if "val/accuracy" in best:
        val = f" and {100 * best['val/accuracy']:.2f} % of the validation {examples}"
        choice = "the first that was best on validation"
    else:
        val = ""
        choice = f"the last, as there are no validation {examples}"
    return f"""# {100 * test.accuracy:.2f} % of the test {examples} are classified correctly

{num_wrong:,} of {len(dataset.test):,} are not. The loss on them is {test.loss:.4f}.

The network is that of epoch {best_epoch} of {len(history.epochs)}, {choice}.
It classifies {100 * best["train/accuracy"]:.2f} % of the training {examples}{val} correctly.
The test {examples} were read once, after the epoch had been chosen.

| | |
| --- | --- |
| parts | {chosen} |
| data | {sizes} to train, validate and test; SHA-256 {dataset.digest} |
| layers | {", ".join(parts.network.names)} |
| parameters | {parts.network.params.size:,} |
| updates | {len(history.step_losses):,} |
| seed | {parts.config.seed} |
| training | {history.total("time/train_seconds"):.1f} s |
| evaluation | {history.total("time/evaluation_seconds"):.1f} s |

{_of_classes(confusion, dataset.shown_names, examples)}
"""


def _of_classes(confusion: Ids, class_names: Sequence[str], examples: str) -> str:
    """Return a table of what was found of each class; of many classes, those with the lowest recall."""
    return "\n".join(_rows(confusion, class_names, examples))


def _rows(confusion: Ids, class_names: Sequence[str], examples: str) -> Iterator[str]:
    precision, recall = precision_and_recall(confusion)
    shown = list(range(len(class_names)))
    if len(shown) > MAX_CLASSES:
        yield f"The {MAX_CLASSES} of {len(shown):,} classes with the lowest recall:\n"
        shown = np.argsort(recall, kind="stable")[:MAX_CLASSES].tolist()
    yield f"| class | precision | recall | test {examples} |"
    yield "| --- | --- | --- | --- |"
    for k in shown:
        name = class_names[k].replace("|", "\\|")
        yield f"| {name} | {_percent(precision[k])} | {_percent(recall[k])} | {confusion[k].sum():,} |"


def _percent(fraction: float) -> str:
    return "none" if math.isnan(fraction) else f"{100 * fraction:.2f} %"
