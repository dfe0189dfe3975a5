"""The debugging checklist: what a network must pass before it is worth training."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from scratchlab.config.build import Parts
from scratchlab.data import Split
from scratchlab.nn import constant_schedule, gradient_check
from scratchlab.training import History, Trainer

BuildParts = Callable[[type[np.floating]], Parts]
"""Builds the parts anew, untrained, with the precision asked for."""


@dataclass(frozen=True)
class Check:
    """One item of the list: what was looked at, the figure that was found, and what it had to be."""

    key: str
    name: str
    figure: float
    shown: str
    expected: str
    passed: bool


def checklist(build_parts: BuildParts) -> Iterator[Check]:
    """Yield the checks one after another, the cheapest and most fundamental first."""
    yield check_gradient(build_parts(np.float64))
    yield check_initial_loss(build_parts(np.float32))
    yield check_overfitting(build_parts(np.float32))
    yield check_falling_loss(build_parts(np.float32))
    yield from check_curves(build_parts(np.float32))


def check_gradient(parts: Parts, *, num_examples: int = 10, limit: float = 1e-5) -> Check:
    """Compare `backward` with finite differences, in float64, with penalty and dropout as composed."""
    examples = parts.dataset.train.first(num_examples)
    # With biases of 0 an input of zeros is on the kink of every ReLU, where there is no gradient to compare.
    biases = parts.network.params[parts.network.num_weights :]
    biases += 0.01 * parts.batches_rng.standard_normal(biases.shape)
    errors = gradient_check(
        parts.network,
        parts.loss_fn,
        examples.inputs.astype(np.float64),
        examples.targets,
        rng=parts.batches_rng,
    )
    worst = max(errors, key=lambda name: errors[name])
    return Check(
        "gradient_error",
        f"gradient, worst of {len(errors)} tensors ({worst})",
        errors[worst],
        f"{errors[worst]:.1e}",
        f"below {limit:g}",
        errors[worst] < limit,
    )


def check_initial_loss(parts: Parts, *, tolerance_fraction: float = 0.1) -> Check:
    """Compare the first loss with that of equal logits, log(K) for cross-entropy: an output layer starts small."""
    examples = parts.dataset.train.first(1000)
    logits = parts.network.forward(examples.inputs, training=False)
    loss, _ = parts.loss_fn(logits, examples.targets)
    expected, _ = parts.loss_fn(np.zeros_like(logits), examples.targets)
    return Check(
        "initial_loss",
        "loss before the first step",
        loss,
        f"{loss:.4f}",
        f"within {100 * tolerance_fraction:.0f} % of {expected:.4f}",
        abs(loss - expected) <= tolerance_fraction * expected,
    )


def check_overfitting(parts: Parts, *, num_examples: int = 10, num_steps: int = 500) -> Check:
    """Learn a few examples by heart: what cannot do that cannot learn at all."""
    examples = parts.dataset.train.first(num_examples)
    history = _train(parts, examples, batch_size=num_examples, num_steps=num_steps)
    accuracy = max(history.values("train/accuracy"))
    return Check(
        "overfit_accuracy",
        f"accuracy after {num_steps} steps on {len(examples)} examples",
        accuracy,
        f"{100 * accuracy:.0f} %",
        "100 %",
        accuracy == 1,
    )


def check_falling_loss(parts: Parts, *, num_steps: int = 100, limit: float = 0.9) -> Check:
    """Compare the mean loss of the last tenth of some steps with that of the first tenth."""
    history = _train(parts, parts.dataset.train.first(num_steps * 50), batch_size=50, num_steps=num_steps)
    tenth = num_steps // 10
    ratio = float(np.mean(history.step_losses[-tenth:]) / np.mean(history.step_losses[:tenth]))
    return Check(
        "falling_loss",
        f"loss after {num_steps} steps, as a fraction",
        ratio,
        f"{ratio:.3f}",
        f"below {limit}",
        ratio < limit,
    )


def check_curves(parts: Parts, *, num_epochs: int = 3, gap_limit: float = 0.2) -> Iterator[Check]:
    """Train for a few epochs on a part of the data: better than chance, and about as good on unseen examples."""
    train, val = parts.dataset.train.first(5000), parts.dataset.val.first(1000)
    num_steps = num_epochs * -(-len(train) // 50)
    history = _train(parts, train, val=val, batch_size=50, num_steps=num_steps)
    name = "train" if len(val) == 0 else "val"
    accuracy = history.values(f"{name}/accuracy")[-1]
    chance = 1 / len(parts.dataset.class_names)
    limit, demanded = 2 * chance, "twice chance"
    if limit == 1:  # of two classes
        limit, demanded = 0.75, "halfway from chance to 100 %"
    yield Check(
        "curve_accuracy",
        f"{name} accuracy after {num_epochs} epochs of {len(train):,}",
        accuracy,
        f"{100 * accuracy:.1f} %",
        f"above {100 * limit:.0f} %, {demanded}",
        accuracy > limit,
    )
    if len(val) > 0:
        gap = history.values("train/accuracy")[-1] - accuracy
        yield Check(
            "curve_gap",
            "train minus val accuracy then",
            gap,
            f"{100 * gap:.1f} %",
            f"below {100 * gap_limit:.0f} %",
            gap < gap_limit,
        )


def _train(
    parts: Parts, train: Split, *, val: Split | None = None, batch_size: int, num_steps: int
) -> History:
    """Train at the configured learning rate, without its schedule: the checks are over before it does anything."""
    history = History()
    schedule = constant_schedule(lr=parts.config.optimizer.lr, num_steps=num_steps)
    trainer = Trainer(
        parts.network,
        parts.loss_fn,
        parts.optimizer,
        schedule,
        epochs=num_steps,
        batch_size=batch_size,
        max_steps=num_steps,
        rng=parts.batches_rng,
        callbacks=[*parts.callbacks, history],
    )
    with np.errstate(over="ignore", invalid="ignore"):  # a loss that diverges fails its check
        trainer.fit(train, train.first(0) if val is None else val)
    return history
