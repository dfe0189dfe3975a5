import logging
from itertools import product

import numpy as np
import pytest

from scratchlab.compare.importance import importance

NAN = float("nan")


def full_grid(**levels: list[object]) -> dict[str, list[object]]:
    runs = list(product(*levels.values()))
    return {name: [run[place] for run in runs] for place, name in enumerate(levels)}


def test_shares_are_those_of_the_variance_where_parameters_act_one_by_one() -> None:
    values = full_grid(lr=[1e-4, 1e-3, 1e-2, 1e-1], hidden=[100, 200, 300, 400], l2=[0, 1e-4])
    scores = np.tile(np.repeat([0.5, 0.55, 0.6, 0.65], 2), 4) + np.repeat([0.0, 0.1, 0.2, 0.3], 8)
    shares = importance(values, scores)
    # A step of the learning rate counts 0.1, one of the width 0.05: the variances are as 4 to 1.
    assert list(shares) == ["lr", "hidden", "l2"]
    assert shares == {
        "lr": pytest.approx(0.8, abs=0.05),
        "hidden": pytest.approx(0.2, abs=0.05),
        "l2": pytest.approx(0, abs=0.02),
    }
    assert sum(shares.values()) == pytest.approx(1)


def test_the_distance_between_the_values_of_a_grid_has_no_weight() -> None:
    # Only the lowest learning rate is worse: on a linear axis it would lie on the others, and its share be lost.
    values = full_grid(lr=[1e-6, 1e-5, 1e-4, 1.0], hidden=[1, 2, 3, 4])
    scores = np.array([0.2 if lr == 1e-6 else 0.6 for lr in values["lr"]])
    assert importance(values, scores)["lr"] > 0.95


def test_words_have_no_order() -> None:
    values = full_grid(optimizer=["adam", "sgd", "rmsprop"], hidden=[100, 200, 300])
    scores = np.array([0.9 if optimizer == "sgd" else 0.5 for optimizer in values["optimizer"]])
    assert importance(values, scores)["optimizer"] > 0.95


def test_numbers_of_a_random_search_are_grouped() -> None:
    rng = np.random.default_rng(0)
    exponents, dropout = rng.uniform(-5, -1, 60), rng.uniform(0, 0.5, 60)
    shares = importance({"lr": list(10**exponents), "dropout": list(dropout)}, (exponents + 6) / 10)
    assert shares["lr"] > 0.8


def test_runs_without_a_score_do_not_count() -> None:
    values = full_grid(lr=[1, 2, 3], hidden=[1, 2, 3])
    scores = np.array([0.1 * lr for lr in values["lr"]])  # type: ignore[operator]
    with_failures = {name: [*column, 7] for name, column in values.items()}
    assert importance(with_failures, np.append(scores, NAN)) == importance(values, scores)


@pytest.mark.parametrize(
    ("values", "scores"),
    [
        ({"lr": [1, 2, 3]}, [0.1, 0.2, 0.3]),  # one parameter explains all there is to explain
        ({"lr": [1, 2, 3], "hidden": [5, 5, 5]}, [0.1, 0.2, 0.3]),
        ({"lr": [1, 2], "hidden": [1, 2]}, [0.1, 0.2]),  # two runs cannot tell two parameters apart
        ({"lr": [1, 1, 2, 2], "hidden": [1, 2, 1, 2]}, [0.5] * 4),
        ({"lr": [1, 1, 2, 2], "hidden": [1, 2, 1, 2]}, [NAN] * 4),
    ],
)
def test_where_there_is_nothing_to_divide_there_are_no_shares(
    values: dict[str, list[object]], scores: list[float]
) -> None:
    assert importance(values, np.array(scores)) == {}


def test_optuna_is_silent(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        importance(full_grid(lr=[1, 2], hidden=[1, 2]), np.array([0.1, 0.2, 0.3, 0.4]))
    assert capfd.readouterr() == ("", "")
