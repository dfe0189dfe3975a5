import re

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import races
from scratchlab.plotting.style import BLUE

JOBS = {
    "small": {"ours": np.array([1.0, 2.0, 1.2]), "theirs": np.array([3.0])},
    "large": {"ours": np.array([50.0, 70.0])},
}


def test_a_bar_ends_at_the_median_and_every_repetition_is_a_dot() -> None:
    small, large = races(JOBS).axes
    assert [bar.get_bbox().width for bar in small.patches if isinstance(bar, Rectangle)] == [1.2, 3.0]
    assert [bar.get_bbox().width for bar in large.patches if isinstance(bar, Rectangle)] == [60.0]
    assert [np.asarray(line.get_xdata()).tolist() for line in small.lines] == [[1.0, 2.0, 1.2], [3.0]]


def test_jobs_and_contestants_are_named_the_first_one_on_top() -> None:
    small, large = races(JOBS).axes
    assert (small.get_title("left"), large.get_title("left")) == ("small", "large")
    assert [label.get_text() for label in small.get_yticklabels()] == ["ours", "theirs"]
    bottom, top = small.get_ylim()
    assert bottom > top  # counted downwards


def test_the_first_contestant_has_the_leading_colour() -> None:
    ours, theirs = races(JOBS).axes[0].patches
    assert to_hex(ours.get_facecolor()) == BLUE.lower()
    assert to_hex(theirs.get_facecolor()) != BLUE.lower()


def test_every_job_has_its_own_scale_from_zero() -> None:
    small, large = races(JOBS).axes
    assert small.get_xlim()[0] == large.get_xlim()[0] == 0
    assert small.get_xlim()[1] < 10 < 50 < large.get_xlim()[1]


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="jobs=0: expected a whole number of at least 1"):
        races({})
    with pytest.raises(ArgumentError, match=re.escape("jobs['a']=0: expected a whole number of at least 1")):
        races({"a": {}})
    with pytest.raises(ArgumentError, match=re.escape("jobs['a']['b'].size=0: expected a whole number")):
        races({"a": {"b": np.zeros(0)}})
    with pytest.raises(
        ArgumentError, match=re.escape("jobs['a']['b'].shape=(1, 2): expected (repetitions,)")
    ):
        races({"a": {"b": np.zeros((1, 2))}})
