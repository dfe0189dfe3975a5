"""Which of the parameters that a sweep varies its accuracy depends on."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scratchlab.plotting.levels import as_numbers, levels
from scratchlab.plotting.many_runs.scored import scored_runs

NUM_TREES = 64


def importance(values: Mapping[str, Sequence[object]], scores: NDArray[np.float64]) -> dict[str, float]:
    """Return the share of each parameter in what the parameters explain one by one, the largest first.

    Functional ANOVA by Optuna: a forest of regression trees learns the scores, and the variance of what it
    predicts is divided among the parameters (Hutter, Hoos and Leyton-Brown 2014, "An Efficient Approach for
    Assessing Hyperparameter Importance"). Numbers count by rank, so that each value of a grid, however far from
    the next, has the same weight. What parameters explain only together is not counted; the shares add up to 1.

    Args:
        values: by varied parameter, its value in each of the R configurations.
        scores: (R,) validation accuracies; those with NaN are left out.

    Returns:
        Nothing where there is nothing to divide: fewer than two parameters with two values and scores, no more
        scores than parameters, or equal scores.
    """
    kept, fractions = scored_runs(values, scores)
    columns = {name: column for name, column in kept.items() if len(set(map(str, column))) > 1}
    if len(columns) < 2 or len(fractions) <= len(columns) or np.ptp(fractions) == 0:
        return {}
    # Optuna and the scikit-learn behind its forest take a second to import.
    import optuna
    from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize")
    distributions: dict[str, BaseDistribution] = {}
    places: dict[str, list[float]] = {}
    for name, column in columns.items():
        found = levels(column)
        places[name] = found.of_runs.astype(float).tolist()
        is_ordered = as_numbers(column) is not None
        distributions[name] = (
            FloatDistribution(-0.5, found.number - 0.5)  # every level is as wide as the others
            if is_ordered
            else CategoricalDistribution([float(place) for place in range(found.number)])
        )
    for number, value in enumerate(fractions.tolist()):
        params = {name: column[number] for name, column in places.items()}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=distributions, value=value))
    forest = optuna.importance.FanovaImportanceEvaluator(n_trees=NUM_TREES, seed=0)
    shares = optuna.importance.get_param_importances(study, evaluator=forest)
    return {name: float(share) for name, share in shares.items()}
