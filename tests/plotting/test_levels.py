import numpy as np
import pytest

from scratchlab.plotting.levels import as_numbers, is_wide, levels, spelled


def test_numbers_rise_whatever_their_types() -> None:
    found = levels([500, 100, np.int64(100), 200.0, np.float32(500)])
    assert found.of_runs.tolist() == [2, 0, 0, 1, 2]
    assert (found.number, found.ticks) == (3, {0: "100", 1: "200", 2: "500"})


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (["tanh", "relu", "tanh"], ["tanh", "relu"]),
        ([None, 5, 1], ["None", "5", "1"]),
        ([True, False], ["True", "False"]),
        ([[500, 300], 100], ["[500, 300]", "100"]),
        ([float("inf"), 3], ["inf", "3"]),
    ],
)
def test_other_values_keep_the_order_of_their_appearance(values: list[object], texts: list[str]) -> None:
    found = levels(values)
    assert list(found.ticks.values()) == texts
    assert found.of_runs.tolist() == [texts.index(str(value)) for value in values]


def test_twelve_numbers_are_levels_and_thirteen_are_grouped_into_ranges() -> None:
    assert levels(list(range(12))).number == 12
    found = levels(list(range(13)))
    # Borders at 0, 1.5, 3, ...: the number on a border belongs to the range above it, the last to the last.
    assert found.of_runs.tolist() == [0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 7]
    assert found.ticks == {
        **{-0.5: "0", 0.5: "1.5", 1.5: "3", 2.5: "4.5"},
        **{3.5: "6", 4.5: "7.5", 5.5: "9", 6.5: "10.5", 7.5: "12"},
    }


def test_ranges_of_wide_numbers_have_equal_factors() -> None:
    numbers = 10.0 ** np.linspace(-8, 0, 17)
    found = levels(numbers.tolist())
    assert list(found.ticks.values()) == [
        "1e-8",
        "1e-7",
        "1e-6",
        "1e-5",
        "0.0001",
        "0.001",
        "0.01",
        "0.1",
        "1",
    ]
    between = numbers[1::2]
    assert found.of_runs[1::2].tolist() == np.floor(np.log10(between) + 8).tolist()
    assert found.of_runs[[0, -1]].tolist() == [0, 7]


@pytest.mark.parametrize(
    ("numbers", "wide"),
    [([1, 10], False), ([1, 10.5], True), ([0, 100], False), ([-1, 100], False), ([5], False)],
)
def test_wide_is_positive_and_over_more_than_a_factor_of_ten(numbers: list[float], wide: bool) -> None:
    assert is_wide(np.array(numbers, dtype=np.float64)) is wide


def test_one_value_that_is_no_number_makes_a_column_of_words() -> None:
    assert as_numbers([1, 2.5]) is not None
    assert all(as_numbers([1, other]) is None for other in ("2", None, True, float("nan")))


def test_numbers_are_spelled_as_one_types_them() -> None:
    numbers = [1e-5, 1.5e-12, 0.001, 500.0, 1e6]
    assert [spelled(number) for number in numbers] == ["1e-5", "1.5e-12", "0.001", "500", "1e6"]
