import json
import math
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from scratchlab import plotting
from scratchlab.compare.comparison import ComparedRun, Comparison
from scratchlab.tracking import DESCRIPTION, FilesRun, NullRun, PastRun

NAN = float("nan")


class KeepingRun(FilesRun):
    """Keeps files, metrics and tags."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.values: dict[str, float] = {}
        self.tags: dict[str, str] = {}
        self.folder = folder

    def log_metrics(self, values: Mapping[str, float], *, step: int) -> None:
        assert step == 0
        self.values.update(values)

    def set_tag(self, key: str, value: str) -> None:
        self.tags[key] = value

    @property
    def files(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
def run(tmp_path: Path) -> KeepingRun:
    return KeepingRun(tmp_path)


def compared(score: float, *curve: float, test: float = NAN, note: str = "", **values: str) -> ComparedRun:
    """A run that varies `values`; `model__hidden` is `model.hidden`."""
    dotted = {key.replace("__", "."): value for key, value in values.items()}
    return ComparedRun(
        name=" ".join(f"{key.rpartition('.')[2]}={value}" for key, value in dotted.items()),
        values=dotted,
        score=score,
        command=shlex.join(["python", "train.py", *(f"{key}={value}" for key, value in dotted.items())]),
        curve=np.array(curve),
        test_accuracy=test,
        run_id=f"id of {' '.join(dotted.values())}",
        note=note,
    )


SEEDS = Comparison(
    "sweep over hidden lr seed",
    [
        compared(0.5, 0.25, 0.5, test=0.9, model__hidden="100", optimizer__lr="1e-1", seed="0"),
        compared(0.75, 0.25, 0.75, test=0.8, model__hidden="100", optimizer__lr="1e-1", seed="1"),
        compared(
            0.875, 0.5, 0.875, test=0.7, model__hidden="500", optimizer__lr="1e-2", seed="0", note="reused"
        ),
        compared(0.625, 0.5, 0.625, test=0.6, model__hidden="500", optimizer__lr="0.01", seed="1"),
        compared(0.25, 0.25, model__hidden="500", optimizer__lr="1e-1", seed="0", note="pruned"),
        compared(
            NAN, 0.99, 0.98, test=0.1, model__hidden="100", optimizer__lr="1e-2", seed="0", note="failed"
        ),
    ],
    ["model.hidden", "optimizer.lr", "seed"],
)
"""Three configurations: 500 at 0.01 with (0.875 + 0.625) / 2 = 0.75, 100 at 0.1 with 0.625, 500 at 0.1 with 0.25."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Any, ...]]:
    """The arguments of every figure that is drawn; what is drawn is an empty figure."""
    arguments: dict[str, tuple[Any, ...]] = {}

    def replace(name: str) -> None:
        def draw(*given: Any, measure: str = "") -> Figure:
            arguments[name] = given
            return Figure()

        monkeypatch.setattr(plotting, name, draw)

    for name in ("best_curves", "heat_maps", "parallel_coordinates", "importance"):
        replace(name)
    return arguments


def test_the_configuration_with_the_highest_mean_is_the_best_with_the_test_accuracy_of_its_runs(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]]
) -> None:
    SEEDS.record(run)
    assert run.values == {
        "best/val_accuracy": 0.75,
        "best/val_accuracy_std": pytest.approx(math.sqrt(2) / 8),  # deviations of 1/8, divisor 1
        "best/n": 2,
        "test/accuracy": pytest.approx(0.65),
    }
    assert SEEDS.best is not None
    assert SEEDS.best.name == "hidden=500 lr=1e-2"
    assert SEEDS.headline == "hidden=500 lr=1e-2: 75.00 ± 17.68 %, 65.00 % on the test set"
    assert SEEDS.summary == "6 runs · 3 configurations · 1 without a result"


def test_tags_say_which_run_was_best_and_how_to_run_it_again(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]]
) -> None:
    SEEDS.record(run)
    assert run.tags["scratchlab.best_command"] == "python train.py model.hidden=500 optimizer.lr=1e-2 seed=0"
    assert run.tags["scratchlab.best_run_id"] == "id of 500 1e-2 0"
    description = run.tags[DESCRIPTION]
    assert description.startswith(f"# {SEEDS.headline}\n\n| rank | configuration |")
    assert "python train.py model.hidden=500 optimizer.lr=1e-2 seed=0" in description


