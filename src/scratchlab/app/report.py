"""The result of a run in words."""

from scratchlab.app.invocation import chosen_options
from scratchlab.app.parts import Parts
from scratchlab.training import Evaluation, History


def report(parts: Parts, history: History, test: Evaluation, *, best_epoch: int) -> str:
    """Return a run's report in Markdown."""
    dataset, best = parts.dataset, history.epochs[best_epoch - 1]
    examples = "images" if dataset.has_images else "points"
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
"""
