"""The runs of a sweep that have a score, and the range of scores worth telling apart. R runs."""

from collections.abc import Mapping, Sequence

import numpy as np

from scratchlab.arguments import ArgumentError, count
from scratchlab.plotting.shapes import Reals, shaped


def scored_runs(
    values: Mapping[str, Sequence[object]], scores: Reals
) -> tuple[dict[str, list[object]], Reals]:
    """Return values and scores of the runs whose score is finite, in the order given.

    Args:
        values: by varied parameter, its value in each of the R runs.
        scores: (R,); NaN for a run without a score.

    Raises:
        ArgumentError: for no parameter, or a parameter with another number of values than there are scores.
    """
    shaped(("runs",), scores=scores)
    count(parameters=len(values))
    for name, column in values.items():
        if len(column) != len(scores):
            raise ArgumentError(
                f"values[{name!r}]", f"{len(column)} values", f"{len(scores)}, one for each score"
            )
    kept = np.flatnonzero(np.isfinite(scores)).tolist()
    return {name: [column[run] for run in kept] for name, column in values.items()}, scores[kept]


def score_limits(scores: Reals) -> tuple[float, float]:
    """Return the least and the greatest of the scores, at least one, that a picture should tell apart.

    The greatest is the best score. The least is the worst one, but at most three times as far from the best
    as the median is: a single run that diverged would make all the others look the same.
    """
    worst, median, best = (float(score) for score in np.quantile(scores, (0, 0.5, 1)))
    if worst == best:
        return best - 0.01, best
    return (max(worst, best - 3 * (best - median)) if median < best else worst), best
