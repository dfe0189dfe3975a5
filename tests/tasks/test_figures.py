from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from scratchlab import plotting
from scratchlab.config.build import Parts, build, load
from scratchlab.tasks.figures import (
    DiagnosticFigures,
    save_figure,
    save_prediction_figures,
    save_training_figures,
)
from scratchlab.tracking import FilesRun, NullRun
from scratchlab.training import History
from tests.composed import built, composed


class SavingRun(FilesRun):
    """Saves artifacts into a folder, and nothing else."""

    @property
    def saved(self) -> dict[str, bytes]:
        """The first bytes of the plots, by name."""
        return {path.stem: path.read_bytes()[:4] for path in self._folder.glob("plots/*.png")}


@pytest.fixture
def run(tmp_path: Path) -> SavingRun:
    return SavingRun(tmp_path)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """The arguments of every figure that is drawn; what is drawn is an empty figure."""
    arguments: dict[str, dict[str, Any]] = {}

    def replace(name: str) -> None:
        def draw(*positional: Any, **named: Any) -> Figure:
            arguments[name] = {**{str(place): value for place, value in enumerate(positional)}, **named}
            return Figure()

        monkeypatch.setattr(plotting, name, draw)

    for name in (
        "training_curves",
        "weight_images",
        "decision_regions",
        "confusions",
        "mistakes",
        "histograms_over_epochs",
        "update_ratios",
    ):
        replace(name)
    return arguments


@pytest.fixture
def history() -> History:
    history = History()
    history.step_losses = [2.0, 1.0, 0.5]
    history.epochs = [
        {"train/accuracy": 0.25, "val/accuracy": 0.125},
        {"train/accuracy": 0.5, "val/accuracy": 0.375},
    ]
    return history


def spiral() -> Parts:
    config = composed("data=spiral")
    return build(config, load(config))


PNG = b"\x89PNG"


def test_the_figures_of_images(run: SavingRun, history: History) -> None:
    parts = built("model.hidden=9")
    save_training_figures(run, parts, history, best_epoch=2)
    assert run.saved == {"training_curves": PNG, "first_weights": PNG}
    ids = np.zeros(360, dtype=np.int64)
    save_prediction_figures(run, parts.dataset, ids, np.ones(360))
    assert run.saved == dict.fromkeys(
        ("training_curves", "first_weights", "confusion_matrix", "mistakes"), PNG
    )


def test_the_figures_of_points_in_a_plane(run: SavingRun, history: History) -> None:
    parts = spiral()
    save_training_figures(run, parts, history, best_epoch=2)
    save_prediction_figures(run, parts.dataset, np.zeros(300, np.int64), np.ones(300))
    assert run.saved == dict.fromkeys(("training_curves", "decision_regions", "confusion_matrix"), PNG)


def test_where_nothing_is_recorded_nothing_is_drawn() -> None:
    def draw() -> Figure:
        raise AssertionError("drawn")

    save_figure(NullRun(), "any", draw)


def test_the_curves_are_those_of_the_history(
    run: SavingRun, history: History, drawn: dict[str, dict[str, Any]]
) -> None:
    save_training_figures(run, built(), history, best_epoch=2)
    curves = {name: np.asarray(values).tolist() for name, values in drawn["training_curves"].items()}
    assert curves == {
        "step_losses": [2.0, 1.0, 0.5],
        "epochs": [1, 2],
        "train_accuracy": [0.25, 0.5],
        "val_accuracy": [0.125, 0.375],
        "best_epoch": 2,
    }


@pytest.mark.parametrize(
    ("overrides", "titles"), [(("model.hidden=9",), ()), (("model=linear",), tuple("0123456789"))]
)
def test_the_weights_of_an_only_layer_are_templates_of_the_classes(
    run: SavingRun,
    history: History,
    drawn: dict[str, dict[str, Any]],
    overrides: tuple[str, ...],
    titles: tuple[str, ...],
) -> None:
    parts = built(*overrides)
    save_training_figures(run, parts, history, best_epoch=1)
    weight = drawn["weight_images"]
    assert np.array_equal(weight["0"], parts.network.state()["linear1.weight"])
    assert (weight["1"], weight["titles"]) == ((8, 8), titles)


