import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from scratchlab.config.launch import SweepRefusedError
from scratchlab.sweeps.space import distribution, edges, typed


def of(override: str) -> BaseDistribution:
    return distribution(OverridesParser.create().parse_override(override))


@pytest.mark.parametrize(
    ("override", "expected", "at_the_edges"),
    [
        ("h=100,200,500", CategoricalDistribution(["100", "200", "500"]), ["100", "200", "500"]),
        ("a=choice(relu,tanh)", CategoricalDistribution(["relu", "tanh"]), ["relu", "tanh"]),
        ("h=[20],[20,10]", CategoricalDistribution(["[20]", "[20,10]"]), ["[20]", "[20,10]"]),
        ("l2=0,1e-5", CategoricalDistribution(["0", "1e-05"]), ["0", "1e-05"]),
        ("b=true,null", CategoricalDistribution(["True", "null"]), ["True", "null"]),
        ("n='a,b',c", CategoricalDistribution(["'a,b'", "c"]), ["'a,b'", "c"]),
        ("+new=1,2", CategoricalDistribution(["1", "2"]), ["1", "2"]),
        # Python's range: the end is not one of its values.
        ("h=range(100,500,step=50)", IntDistribution(100, 450, step=50), ["100", "450"]),
        ("h=range(1,4)", IntDistribution(1, 3), ["1", "3"]),
        ("h=range(4)", IntDistribution(0, 3), ["0", "3"]),
        ("h=range(0,10,step=4)", IntDistribution(0, 8, step=4), ["0", "8"]),
        ("h=range(0,12,step=4)", IntDistribution(0, 8, step=4), ["0", "8"]),
        ("h=range(9,1,step=-2)", IntDistribution(3, 9, step=2), ["3", "9"]),
        ("d=range(0,1,step=0.25)", FloatDistribution(0, 0.75, step=0.25), ["0.0", "0.75"]),
        ("h=int(interval(50,1000))", IntDistribution(50, 1000), ["50", "1000"]),
        ("h=tag(log,int(interval(16,512)))", IntDistribution(16, 512, log=True), ["16", "512"]),
        ("lr=interval(0.01,0.1)", FloatDistribution(0.01, 0.1), ["0.01", "0.1"]),
        ("lr=interval(0,1)", FloatDistribution(0, 1), ["0.0", "1.0"]),
        ("lr=tag(log,interval(1e-4,1e-1))", FloatDistribution(1e-4, 0.1, log=True), ["0.0001", "0.1"]),
    ],
)
def test_every_form_of_the_grammar(
    override: str, expected: BaseDistribution, at_the_edges: list[str]
) -> None:
    assert of(override) == expected
    assert edges(of(override)) == at_the_edges


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        *(
            (override, "some values, the smaller end first: interval(0.1,0.5), range(1,5)")
            for override in (
                *("lr=interval(1,0)", "h=int(interval(9,3))", "lr=tag(log,interval(1,0.1))"),
                *("h=range(5,5)", "h=range(5,1)", "h=range(1,5,step=-1)"),
            )
        ),
        *(
            (override, "an interval that starts above 0, or one without the tag log")
            for override in ("lr=tag(log,interval(0,1))", "lr=tag(log,interval(-1,1))", "h=tag(log,range(3))")
        ),
        (
            "h=tag(log,range(1,100,step=9))",
            "an interval, for a range has steps: tag(log,int(interval(16,512)))",
        ),
    ],
)
def test_what_has_no_values_is_refused_as_it_was_typed(override: str, expected: str) -> None:
    with pytest.raises(SweepRefusedError) as refused:
        of(override)
    assert str(refused.value) == f"{override}: expected {expected}"


@given(st.floats(1e-4, 1e-1))
def test_a_number_from_an_interval_is_typed_with_four_digits(value: float) -> None:
    text = typed(value, FloatDistribution(1e-4, 1e-1, log=True))
    assert len(text.replace(".", "").lstrip("0").partition("e")[0]) <= 4
    assert float(text) == pytest.approx(value, rel=6e-4)


@given(st.floats(0.123456, 0.123468))
def test_what_is_typed_lies_in_the_interval(value: float) -> None:
    """With four digits it would be 0.1235, outside of it."""
    assert 0.123456 <= float(typed(value, FloatDistribution(0.123456, 0.123468))) <= 0.123468


def test_all_else_is_typed_as_it_is() -> None:
    assert typed(123456, IntDistribution(0, 10**6)) == "123456"
    assert typed("[20,10]", CategoricalDistribution(["[20,10]"])) == "[20,10]"
    assert typed(0.123456, FloatDistribution(0, 0.123456 * 8, step=0.123456)) == "0.123456"
