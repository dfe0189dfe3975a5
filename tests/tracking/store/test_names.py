import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlflow.utils.validation import _validate_metric_name, _validate_param

from scratchlab.tracking.store.names import MAX_NAME, MAX_PARAM, Names, text, value_of_metric

ODD_NAMES = st.text() | st.text(alphabet="ab/._@ -\n:")


@pytest.mark.parametrize("name", ["train/loss", "optimizer.lr", "val accuracy", "größe", "a-b_c.d/e f"])
def test_what_mlflow_takes_stays(name: str) -> None:
    assert Names()(name) == name


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("acc@5", "acc_5"),
        ("p(x=1), %", "p_x_1__ _"),
        ("", "_"),
        ("/", "_"),
        (".", "_"),
        ("..", "__"),
        ("/abs//olute/", "abs/olute"),
        ("./a/../b", "a/__/b"),
        ("..a", "__a"),
        ("a\n", "a_"),
        ("x" * 300, "x" * 250),
    ],
)
def test_what_mlflow_refuses_is_spelled_differently(name: str, spelling: str) -> None:
    assert Names()(name) == spelling


def test_names_stay_apart() -> None:
    names = Names()
    assert [names(name) for name in ("acc@5", "acc_5", "acc#5", "acc@5", "acc_5")] == [
        "acc_5",
        "acc_5-2",
        "acc_5-3",
        "acc_5",
        "acc_5-2",
    ]


@pytest.mark.system
@given(st.lists(ODD_NAMES, unique=True, max_size=30))
def test_mlflow_takes_every_spelling_and_can_tell_all_apart(originals: list[str]) -> None:
    names = Names()
    spellings = [names(name) for name in originals]
    for spelling in spellings:
        _validate_metric_name(spelling)  # type: ignore[no-untyped-call]
        _validate_param(spelling, "value")  # type: ignore[no-untyped-call]
        assert 0 < len(spelling) <= MAX_NAME
    assert len(set(spellings)) == len(originals)
    assert spellings == [names(name) for name in originals]


def test_infinity_is_the_largest_number() -> None:
    assert value_of_metric(math.inf) == sys.float_info.max
    assert value_of_metric(-math.inf) == -sys.float_info.max
    assert math.isnan(value_of_metric(math.nan))
    assert value_of_metric(-0.5) == -0.5


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("adam", "adam"),
        ("", ""),
        (True, "true"),
        (None, "null"),
        (0.001, "0.001"),
        (500, "500"),
        ([500, 300], "[500, 300]"),
        ("größe", "größe"),
        (["größe"], '["größe"]'),
        ("\ud800!", "?!"),
    ],
)
def test_a_value_is_shown_as_it_is_typed(value: object, typed: str) -> None:
    assert text(value, MAX_PARAM) == typed


def test_a_long_value_shows_that_it_was_cut() -> None:
    assert text("x" * 10, 10) == "x" * 10
    assert text("x" * 11, 10) == "x" * 9 + "…"
