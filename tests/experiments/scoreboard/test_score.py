import math

import pytest

from experiments.scoreboard.score import Score, Verdict


def test_a_worked_example() -> None:
    """0.60, 0.62 and 0.64 % of 10,000 images, by hand.

    mean 0.62, spread 0.02, of the seeds 0.02 / sqrt(3) = 0.011547;
    of the images 100 sqrt(0.0062 * 0.9938 / 10000) = 0.078496; together sqrt(0.078496^2 + 0.011547^2) = 0.079341.
    """
    score = Score([0.60, 0.62, 0.64], 10_000)
    assert score.mean == pytest.approx(0.62)
    assert score.std == pytest.approx(0.02)
    assert score.test_standard_error == pytest.approx(0.078496, abs=1e-6)
    assert score.standard_error == pytest.approx(0.079341, abs=1e-6)


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        (0.80, Verdict.BEATEN),  # 0.18 better, two standard errors are 0.1587
        (0.779, Verdict.BEATEN),
        (0.778, Verdict.MATCHED),
        (0.70, Verdict.MATCHED),
        (0.62, Verdict.MATCHED),
        (0.462, Verdict.MATCHED),
        (0.461, Verdict.MISSED),
    ],
)
def test_two_standard_errors_decide(published: float, verdict: Verdict) -> None:
    assert Score([0.60, 0.62, 0.64], 10_000).verdict(published) is verdict


def test_more_seeds_do_not_make_the_images_more() -> None:
    """The binomial part stays, however many runs see the same images."""
    many = Score([0.60, 0.64] * 5000, 10_000)
    assert many.standard_error == pytest.approx(many.test_standard_error, rel=1e-4)
    assert many.test_standard_error == pytest.approx(0.0785, abs=1e-4)


def test_runs_that_differ_widely_are_less_sure() -> None:
    """1 and 3 %: the spread of 1.4142 over the root of two is 1, and sqrt(2 * 98 / 10000) = 0.14 that of the images."""
    score = Score([1.0, 3.0], 10_000)
    assert score.standard_error == pytest.approx(math.sqrt(1 + 0.14**2))
    assert score.verdict(3.9) is Verdict.MATCHED


def test_one_run_has_no_spread() -> None:
    score = Score([3.09], 10_000)
    assert math.isnan(score.std)
    assert score.standard_error == score.test_standard_error == pytest.approx(0.17305, abs=1e-5)
    assert score.verdict(3.09) is Verdict.MATCHED


def test_fewer_images_are_less_sure() -> None:
    """A half of 500 images: 100 sqrt(0.25 / 500) = 2.236."""
    assert Score([50.0], 500).standard_error == pytest.approx(2.2360680)


def test_no_error_at_all_beats_every_other() -> None:
    score = Score([0.0, 0.0], 100)
    assert score.standard_error == 0
    assert score.verdict(0.01) is Verdict.BEATEN
