from dataclasses import replace

import numpy as np
import pytest

from scratchlab.config.build import build, load
from scratchlab.tasks.report import report
from scratchlab.training import Evaluation, History
from tests.composed import built, composed


@pytest.fixture(autouse=True)
def options(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"optimizer": "adam", "data": "digits"}
    monkeypatch.setattr("scratchlab.tasks.report.chosen_options", lambda: chosen)


def history_of(*val_accuracies: float | None) -> History:
    history = History()
    history.step_losses = [2.5] * 1234
    for epoch, val_accuracy in enumerate(val_accuracies, start=1):
        val = {} if val_accuracy is None else {"val/accuracy": val_accuracy}
        times = {"time/train_seconds": 1.5, "time/evaluation_seconds": 0.25}
        history.epochs.append({"train/accuracy": epoch / 10, **val, **times})
    return history


TENTHS = np.eye(10, dtype=int)
"""The confusion matrix of a network that is right once in each of ten classes."""


def test_a_report_says_what_was_found_and_with_what() -> None:
    parts = built("model.hidden=[30,20]", "regularization.dropout=0.5", "seed=7")
    confusion = 1200 * TENTHS
    confusion[3] = [0, 0, 0, 0, 0, 0, 0, 300, 0, 0]  # no 3 is recognized
    text = report(parts, history_of(0.25, 0.625, 0.5), Evaluation(0.12346, 0.9), confusion, best_epoch=2)
    assert text.splitlines() == [
        "# 90.00 % of the test images are classified correctly",
        "",
        "36 of 360 are not. The loss on them is 0.1235.",
        "",
        "The network is that of epoch 2 of 3, the first that was best on validation.",
        "It classifies 20.00 % of the training images and 62.50 % of the validation images correctly.",
        "The test images were read once, after the epoch had been chosen.",
        "",
        "| | |",
        "| --- | --- |",
        "| parts | data digits, optimizer adam |",
        f"| data | 1,137 / 300 / 360 images to train, validate and test; SHA-256 {parts.dataset.digest} |",
        "| layers | linear1, relu1, dropout1, linear2, relu2, dropout2, linear3 |",
        f"| parameters | {65 * 30 + 31 * 20 + 21 * 10:,} |",
        "| updates | 1,234 |",
        "| seed | 7 |",
        "| training | 4.5 s |",
        "| evaluation | 0.8 s |",
        "",
        "| class | precision | recall | test images |",
        "| --- | --- | --- | --- |",
        *(f"| {k} | 100.00 % | 100.00 % | 1,200 |" for k in (0, 1, 2)),
        "| 3 | none | 0.00 % | 300 |",
        *(f"| {k} | 100.00 % | 100.00 % | 1,200 |" for k in (4, 5, 6)),
        "| 7 | 80.00 % | 100.00 % | 1,200 |",
        *(f"| {k} | 100.00 % | 100.00 % | 1,200 |" for k in (8, 9)),
    ]


def test_a_report_without_validation_images_says_so() -> None:
    parts = built("data.num_val=0")
    text = report(parts, history_of(None, None), Evaluation(0.5, 1.0), TENTHS, best_epoch=2)
    assert text.startswith("# 100.00 % of the test images are classified correctly\n\n0 of 360 are not.")
    assert "epoch 2 of 2, the last, as there are no validation images." in text
    assert "It classifies 20.00 % of the training images correctly." in text
    assert "1,437 / 0 / 360 images" in text


@pytest.mark.parametrize("val_accuracy", [0.5, None])
def test_a_report_calls_points_no_images(val_accuracy: float | None) -> None:
    config = composed("data=spiral")
    parts = build(config, load(config))
    text = report(parts, history_of(val_accuracy), Evaluation(0.5, 0.75), np.eye(3, dtype=int), best_epoch=1)
    assert text.startswith("# 75.00 % of the test points are classified correctly\n\n75 of 300 are not.")
    assert "| data | 300 / 300 / 300 points to train, " in text
    assert "image" not in text


def test_a_report_of_many_classes_shows_those_with_the_lowest_recall() -> None:
    parts = built()
    names = ("a|b\nc", "x" * 99, *(str(k) for k in range(2, 30)))
    parts = replace(parts, dataset=replace(parts.dataset, class_names=names))
    confusion = np.diag(np.arange(30, 0, -1)) + np.eye(30, k=1, dtype=int) + np.eye(30, k=-29, dtype=int)
    lines = report(parts, history_of(0.5), Evaluation(0.5, 0.75), confusion, best_epoch=1).splitlines()
    assert "The 20 of 30 classes with the lowest recall:" in lines
    table = lines[lines.index("| --- | --- | --- | --- |") + 1 :]
    assert [row.split(" ")[1] for row in table] == [str(k) for k in range(29, 9, -1)]


def test_names_of_classes_leave_the_table_as_it_is() -> None:
    parts = built()
    names = ("a|b\nc", "x" * 99, *"23456789")
    parts = replace(parts, dataset=replace(parts.dataset, class_names=names))
    text = report(parts, history_of(0.5), Evaluation(0.5, 0.75), TENTHS, best_epoch=1)
    assert "\n| a\\|b c | 100.00 % | 100.00 % | 1 |\n" in text
    assert f"\n| {'x' * 21}... | 100.00 % | 100.00 % | 1 |\n" in text
