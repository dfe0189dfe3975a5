import math
import pickle

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError, count, flag, fraction, nearest, non_negative, one_of, positive

NOT_NUMBERS = [math.nan, math.inf, -math.inf, "1", None, True, [1.0]]


def test_the_error_says_what_came_and_what_was_expected() -> None:
    error = ArgumentError("lr", -1, "a number above 0")
    assert str(error) == "lr=-1: expected a number above 0"
    assert (error.name, error.value, error.expected) == ("lr", -1, "a number above 0")
    assert isinstance(error, ValueError)


def test_the_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ArgumentError("lr", -1, "a number above 0")))
    assert str(error) == "lr=-1: expected a number above 0"


@pytest.mark.parametrize("value", [1, 1e-300, 0.5, np.float32(0.1), np.int64(3)])
def test_positive(value: object) -> None:
    positive(lr=value)


@pytest.mark.parametrize("value", [0, -1, -1e-300, *NOT_NUMBERS])
def test_not_positive(value: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        positive(lr=value)
    assert str(caught.value) == f"lr={value}: expected a number above 0"


@pytest.mark.parametrize("value", [0, 0.0, 2.5])
def test_non_negative(value: object) -> None:
    non_negative(l2=value)


@pytest.mark.parametrize("value", [-1e-300, *NOT_NUMBERS])
def test_negative(value: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        non_negative(l2=value)
    assert str(caught.value) == f"l2={value}: expected a number of at least 0"


@pytest.mark.parametrize("value", [0, 0.5, 0.999])
def test_fraction(value: object) -> None:
    fraction(dropout=value)


@pytest.mark.parametrize("value", [1, 1.5, -0.1, *NOT_NUMBERS])
def test_no_fraction(value: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        fraction(dropout=value)
    assert str(caught.value) == f"dropout={value}: expected a number from 0 to below 1"


@pytest.mark.parametrize("value", [1, 500, np.int64(7)])
def test_count(value: object) -> None:
    count(hidden=value)


@pytest.mark.parametrize("value", [0, -3, 2.0, *NOT_NUMBERS])
def test_no_count(value: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        count(hidden=value)
    assert str(caught.value) == f"hidden={value}: expected a whole number of at least 1"


def test_a_count_may_start_elsewhere() -> None:
    count(minimum=0, seed=0)
    with pytest.raises(ArgumentError, match=r"^seed=-1: expected a whole number of at least 0$"):
        count(minimum=0, seed=-1)


def test_flag() -> None:
    flag(verify=True)
    flag(verify=False)


@pytest.mark.parametrize("value", ["true", 0, 1, None])
def test_no_flag(value: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        flag(verify=value)
    assert str(caught.value) == f"verify={value}: expected true or false"


def test_of_several_arguments_the_wrong_one_is_named() -> None:
    positive(lr=1, eps=1)
    with pytest.raises(ArgumentError, match=r"^eps=-1: "):
        positive(lr=1, eps=-1)


COLOURS = {"red": 1, "green": 2, "blue": 3}


def test_one_of() -> None:
    one_of(COLOURS, colour="green")


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("gren", ", did you mean green?"),
        ("quartz", ""),
        (None, ""),
        (3, ""),
        (["green"], ", did you mean green?"),
    ],
)
def test_none_of_them_and_the_nearest(value: object, hint: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        one_of(COLOURS, colour=value)
    assert str(caught.value) == f"colour={value}: expected one of red, green, blue{hint}"


@pytest.mark.parametrize(
    ("word", "hint"),
    [("hiden", ", did you mean hidden?"), ("Hidden", ", did you mean hidden?"), ("epochs", "")],
)
def test_nearest(word: str, hint: str) -> None:
    assert nearest(word, ["hidden", "activation"]) == hint
