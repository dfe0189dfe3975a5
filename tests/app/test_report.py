import pytest

from scratchlab.app.parts import build, load
from scratchlab.app.report import report
from scratchlab.training import Evaluation, History

from .composed import built, composed


@pytest.fixture(autouse=True)
def options(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"optimizer": "adam", "data": "digits"}
    monkeypatch.setattr("scratchlab.app.report.chosen_options", lambda: chosen)


def history_of(*val_accuracies: float | None) -> History:
    history = History()
    history.step_losses = [2.5] * 1234
    for epoch, val_accuracy in enumerate(val_accuracies, start=1):
        val = {} if val_accuracy is None else {"val/accuracy": val_accuracy}
        times = {"time/train_seconds": 1.5, "time/evaluation_seconds": 0.25}
        history.epochs.append({"train/accuracy": epoch / 10, **val, **times})
    return history


def test_a_report_says_what_was_found_and_with_what() -> None:
    parts = built("model.hidden=[30,20]", "regularization.dropout=0.5", "seed=7")
    text = report(parts, history_of(0.25, 0.625, 0.5), Evaluation(0.12346, 0.9), best_epoch=2)
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
    ]


def test_a_report_without_validation_images_says_so() -> None:
    parts = built("data.num_val=0")
    text = report(parts, history_of(None, None), Evaluation(0.5, 1.0), best_epoch=2)
    assert text.startswith("# 100.00 % of the test images are classified correctly\n\n0 of 360 are not.")
    assert "epoch 2 of 2, the last, as there are no validation images." in text
    assert "It classifies 20.00 % of the training images correctly." in text
    assert "1,437 / 0 / 360 images" in text


@pytest.mark.parametrize("val_accuracy", [0.5, None])
def test_a_report_calls_points_no_images(val_accuracy: float | None) -> None:
    config = composed("data=spiral")
    text = report(build(config, load(config)), history_of(val_accuracy), Evaluation(0.5, 0.75), best_epoch=1)
    assert text.startswith("# 75.00 % of the test points are classified correctly\n\n75 of 300 are not.")
    assert "| data | 300 / 300 / 300 points to train, " in text
    assert "image" not in text
