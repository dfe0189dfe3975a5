import re

import pytest

from scratchlab.app.scoreboard.row import Row
from scratchlab.arguments import ArgumentError

from .rows import row


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
        ("members", 1, "members=1: expected a whole number of at least 2"),
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


@pytest.mark.parametrize("key", ["paper", "network", "data", "minutes", "seeds"])
def test_a_key_that_every_row_has_is_missed(key: str) -> None:
    values = {"paper": "a", "network": "b", "data": "mnist", "minutes": 1, "seeds": 5, "error": 1.0}
    del values[key]
    with pytest.raises(ArgumentError, match=re.escape(f"{key}=None: expected a value: every row has one")):
        Row.of("tiny", values)


@pytest.mark.parametrize(
    ("minutes", "seeds", "fits"),
    [(4.9, 5, True), (4.9, 4, False), (5, 3, True), (5, 2, False), (600, 2, False)],
)
def test_short_runs_have_five_seeds_and_others_three(minutes: float, seeds: int, fits: bool) -> None:
    if fits:
        assert row(minutes=minutes, seeds=seeds).seeds == seeds
    else:
        with pytest.raises(ArgumentError, match="seeds"):
            row(minutes=minutes, seeds=seeds)


def test_what_is_not_left_to_chance_is_run_once() -> None:
    assert row(seeds=1, is_drawn=False).arguments() == [
        "experiment=starter",
        "data=digits",
        "trainer.epochs=2",
    ]


def test_a_committee_has_seeds_in_its_members() -> None:
    committee = row(seeds=1, members=5)
    assert committee.num_trained == 5
    assert committee.arguments()[-1] == "seed=range(5)"
    assert row(seeds=3, members=5).num_trained == 15


def test_the_recipe_is_called_like_the_row_unless_it_says_otherwise() -> None:
    values = {"paper": "a", "network": "b", "data": "mnist", "minutes": 1, "seeds": 5, "error": 1.0}
    assert Row.of("starter", values).arguments() == ["-m", "experiment=starter", "seed=range(5)"]
    assert row("another").experiment == "starter"
