import re

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import held_against

NAMES = ["linear", "deep"]
PUBLISHED = np.array([12.0, 0.35])
ERRORS = [np.array([7.4, 7.6]), np.array([0.43])]
STANDARD_ERRORS = np.array([0.25, 0.0625])


def test_a_row_has_its_runs_their_mean_and_the_published_error() -> None:
    [axes] = held_against(NAMES, PUBLISHED, ERRORS, STANDARD_ERRORS).axes
    drawn = {line.get_label(): np.asarray(line.get_xydata()).tolist() for line in axes.lines}
    assert drawn == {
        "our runs": [[7.4, 0], [7.6, 0], [0.43, 1]],
        "our mean": [[7.5, 0], [0.43, 1]],
        "published": [[12.0, 0], [0.35, 1]],
    }
    assert [label.get_text() for label in axes.get_yticklabels()] == NAMES
    assert axes.get_xscale() == "log"


def test_a_bar_reaches_two_standard_errors_to_either_side() -> None:
    [axes] = held_against(NAMES, PUBLISHED, ERRORS, STANDARD_ERRORS).axes
    bars = [path.vertices for path in axes.collections[0].get_paths()]
    assert [np.asarray(bar)[:, 0].tolist() for bar in bars] == [
        pytest.approx([7.0, 8.0]),
        pytest.approx([0.305, 0.555]),
    ]


def test_everything_is_inside_the_picture_and_the_first_row_is_on_top() -> None:
    [axes] = held_against(NAMES, PUBLISHED, ERRORS, STANDARD_ERRORS).axes
    low, high = axes.get_xlim()
    assert low < 0.305 < 12.0 < high
    bottom, top = axes.get_ylim()
    assert bottom > top


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="names=0: expected a whole number of at least 1"):
        held_against([], np.zeros(0), [], np.zeros(0))
    with pytest.raises(ArgumentError, match=re.escape("published.shape=(1,): expected (2,)")):
        held_against(NAMES, np.ones(1), ERRORS, STANDARD_ERRORS)
    with pytest.raises(ArgumentError, match="errors=1 rows: expected 2, one for each name"):
        held_against(NAMES, PUBLISHED, ERRORS[:1], STANDARD_ERRORS)
