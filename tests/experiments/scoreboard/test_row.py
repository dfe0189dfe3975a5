import re

import pytest

from experiments.scoreboard.row import Row
from scratchlab.arguments import ArgumentError
from tests.experiments.scoreboard.rows import ABOUT, ensemble_row, row
from tests.stored import TINY


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("erorr", 1.0, "erorr=1.0: expected one of the keys paper, network, .*, did you mean error"),
        ("error", -1, "error=-1: expected a number above 0"),
        ("error", "1.6", "error=1.6: expected a number above 0"),
        ("error", None, "error=None: expected a number above 0, or a figure that the row is a curve of"),
        ("status", "X", "status=X: expected one of S, T, M"),
        ("data", "minst", "data=minst: expected one of mnist, cifar10, did you mean mnist"),
        ("minutes", 0, "minutes=0: expected a number above 0"),
        ("seeds", 4, "seeds=4: expected a whole number of at least 5"),
        ("seeds", True, "seeds=True: expected a whole number"),
        ("is_quick", "yes", "is_quick=yes: expected true or false"),
        ("hours", 23, r"hours=23: expected text \(in quotes, where it looks like a number\)"),
        ("overrides", "model.norm=none", "overrides=model.norm=none: expected a list like"),
        ("overrides", [1], "overrides=.1.: expected a list like"),
        ("figure", "kingma", "figure=kingma: expected one of lecun1998, .*, did you mean kingma2015"),
        ("figure", "kingma2015", "label=: expected what the figure calls the row"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(key: str, value: object, said: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{said}"):
        row(**{key: value})


@pytest.mark.parametrize("key", ["paper", "network", "data", "minutes"])
def test_a_key_that_every_row_has_is_missed(key: str) -> None:
    values = {each: value for each, value in ABOUT.items() if each != key}
    with pytest.raises(ArgumentError, match=re.escape(f"{key}=None: expected a value: every row has one")):
        Row.of("tiny", values | {"seeds": 5})


def test_seeds_are_missed() -> None:
    with pytest.raises(ArgumentError, match="seeds=None: expected how many networks are trained"):
        Row.of("tiny", ABOUT)
    with pytest.raises(ArgumentError, match="seeds=None: expected how many networks are trained"):
        ensemble_row("tiny", {"seeds": 2}, {"overrides": []})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"members": 5}, "members=5: expected a list like "),
        ({"members": [5]}, "members=.5.: expected a list like "),
        ({"members": [{"seeds": 1}]}, "members=.*: expected at least two networks"),
        ({"members": [{"seeds": 0}, {"seeds": 2}]}, "seeds=0: expected a whole number of at least 1"),
        ({"members": [{"seeds": 2, "error": 1.0}]}, "error=1.0: expected one of the keys experiment, "),
        ({"members": [{"seeds": 2}], "seeds": 3}, "seeds=3: expected it with the members of an ensemble"),
    ],
)
def test_an_ensemble_that_cannot_be_is_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{said}"):
        Row.of("tiny", ABOUT | values)


@pytest.mark.parametrize(
    ("minutes", "seeds", "fits"),
    [(4.9, 5, True), (4.9, 4, False), (5, 3, True), (5, 2, False), (600, 2, False)],
)
def test_short_runs_have_five_seeds_and_others_three(minutes: float, seeds: int, fits: bool) -> None:
    if fits:
        assert row(minutes=minutes, seeds=seeds).num_runs == seeds
    else:
        with pytest.raises(ArgumentError, match="seeds"):
            row(minutes=minutes, seeds=seeds)


def typed(row: Row) -> list[list[str]]:
    """What train.py is given for the networks of a row."""
    return [training.arguments() for training in row.trainings]


def test_what_is_not_left_to_chance_is_run_once() -> None:
    assert typed(row(seeds=1, is_drawn=False)) == [["experiment=starter", "data=digits", "trainer.epochs=2"]]


def test_an_ensemble_is_one_run_however_many_networks_it_has() -> None:
    both = ensemble_row("both", {"seeds": 2}, {"overrides": ["model=deslanted"], "seeds": 3})
    assert (both.num_trained, both.num_runs) == (5, 1)
    assert typed(both) == [
        ["-m", "experiment=starter", *TINY, "seed=range(2)"],
        ["-m", "experiment=starter", "model=deslanted", "seed=range(3)"],
    ]


def test_the_recipe_is_called_like_the_row_unless_it_says_otherwise() -> None:
    assert typed(Row.of("starter", ABOUT | {"seeds": 5})) == [["-m", "experiment=starter", "seed=range(5)"]]
    assert typed(Row.of("other", ABOUT | {"seeds": 5, "experiment": "starter"}))[0][1] == "experiment=starter"
    [[_, recipe, _]] = typed(Row.of("starter", ABOUT | {"members": [{"seeds": 2}]}))
    assert recipe == "experiment=starter"
