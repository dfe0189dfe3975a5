import re
import shlex
from pathlib import Path

import pytest

from experiments.scoreboard.board import BoardError, read_board
from experiments.scoreboard.row import Row
from experiments.scoreboard.training import Training
from scratchlab.config.project import CONFIG_FOLDER, ROOT
from tests.composed import assembled, composed
from tests.experiments.scoreboard.rows import board, entry

BOARD = ROOT / "experiments" / "scoreboard.yaml"

PUBLISHED = {
    "lecun1998_linear": 12.0,
    "lecun1998_300": 4.7,
    "lecun1998_1000": 4.5,
    "lecun1998_300_100": 3.05,
    "lecun1998_500_150": 2.95,
    "lecun1998_300_distorted": 3.6,
    "lecun1998_300_100_distorted": 2.5,
    "lecun1998_500_150_distorted": 2.45,
    "mnist_knn": 3.09,
    "hinton2005": 1.53,
    "simard2003_plain": 1.6,
    "simard2003_affine": 1.1,
    "simard2003": 0.7,
    "simard2003_wide": 0.7,
    "keras_mnist_mlp": 100 - 98.40,
    "sklearn_mlp_adam": 2.24,
    "sklearn_mlp_sgd": 2.87,
    "numpy_mlp": 1.17,
    "srivastava2014_dropout": 1.25,
    "srivastava2014_dropout_max_norm": 1.06,
    "srivastava2014_short": 1.05,
    "srivastava2014_table9_l2": 1.62,
    "srivastava2014_table9_max_norm": 1.35,
    "srivastava2014_table9_dropout_l2": 1.25,
    "srivastava2014_table9_dropout_max_norm": 1.05,
    "rasmus2015": 0.80,
    "hinton2015_teacher": 0.67,
    "ciresan2010_net1": 0.49,
    "ciresan2010_net2": 0.46,
    "ciresan2010_net3": 0.41,
    "ciresan2010_net4": 0.35,
    "meier2011": 0.39,
    "moonshot": 0.35,
    "moonshot_ensemble": 0.31,
    "cifar10_knn": 100 - 28.2,
    "cifar10_softmax": 100 - 39.8,
    "cifar10_two_layer": 100 - 52.0,
    "cifar10_deep": 100 - 57.7,
}
"""What the papers report, copied once more: a slip of the pen in one place shows."""

TRAININGS = {training: None for row in read_board(BOARD) for training in row.trainings}
"""What all rows train, in their order."""
UNPUBLISHED = {"cifar10_svm", "mnist_softmax", "mnist_svm", "nielsen_overfitting", "spiral", "starter"}
"""Recipes that show something, but are held against no published test error."""


def read(tmp_path: Path, text: str) -> str:
    """Read a board that cannot be read; return what is said about it."""
    folder = board(tmp_path, text)
    with pytest.raises(BoardError) as caught:
        read_board(folder / "scoreboard.yaml")
    said = str(caught.value)
    assert said.startswith(f"{folder}/scoreboard.yaml: ")
    return said.removeprefix(f"{folder}/scoreboard.yaml: ")


def test_rows_keep_their_order(tmp_path: Path) -> None:
    folder = board(tmp_path, entry("second") + entry("first", "spread: ± 0.1", "is_quick: true"))
    second, first = read_board(folder / "scoreboard.yaml")
    assert (second.name, first.name) == ("second", "first")
    assert (first.error, first.spread, first.is_quick) == (12.0, "± 0.1", True)
    assert first.trainings == (Training("starter", ("data=digits", "trainer.epochs=2"), 5),)


def test_an_error_names_the_row_and_the_key(tmp_path: Path) -> None:
    said = read(tmp_path, entry("good") + entry("bad", "hourz: 3"))
    assert said.startswith("row bad: hourz=3: expected one of the keys paper, ")
    assert said.endswith(", did you mean hours?")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected rows by their names"),
        ("- a\n- b\n", "expected rows by their names"),
        ("a: 3\n", "row a: expected keys with values"),
        ("a: [\n", "expected YAML, while parsing .* line 2"),
        (f"{entry('a')}{entry('a')}", "expected YAML, .*duplicate key a"),
    ],
)
def test_what_is_no_board_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    assert re.match(said, read(tmp_path, text))


def test_a_board_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BoardError, match=r"none\.yaml: No such file or directory"):
        read_board(tmp_path / "none.yaml")


def test_the_published_errors_are_those_of_the_papers() -> None:
    errors = {row.name: row.error for row in read_board(BOARD) if row.error is not None}
    assert errors == pytest.approx(PUBLISHED)


def test_every_row_has_its_recipe_and_every_recipe_of_a_paper_its_row() -> None:
    recipes = {path.stem for path in (CONFIG_FOLDER / "experiment").glob("*.yaml")}
    assert {training.experiment for training in TRAININGS} == recipes - UNPUBLISHED


@pytest.mark.parametrize("row", read_board(BOARD), ids=lambda row: row.name)
def test_every_row_has_its_own_data(row: Row) -> None:
    for training in row.trainings:
        assert composed(f"experiment={training.experiment}").data._target_.endswith(f".{row.data}")


VARIED = [each for each in TRAININGS if each.overrides]


@pytest.mark.parametrize("training", VARIED, ids=lambda training: shlex.join(training.arguments()))
def test_every_part_takes_what_a_row_varies(training: Training) -> None:
    assembled(f"experiment={training.experiment}", *training.overrides)


def test_the_moonshot_and_an_ensemble_of_at_most_five_networks_are_held_against_the_best() -> None:
    """The goals of 0.35 % by one network, and of 0.30 % by five: a published 0.35 and 0.31 are to be beaten."""
    rows = {row.name: row for row in read_board(BOARD)}
    moonshot, ensemble = rows["moonshot"], rows["moonshot_ensemble"]
    assert (moonshot.error, moonshot.is_ensemble, moonshot.num_runs) == (0.35, False, 3)
    assert (ensemble.error, ensemble.status, ensemble.is_ensemble) == (0.31, "S", True)
    longer = Training("moonshot", ("trainer.epochs=150",), 3)
    assert ensemble.trainings == (longer, Training("ciresan2010_net4", (), 2))


def test_the_quick_rows_take_less_than_a_quarter_of_an_hour() -> None:
    minutes = [row.minutes * row.num_trained for row in read_board(BOARD) if row.is_quick]
    assert len(minutes) >= 5
    assert sum(minutes) < 15


def test_a_page_that_a_row_names_is_there() -> None:
    for row in read_board(BOARD):
        assert not row.page or (BOARD.parent / row.page).exists()
