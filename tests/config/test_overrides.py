import math

import pytest

from scratchlab.config.overrides import comparable, named, short_names


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("1e-2", 0.01), ("0.01", 0.01), ("500", 500.0), ("-1", -1.0)),
        *(("adam", "adam"), ("null", "null"), ("true", "true")),
        *(("[500, 300]", "[500,300]"), ("[500,300]", "[500,300]")),
        *(("nan", "nan"), ("inf", "inf")),  # nan as a number is not even the same as itself
    ],
)
def test_what_is_typed_in_two_ways_is_the_same_value(typed: str, meant: float | str) -> None:
    found = comparable(typed)
    assert found == meant
    assert type(found) is type(meant)
    assert not (isinstance(found, float) and math.isnan(found))


def test_a_key_is_called_by_its_last_part_unless_another_one_ends_alike() -> None:
    assert short_names(["model.hidden", "seed", "data.num_val"]) == {
        "model.hidden": "hidden",
        "seed": "seed",
        "data.num_val": "num_val",
    }
    assert list(short_names(["model.dropout", "regularization.dropout", "lr"]).values()) == [
        "model.dropout",
        "regularization.dropout",
        "lr",
    ]


def test_values_have_a_name() -> None:
    assert named({"model.hidden": "[500,300]", "optimizer.lr": "1e-3"}) == "hidden=[500,300] lr=1e-3"
    assert named({}) == ""
