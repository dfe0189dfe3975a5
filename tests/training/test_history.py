import pytest

from scratchlab.training import History
from tests.training.toys import NOTHING, blobs, network, trainer


def test_it_has_a_loss_per_step_and_metrics_per_epoch() -> None:
    history = History()
    toy = trainer(history, network=network(), epochs=3, batch_size=4)
    toy.fit(blobs(10), blobs(5, seed=1))
    assert len(history.step_losses) == 9
    assert history.step_losses[0] == pytest.approx(1.0986, rel=0.2)  # log(3), before anything is learned
    assert history.values("val/accuracy") == [metrics["val/accuracy"] for metrics in history.epochs]
    assert len(history.values("val/accuracy")) == 3


def test_what_was_not_measured_is_empty() -> None:
    history = History()
    trainer(history, network=network()).fit(blobs(10), NOTHING)
    assert history.values("val/accuracy") == []
    assert history.total("val/accuracy") == 0


def test_totals_and_values_keep_what_was_told_at_the_time() -> None:
    history = History()
    metrics = {"time/train_seconds": 1.5}
    toy = trainer(history, network=network())
    history.on_epoch_end(toy, metrics)
    metrics["time/train_seconds"] = 2.5
    history.on_epoch_end(toy, metrics)
    assert history.values("time/train_seconds") == [1.5, 2.5]
    assert history.total("time/train_seconds") == 4