def test_the_same_leaderboard_is_a_file_for_people_one_for_programs_and_a_table_of_mlflow(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]], tmp_path: Path
) -> None:
    SEEDS.record(run)
    assert (tmp_path / "leaderboard.csv").read_text().splitlines()[
        0
    ] == "model.hidden,optimizer.lr,val_accuracy,std,n"
    assert "| 2 | hidden=100 lr=1e-1 | 62.50 % | 17.68 | 2 |" in (tmp_path / "leaderboard.md").read_text()
    table = json.loads((tmp_path / "leaderboard.json").read_text())
    assert table["columns"] == ["rank", "hidden", "lr", "val_accuracy", "std", "n", "run_id"]
    std = pytest.approx(math.sqrt(2) / 8)
    assert table["data"] == [
        [1, 500, 0.01, 0.75, std, 2, "id of 500 1e-2 0"],
        [2, 100, 0.1, 0.625, std, 2, "id of 100 1e-1 1"],
        [3, 500, 0.1, 0.25, None, 1, "id of 500 1e-1 0"],
    ]


def test_maps_show_configurations_in_the_order_of_typing_and_numbers_as_numbers(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]]
) -> None:
    SEEDS.record(run)
    for name in ("heat_maps", "parallel_coordinates"):
        columns, means = drawn[name]
        assert columns == {"hidden": [100, 500, 500], "lr": [0.1, 0.01, 0.1]}
        assert means.tolist() == [0.625, 0.75, 0.25]
    [shares] = drawn["importance"]
    assert set(shares) == {"hidden", "lr"}


def test_curves_are_those_of_runs_with_a_score_and_a_pruned_one_is_called_so(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]]
) -> None:
    SEEDS.record(run)
    names, curves = drawn["best_curves"]
    assert names[2] == "hidden=500 lr=1e-2 seed=0 (reused)"
    assert names[4] == "hidden=500 lr=1e-1 seed=0 (pruned)"
    assert len(names) == 5
    assert [curve.tolist() for curve in curves[:2]] == [[0.25, 0.5], [0.25, 0.75]]


def test_everything_is_drawn_and_written(run: KeepingRun) -> None:
    SEEDS.record(run)
    plots = ("best_curves", "heat_maps", "importance", "parallel_coordinates")
    assert run.files == {
        *("leaderboard.csv", "leaderboard.json", "leaderboard.md", "report.html"),
        *(f"plots/{name}.png" for name in plots),
    }
    assert all((run.folder / f"plots/{name}.png").read_bytes().startswith(b"\x89PNG") for name in plots)


def test_two_runs_of_the_same_name_are_two_curves(run: KeepingRun, drawn: dict[str, tuple[Any, ...]]) -> None:
    Comparison("twins", [compared(0.5, 0.25, 0.5), compared(0.75, 0.5, 0.75)], []).record(run)
    assert [curve.tolist() for curve in drawn["best_curves"][1]] == [[0.25, 0.5], [0.5, 0.75]]


def test_a_value_that_is_a_word_in_one_run_is_one_in_all_and_has_one_spelling(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]]
) -> None:
    runs = [
        compared(0.5, a="1e-2", b="x"),
        compared(0.6, a="0.01", b="y"),
        compared(0.7, a="none", b="x"),
        compared(0.8, a="[1, 2]", b="y"),
        compared(0.9, a="[1,2]", b="x"),
    ]
    Comparison("words", runs, ["a", "b"]).record(run)
    columns, _ = drawn["heat_maps"]
    assert columns["a"] == ["1e-2", "1e-2", "none", "[1, 2]", "[1, 2]"]


def test_seeds_alone_have_a_mean_and_curves_but_no_maps(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]]
) -> None:
    Comparison(
        "seeds", [compared(0.5, 0.25, 0.5, seed="0"), compared(0.75, 0.5, 0.75, seed="1")], ["seed"]
    ).record(run)
    assert set(drawn) == {"best_curves"}
    assert run.values["best/val_accuracy"] == 0.625
    assert "report.html" in run.files


def test_runs_of_one_epoch_have_no_curves_to_draw(run: KeepingRun, drawn: dict[str, tuple[Any, ...]]) -> None:
    Comparison("knn", [compared(0.5, 0.5, k="1"), compared(0.75, k="3")], ["k"]).record(run)
    assert set(drawn) == {"heat_maps", "parallel_coordinates"}


