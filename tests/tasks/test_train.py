import hashlib
import math
import re
from pathlib import Path

import numpy as np
import pytest

from scratchlab.data import Split
from scratchlab.nn import Array, Network
from scratchlab.tasks import train as training
from scratchlab.tracking import NullRun
from scratchlab.tracking.journal.records import Artifact, End, Metrics, Model, Start, Status
from scratchlab.training import History
from tests.composed import composed
from tests.launched import Ended, launch

PER_EPOCH = {
    *("train/loss", "train/accuracy", "val/loss", "val/accuracy", "train/penalty", "train/lr"),
    *("time/train_seconds", "time/evaluation_seconds", "speed/examples_per_second"),
}
ONCE = {"test/loss", "test/accuracy", "best/epoch", "best/val_accuracy"}
PLOTS = ("training_curves", "confusion_matrix", "first_weights", "mistakes")
PLOTS_OF_POINTS = ("training_curves", "confusion_matrix", "decision_regions")
PLOTS_OF_DIAGNOSTICS = ("activations", "gradients", "update_ratios")


def test_a_run_ends_well_and_says_so_last(trained: Ended) -> None:
    assert (trained.code, trained.stderr) == (0, "")
    journal = trained.journal
    assert isinstance(journal[0], Start)
    assert isinstance(journal[-1], End)
    assert journal[-1].status == Status.FINISHED


def test_every_step_has_a_loss_and_every_epoch_its_metrics(trained: Ended) -> None:
    assert list(trained.metric("train/step_loss")) == list(range(1, 6 * 23 + 1))
    for key in PER_EPOCH:
        assert list(trained.metric(key)) == [1, 2, 3, 4, 5, 6]
    recorded = {key for metrics in trained.of_kind(Metrics) for key in metrics.values}
    assert recorded == PER_EPOCH | ONCE | {"train/step_loss", "speed/threads"}


def test_the_loss_falls_to_where_the_epochs_see_it(trained: Ended) -> None:
    losses = trained.metric("train/step_loss")
    assert losses[1] == pytest.approx(math.log(10), rel=0.05)
    assert losses[138] < 0.2
    assert trained.metric("train/loss")[6] < 0.2
    assert trained.metric("train/accuracy")[6] > 0.95
    assert trained.metric("train/lr") == dict.fromkeys(range(1, 7), 0.01)


def test_the_first_epoch_that_was_best_on_validation_is_tested(trained: Ended) -> None:
    accuracies = trained.metric("val/accuracy")
    best = max(accuracies.values())
    epoch = min(epoch for epoch, accuracy in accuracies.items() if accuracy == best)
    assert trained.once("best/epoch") == epoch
    assert trained.once("best/val_accuracy") == best


@pytest.mark.parametrize(
    ("run", "plots"),
    [("trained", PLOTS), ("trained_on_spiral", PLOTS_OF_POINTS + PLOTS_OF_DIAGNOSTICS)],
)
def test_the_artifacts_are_files_that_can_be_opened(
    request: pytest.FixtureRequest, run: str, plots: tuple[str, ...]
) -> None:
    ended: Ended = request.getfixturevalue(run)
    assert (ended.code, ended.stderr) == (0, "")
    files = {artifact.path: artifact.folder for artifact in ended.of_kind(Artifact)}
    paths = {f"artifacts/plots/{name}.png": "plots" for name in plots}
    assert files == {"artifacts/config.yaml": "", "artifacts/report.md": "", **paths}
    for path in paths:
        assert (ended.folder / path).read_bytes().startswith(b"\x89PNG")
    assert ended.of_kind(Model) == [Model("model")]


def test_a_line_for_each_epoch_and_one_for_the_test(trained: Ended) -> None:
    header, *epochs, empty, result = trained.stdout.splitlines()
    assert header.split() == ["epoch", "loss", "train", "val", "seconds", "samples/s"]
    for epoch, line in enumerate(epochs, start=1):
        loss, train, val = (
            trained.metric(f"{key}")[epoch] for key in ("train/loss", "train/accuracy", "val/accuracy")
        )
        assert line.split()[:6] == [
            f"{epoch}/6",
            f"{loss:.4f}",
            f"{100 * train:.2f}",
            "%",
            f"{100 * val:.2f}",
            "%",
        ]
    assert len(epochs) == 6
    accuracy, best = trained.once("test/accuracy"), trained.once("best/epoch")
    assert (empty, result) == (
        "",
        f"test   {100 * accuracy:.2f} % correct, with the network of epoch {best:.0f}",
    )


