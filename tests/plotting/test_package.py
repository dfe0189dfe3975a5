"""What holds for the package as a whole: what it imports, and that no figure cuts off its texts."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from scratchlab import plotting
from scratchlab.plotting.sheet import Sheet

CIFAR = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def heavy_modules_after(statement: str) -> set[str]:
    """Run `statement` in a fresh interpreter and return which heavy packages it loaded."""
    code = f"{statement}\nimport sys\nprint(*({{'matplotlib', 'matplotlib.pyplot', 'pandas'}} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


def test_importing_the_package_loads_no_matplotlib_until_a_figure_is_drawn() -> None:
    assert heavy_modules_after("import scratchlab.plotting") == set()


def test_drawing_and_saving_never_loads_pyplot_or_pandas(tmp_path: Path) -> None:
    draw = (
        "import numpy as np, pathlib, scratchlab.plotting as p\n"
        "p.save(p.update_ratios(np.arange(1, 3), {'hidden 1': np.full(2, 1e-3)}), "
        f"pathlib.Path({str(tmp_path)!r}) / 'a.png')"
    )
    assert heavy_modules_after(draw) == {"matplotlib"}


def test_the_check_of_imports_sees_pyplot_where_it_is_loaded() -> None:
    assert heavy_modules_after("import matplotlib.pyplot") == {"matplotlib", "matplotlib.pyplot"}


def test_every_public_name_exists() -> None:
    assert all(callable(getattr(plotting, name)) for name in plotting.__all__)


def curves() -> Figure:
    losses = np.exp(-np.linspace(0, 8, 3000))
    epochs = np.arange(1, 11)
    accuracy = 1 - 0.1 / epochs
    return plotting.training_curves(
        step_losses=losses,
        epochs=epochs,
        train_accuracy=accuracy,
        val_accuracy=accuracy - 0.01,
        best_epoch=10,
    )


def confusion() -> Sheet:
    return plotting.confusions(np.full((10, 10), 12_345), CIFAR)


def small_confusion() -> Sheet:
    return plotting.confusions(np.array([[900, 3], [7, 90]]), ["no", "yes"])


def templates() -> Sheet:
    weight = np.random.default_rng(0).normal(size=(3072, 10))
    return plotting.weight_images(weight, (3, 32, 32), titles=CIFAR)


def units() -> Sheet:
    return plotting.weight_images(np.random.default_rng(0).normal(size=(784, 3)), (28, 28))


def long_mistakes() -> Sheet:
    targets, predictions = np.full(12, 1), np.full(12, 0)  # automobile and airplane, the longest names
    pixels = np.zeros((12, 3072), dtype=np.uint8)
    return plotting.mistakes(pixels, (3, 32, 32), targets, predictions, np.ones(12), CIFAR)


def digit_mistakes() -> Sheet:
    pixels, digits = np.zeros((12, 64)), [str(digit) for digit in range(10)]
    return plotting.mistakes(pixels, (8, 8), np.full(12, 4), np.full(12, 9), np.ones(12), digits)


def no_mistakes() -> Sheet:
    ids = np.zeros(10_000, dtype=np.int64)
    return plotting.mistakes(np.zeros((10_000, 64)), (8, 8), ids, ids, np.ones(10_000), ["0"])


def samples() -> Sheet:
    return plotting.augmented_samples(np.zeros((10, 784)), np.zeros((12, 10, 784)), (28, 28))


def one_sample() -> Sheet:
    return plotting.augmented_samples(np.zeros((1, 64)), np.zeros((1, 1, 64)), (8, 8))


def folds() -> Figure:
    ks = np.array([1, 3, 5, 8, 10, 12, 15, 20, 50, 100])
    return plotting.cross_validation(ks, np.linspace(0.2, 0.3, 50).reshape(10, 5), 100)


def histograms() -> Figure:
    counts, edges = np.full((9, 40), 5), np.linspace(-2, 2, 41)
    layers = [f"hidden {number}" for number in range(1, 7)]
    return plotting.histograms_over_epochs(
        np.arange(1, 10), dict.fromkeys(layers, counts), dict.fromkeys(layers, edges), quantity="activations"
    )


def ratios() -> Figure:
    layers = [f"hidden {number}" for number in range(1, 7)]
    return plotting.update_ratios(np.arange(1, 10), dict.fromkeys(layers, np.full(9, 3e-4)))


def regions() -> Figure:
    points = np.random.default_rng(0).uniform(-1, 1, size=(100, 2))
    predictions = np.arange(10).repeat(4).reshape(8, 5)
    return plotting.decision_regions(points, np.arange(100) % 10, predictions, (-1, 1, -1, 1), CIFAR)


SWEEP: dict[str, list[object]] = {
    "regularization.label_smoothing": [0.0, 0.1, 0.2] * 8,
    "model.activation": ["leaky_relu", "tanh"] * 12,
    "optimizer.lr": list(np.geomspace(1e-5, 0.1, 24)),
    "model.norm": [None, "batch", "batch"] * 8,
    "regularization.l2": [0, 1e-5, 1e-4, 1e-3] * 6,
}
SCORES = np.linspace(0.1, 0.9876, 24)


def pairs() -> Figure:
    return plotting.heat_maps(SWEEP, SCORES)


def one_pair() -> Figure:
    return plotting.heat_maps({name: SWEEP[name] for name in list(SWEEP)[:2]}, SCORES)


def one_parameter() -> Figure:
    return plotting.heat_maps({"model.hidden": [[500, 300], [500, 300, 100], 500] * 8}, SCORES)


def coordinates() -> Figure:
    return plotting.parallel_coordinates(SWEEP, SCORES)


def one_coordinate() -> Figure:
    return plotting.parallel_coordinates({"optimizer.lr": SWEEP["optimizer.lr"]}, SCORES)


def best_runs() -> Figure:
    names = [f"hidden=[500,300] lr={number}e-3 regularization.label_smoothing=0.1" for number in range(12)]
    return plotting.best_curves(names, [1 - 0.1 / np.arange(1, 10)] * 12)


def shares() -> Figure:
    return plotting.importance({"regularization.label_smoothing": 0.004, "optimizer.lr": 0.996})


def contests() -> Figure:
    names = ["scratchlab", "PyTorch, eager", "scikit-learn, no evaluation"]
    jobs = [f"784-2000-1500-1000-500-10, batch norm, batch {number}, momentum" for number in (100, 200)]
    return plotting.races({job: {name: np.linspace(10, 20, 3) for name in names} for job in jobs})


FIGURES = [
    *(curves, folds, histograms, ratios, regions),
    *(pairs, one_pair, one_parameter, coordinates, one_coordinate, best_runs, shares, contests),
]
SHEETS = [
    *(confusion, small_confusion, templates, units, long_mistakes, digit_mistakes, no_mistakes),
    *(samples, one_sample),
]


def texts_of(figure: Figure) -> list[Text]:
    """Return the texts that are always shown: all but the labels of ticks, which may lie beyond the limits."""
    ticks = {
        label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for label in (*axis.get_ticklabels(), *axis.get_ticklabels(minor=True))
    }
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    return [text for text in texts if text.get_visible() and text.get_text() and text not in ticks]


def boxes_of(drawing: Callable[[], Figure | Sheet]) -> list[tuple[str, Bbox]]:
    picture = drawing()
    if isinstance(picture, Sheet):
        return [(text.text, Bbox.from_extents(*text.box)) for text in (*picture.frame(), *picture.texts)]
    picture.draw_without_rendering()
    return [(text.get_text(), text.get_window_extent()) for text in texts_of(picture)]


def size_of(picture: Figure | Sheet) -> tuple[float, float]:
    if isinstance(picture, Sheet):
        return picture.width, picture.height
    return picture.bbox.width, picture.bbox.height


@pytest.mark.parametrize("drawing", [*FIGURES, *SHEETS])
def test_no_text_is_cut_off_by_the_border(drawing: Callable[[], Figure | Sheet]) -> None:
    width, height = size_of(drawing())
    for text, box in boxes_of(drawing):
        assert box.x0 >= 0, f"{text!r} starts at {box.x0:.0f}"
        assert box.x1 <= width, f"{text!r} ends at {box.x1:.0f} of {width:.0f}"
        assert box.y0 >= 0, f"{text!r} starts at {box.y0:.0f}"
        assert box.y1 <= height, f"{text!r} ends at {box.y1:.0f} of {height:.0f}"


@pytest.mark.parametrize("drawing", [*FIGURES, *SHEETS])
def test_no_text_lies_on_another(drawing: Callable[[], Figure | Sheet]) -> None:
    boxes = boxes_of(drawing)
    for index, (text, box) in enumerate(boxes):
        for other, other_box in boxes[:index]:
            assert not box.overlaps(other_box), f"{text!r} lies on {other!r}"