def test_the_confusion_matrix_has_a_row_per_true_class(
    run: SavingRun, drawn: dict[str, dict[str, Any]]
) -> None:
    dataset = built().dataset
    targets = dataset.test.targets
    save_prediction_figures(run, dataset, np.full(360, 3), np.ones(360))
    counts = drawn["confusions"]["0"]
    assert counts[:, 3].tolist() == [int((targets == k).sum()) for k in range(10)]
    assert counts.sum() == 360
    assert drawn["confusions"]["1"] == tuple("0123456789")


@pytest.mark.parametrize("preprocessing", ["scale", "standardize"])
def test_mistakes_are_shown_as_they_were_scanned(
    run: SavingRun, drawn: dict[str, dict[str, Any]], preprocessing: str
) -> None:
    dataset = built(f"data.preprocessing={preprocessing}").dataset
    predictions = dataset.test.targets.copy()
    predictions[[5, 7]] = (predictions[[5, 7]] + 1) % 10
    save_prediction_figures(run, dataset, predictions, np.linspace(0, 1, 360))
    pixels, shape, targets, wrong, confidences, names = drawn["mistakes"].values()
    assert np.array_equal(pixels, np.rint(built().dataset.test.inputs[[5, 7]] * 16))
    assert targets.tolist() == dataset.test.targets[[5, 7]].tolist()
    assert wrong.tolist() == predictions[[5, 7]].tolist()
    assert confidences.tolist() == pytest.approx([5 / 359, 7 / 359])
    assert (shape, names) == ((8, 8), tuple("0123456789"))


def test_regions_are_what_the_network_makes_of_a_grid_around_the_points(
    run: SavingRun, history: History, drawn: dict[str, dict[str, Any]]
) -> None:
    parts = spiral()
    save_training_figures(run, parts, history, best_epoch=1)
    points, _, predictions, extent, _ = drawn["decision_regions"].values()
    left, right, bottom, top = extent
    assert left < points[:, 0].min() < points[:, 0].max() < right
    assert bottom < points[:, 1].min() < points[:, 1].max() < top
    corner = parts.network.forward(np.array([[left, top]], np.float32), training=False).argmax()
    assert predictions.shape == (200, 200)
    assert predictions[-1, 0] == corner


def looked_into(run: SavingRun, parts: Parts, *, epochs: int = 2) -> DiagnosticFigures:
    """Train and draw the diagnostics."""
    looking = DiagnosticFigures(run, parts)
    trainer = parts.trainer(looking)
    trainer.epochs = epochs
    trainer.fit(parts.dataset.train, parts.dataset.val)
    return looking


@pytest.mark.parametrize(
    ("model", "figures"),
    [
        ("model.hidden=[9,8]", ("activations", "gradients", "update_ratios")),
        ("model=linear", ("gradients", "update_ratios")),  # without activations
    ],
)
def test_the_figures_of_diagnostics(run: SavingRun, model: str, figures: tuple[str, ...]) -> None:
    looked_into(run, built(model))
    assert run.saved == dict.fromkeys(figures, PNG)


def test_diagnostics_are_drawn_layer_by_layer_over_the_epochs(
    run: SavingRun, drawn: dict[str, dict[str, Any]]
) -> None:
    looking = looked_into(run, built("model.hidden=[9,8]"), epochs=3)
    # Histograms are drawn of activations, then of gradients; the latter are left.
    epochs, counts, edges = (drawn["histograms_over_epochs"][place] for place in "012")
    assert epochs.tolist() == drawn["update_ratios"]["0"].tolist() == [1, 2, 3]
    assert drawn["histograms_over_epochs"]["quantity"] == "gradients"
    weights = {"linear1.weight": 64 * 9, "linear2.weight": 9 * 8, "linear3.weight": 8 * 10}
    assert list(counts) == list(edges) == list(weights)
    for name, size in weights.items():
        assert counts[name].sum(axis=1).tolist() == [size] * 3
    ratios = {name: values.tolist() for name, values in drawn["update_ratios"]["1"].items()}
    assert ratios == looking.update_ratios
    assert list(ratios) == list(weights)


def test_diagnostics_look_at_the_first_training_examples(run: SavingRun) -> None:
    parts = built("model.hidden=3")
    looking = looked_into(run, parts, epochs=1)
    state, inputs = parts.network.state(), parts.dataset.train.inputs[:500]
    hidden = np.maximum(inputs @ state["linear1.weight"] + state["linear1.bias"], 0)
    assert looking.activations["relu1"][0] == pytest.approx(hidden.ravel(), abs=1e-5)