def test_a_parameter_that_a_run_does_not_have_is_a_dash(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]]
) -> None:
    Comparison("beta", [compared(0.5, beta1="0.9"), compared(0.75)], ["beta1"]).record(run)
    assert drawn["heat_maps"][0] == {"beta1": ["0.9", "—"]}


def test_without_test_accuracies_and_ids_nothing_is_said_of_them(
    run: KeepingRun, drawn: dict[str, tuple[Any, ...]]
) -> None:
    alone = ComparedRun("lr=1", {"lr": "1"}, 0.5, "python train.py lr=1")
    comparison = Comparison("one run", [alone], ["lr"])
    comparison.record(run)
    assert run.values == {"best/val_accuracy": 0.5, "best/n": 1}
    assert "scratchlab.best_run_id" not in run.tags
    assert comparison.headline == "lr=1: 50.00 %"
    assert comparison.summary == "1 run · 1 configuration"


def test_an_accuracy_of_training_is_not_called_one_of_validation(run: KeepingRun) -> None:
    trained = [replace(compared(score, lr=lr), is_validated=False) for score, lr in ((0.5, "1"), (0.75, "2"))]
    comparison = Comparison("all images", trained, ["lr"])
    comparison.record(run)
    assert run.values == {"best/train_accuracy": 0.75, "best/n": 1}
    assert comparison.headline == "lr=2: 75.00 % training accuracy"
    assert not any(
        "val accuracy" in (run.folder / file).read_text() for file in ("report.html", "leaderboard.md")
    )
    mixed = Comparison("both", [*trained, compared(0.25, lr="3")], ["lr"])
    assert mixed.headline == "lr=2: 75.00 % validation or training accuracy"
    assert mixed.leaderboard.csv().splitlines()[0] == "lr,val_or_train_accuracy,std,n"
    unscored = replace(compared(NAN, lr="4"), is_validated=True)
    assert Comparison("failed", [*trained, unscored], ["lr"]).measure == "training accuracy"


def test_where_no_run_has_a_score_nothing_is_recorded(run: KeepingRun) -> None:
    comparison = Comparison("failures", [compared(NAN, lr="1e30", note="failed")], ["lr"])
    comparison.record(run)
    assert (run.files, run.values, run.tags) == (set(), {}, {})
    assert comparison.best is None
    assert comparison.best_run is None
    assert math.isnan(comparison.test_accuracy)
    assert comparison.headline == "no run has an accuracy"


def test_where_nothing_is_recorded_nothing_is_drawn(drawn: dict[str, tuple[Any, ...]]) -> None:
    SEEDS.record(NullRun())
    assert drawn == {}


@pytest.mark.parametrize("value", ["${model.hidden}", "$x_1$ $y", r"$\frac$", "a\nb", "<b>&", "%s {} | `"])
def test_values_that_mean_something_elsewhere_are_texts_here(run: KeepingRun, value: str) -> None:
    runs = [compared(0.5, 0.25, 0.5, a=value, b="1"), compared(0.75, 0.5, 0.75, a="x", b="2")]
    Comparison(value, runs, ["a", "b"]).record(run)
    assert {"report.html", "plots/heat_maps.png", "plots/parallel_coordinates.png"} <= run.files


def test_a_past_run_is_compared_by_its_values() -> None:
    past = PastRun(
        name="adam",
        status="FINISHED",
        params={},
        tags={"mlflow.source.name": "train.py", "scratchlab.overrides": "'model.hidden=[5, 3]' seed=1"},
        metrics={"best/val_accuracy": 0.75, "test/accuracy": 0.5},
        val_accuracy=[0.5, 0.75],
        run_id="abc",
    )
    made = ComparedRun.of(past, {"model.hidden": "[5, 3]"})
    assert (made.name, made.score, made.test_accuracy) == ("hidden=[5, 3]", 0.75, 0.5)
    assert made.is_validated
    assert (made.run_id, made.note, made.curve.tolist()) == ("abc", "", [0.5, 0.75])
    assert made.command == "python train.py 'model.hidden=[5, 3]' seed=1"
    assert ComparedRun.of(past, {}, note="reused").note == "reused"
    assert ComparedRun.of(past, {}).name == "adam"
    bare = ComparedRun.of(PastRun("x", "FAILED", {}, {}, {}), {})
    assert (bare.command, bare.note) == ("python train.py", "failed")
    assert math.isnan(bare.score)
