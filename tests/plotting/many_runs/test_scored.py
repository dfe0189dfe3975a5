import re

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting.many_runs.scored import score_limits, scored_runs


def test_runs_without_a_finite_score_are_left_out_with_their_values() -> None:
    values: dict[str, list[object]] = {"lr": [0.1, 0.2, 0.3, 0.4], "norm": [None, "batch", None, "batch"]}
    kept, scores = scored_runs(values, np.array([0.5, np.nan, np.inf, 0.75]))
    assert kept == {"lr": [0.1, 0.4], "norm": [None, "batch"]}
    assert scores.tolist() == [0.5, 0.75]


@pytest.mark.parametrize(
    ("scores", "limits"),
    [
        ([97.0, 98.0, 99.0], (97.0, 99.0)),  # the worst run is within reach
        ([10.0, 97.0, 98.0, 98.5, 99.0], (96.0, 99.0)),  # 3 * (99 - 98) below the best
        ([10.0, 99.0, 99.0], (10.0, 99.0)),  # the median is the best, and measures nothing
    ],
)
def test_a_run_that_diverged_does_not_stretch_the_limits(
    scores: list[float], limits: tuple[float, float]
) -> None:
    assert score_limits(np.array(scores)) == pytest.approx(limits)


def test_equal_scores_have_limits_that_differ() -> None:
    low, high = score_limits(np.array([0.5, 0.5]))
    assert low < high == 0.5


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="parameters=0: expected a whole number of at least 1"):
        scored_runs({}, np.ones(2))
    with pytest.raises(
        ArgumentError, match=re.escape("values['lr']=3 values: expected 2, one for each score")
    ):
        scored_runs({"lr": [1, 2, 3]}, np.ones(2))
    with pytest.raises(ArgumentError, match=re.escape("scores.shape=(1, 2): expected (runs,)")):
        scored_runs({"lr": [1, 2]}, np.ones((1, 2)))
