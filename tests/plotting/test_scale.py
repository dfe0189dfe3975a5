import numpy as np
import pytest

from scratchlab.plotting.scale import scale_of


def test_wide_numbers_stand_at_their_logarithms() -> None:
    scale = scale_of([1e-3, 1e-1, 1e-2, 1e-3], min_gap=0.05)
    assert scale.of_runs == pytest.approx([0, 1, 0.5, 0])
    assert list(scale.ticks) == pytest.approx([0, 0.5, 1])
    assert list(scale.ticks.values()) == ["0.001", "0.01", "0.1"]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([500, 100, 200], ["100", "200", "500"]),  # not wide
        ([1e-3, 0, 1e-5], ["0", "1e-5", "0.001"]),  # no logarithm
        (["b", "c", "a"], ["b", "c", "a"]),
    ],
)
def test_other_values_stand_at_equal_distances(values: list[object], texts: list[str]) -> None:
    scale = scale_of(values, min_gap=0.05)
    assert scale.ticks == {0: texts[0], 0.5: texts[1], 1: texts[2]}
    spelled = {"100": 100, "200": 200, "500": 500, "0": 0, "1e-5": 1e-5, "0.001": 1e-3}
    assert [scale.ticks[place] for place in scale.of_runs] == [
        next(text for text in texts if spelled.get(text, text) == value) for value in values
    ]


def test_a_single_value_stands_in_the_middle() -> None:
    scale = scale_of(["adam", "adam"], min_gap=0.05)
    assert scale.of_runs.tolist() == [0.5, 0.5]
    assert scale.ticks == {0.5: "adam"}


def test_many_numbers_have_round_ticks_on_a_linear_scale() -> None:
    numbers = np.linspace(0, 0.5, 21)
    scale = scale_of(numbers.tolist(), min_gap=0.05)
    np.testing.assert_allclose(scale.of_runs, np.linspace(0, 1, 21))
    assert list(scale.ticks.values()) == ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]
    assert list(scale.ticks) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])


def test_many_wide_numbers_have_round_ticks_on_a_logarithmic_scale() -> None:
    scale = scale_of(np.geomspace(0.015, 1.5, 50).tolist(), min_gap=0.05)
    assert list(scale.ticks.values()) == ["0.02", "0.05", "0.1", "0.2", "0.5", "1"]
    assert scale.ticks.keys() == pytest.approx(
        [np.log10(x / 0.015) / 2 for x in (0.02, 0.05, 0.1, 0.2, 0.5, 1)]
    )
    decades = scale_of(np.geomspace(1e-6, 1, 50).tolist(), min_gap=0.05)
    assert list(decades.ticks.values()) == ["1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1"]


def test_ticks_too_near_to_the_one_before_are_left_out() -> None:
    scale = scale_of([1, 1.01, 100], min_gap=0.05)
    assert list(scale.ticks.values()) == ["1", "100"]
    assert scale.of_runs[1] == pytest.approx(np.log10(1.01) / 2)