@pytest.mark.usefixtures("no_figures")
def test_without_validation_images_the_last_epoch_counts(tmp_path: Path) -> None:
    ended = launch("train.py", "data=digits", "data.num_val=0", "trainer.epochs=2", cwd=tmp_path)
    assert ended.code == 0
    recorded = {key for metrics in ended.of_kind(Metrics) for key in metrics.values}
    unmeasured = {"val/loss", "val/accuracy", "best/val_accuracy", "train/penalty"}
    assert recorded == (PER_EPOCH | ONCE | {"train/step_loss", "speed/threads"}) - unmeasured
    assert ended.once("best/epoch") == 2
    assert re.search(r"^ +2/2 .* %  +-  ", ended.stdout, re.MULTILINE)


@pytest.fixture
def unrecorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks can be called without Hydra, which would name the folder of the run and its parts."""
    monkeypatch.setattr(training, "start_run", lambda config, dataset, *, kind: NullRun())
    monkeypatch.setattr(training, "run_folder", lambda: tmp_path)
    monkeypatch.setattr(training, "save_model", lambda run, parts: None)
    monkeypatch.setattr("scratchlab.tasks.report.chosen_options", dict)


@pytest.mark.usefixtures("unrecorded")
@pytest.mark.parametrize(("num_val", "compared"), [(300, "val/accuracy"), (0, "train/accuracy")])
def test_runs_are_compared_by_validation_or_training_accuracy(
    monkeypatch: pytest.MonkeyPatch, num_val: int, compared: str
) -> None:
    histories: list[History] = []

    class SeenHistory(History):
        def __init__(self) -> None:
            super().__init__()
            histories.append(self)

    monkeypatch.setattr(training, "History", SeenHistory)
    accuracy = training.train(composed("data=digits", "trainer.epochs=2", f"data.num_val={num_val}"))
    values = histories[0].values(compared)
    assert accuracy == (max(values) if num_val else values[-1])


@pytest.mark.usefixtures("unrecorded")
def test_the_test_images_are_read_once_after_the_last_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps_before: list[int] = []
    step_losses: list[float] = []

    class SeenHistory(History):
        def __init__(self) -> None:
            super().__init__()
            self.step_losses = step_losses

    def logits_of(network: Network, split: Split) -> Array:
        assert len(split) == 360
        steps_before.append(len(step_losses))
        return np.zeros((360, 10), np.float32)

    monkeypatch.setattr(training, "History", SeenHistory)
    monkeypatch.setattr(training, "logits_of", logits_of)
    training.train(composed("data=digits", "trainer.epochs=2", "trainer.batch_size=1000"))
    assert steps_before == [4]


def test_a_loss_that_is_no_number_ends_the_run_in_a_sentence(tmp_path: Path) -> None:
    overrides = (
        "data=digits",
        "optimizer=sgd",
        "optimizer.lr=1e30",
        "schedule=constant",
        "trainer.batch_size=1000",
    )
    ended = launch("train.py", *overrides, cwd=tmp_path)
    assert ended.code == 1
    assert re.fullmatch(
        r"the loss is (nan|inf) at step (2|3) \(epoch (1|2)\): training diverged at a learning rate of 1e\+30; "
        r"try optimizer.lr=1e\+29\n",
        ended.stderr,
    )
    assert ended.of_kind(End)[-1].status == Status.FAILED
    assert not math.isfinite(list(ended.metric("train/step_loss").values())[-1])
    assert ended.metric("test/accuracy") == {}
    traceback = (ended.folder / "artifacts" / "traceback.txt").read_text()
    assert "DivergenceError: the loss is " in traceback


def digest_of_weights(cwd: Path, *overrides: str) -> str:
    cwd.mkdir()
    small = ("data=digits", "model.hidden=[20,10]", "trainer.epochs=2", "tracking=off")
    assert launch("train.py", *small, *overrides, cwd=cwd).code == 0
    [weights] = cwd.rglob("weights.npz")
    return hashlib.sha256(weights.read_bytes()).hexdigest()


def test_the_same_seed_gives_the_same_weights_to_the_last_bit(tmp_path: Path) -> None:
    dropout = ("regularization.dropout=0.5", "regularization.input_dropout=0.2")
    digests = [
        digest_of_weights(tmp_path / f"seed 0, {time}", *dropout, "seed=0") for time in ("once", "again")
    ]
    assert digests[0] == digests[1]
    assert digest_of_weights(tmp_path / "default", *dropout) == digests[0]
    assert digest_of_weights(tmp_path / "seed 1", *dropout, "seed=1") != digests[0]
    assert digest_of_weights(tmp_path / "without", "seed=0") != digests[0]
