import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import variants

NAMES = ["all of it", "without dropout"]
OUTCOMES = [np.array([0.5, 0.7]), np.array([0.75])]


def test_a_variant_has_its_runs_and_their_mean_and_the_first_goes_through_all_rows() -> None:
    [axes] = variants(NAMES, OUTCOMES, title="t", x="error (%)").axes
    first, runs, means = (np.asarray(line.get_xydata()) for line in axes.lines)
    assert first[:, 0].tolist() == pytest.approx([0.6, 0.6])
    assert runs.tolist() == [[0.5, 0], [0.7, 0], [0.75, 1]]
    assert means.tolist() == [pytest.approx([0.6, 0]), [0.75, 1]]
    assert [label.get_text() for label in axes.get_yticklabels()] == NAMES
    bottom, top = axes.get_ylim()
    assert bottom > top


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match="names=0: expected a whole number of at least 1"):
        variants([], [], title="t", x="")
    with pytest.raises(ArgumentError, match="outcomes=1 rows: expected 2, one for each name"):
        variants(NAMES, OUTCOMES[:1], title="t", x="")
    with pytest.raises(ArgumentError, match="outcomes of without dropout=0: expected a whole number"):
        variants(NAMES, [OUTCOMES[0], np.zeros(0)], title="t", x="")
