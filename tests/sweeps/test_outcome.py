import math
from pathlib import Path

import pytest

from scratchlab.sweeps.outcome import Outcome, State
from scratchlab.tracking import PRUNED, PastRun

FOLDER = Path("outputs/sweep/0")


def past(status: str, **tags: str) -> PastRun:
    return PastRun(
        "hidden=8", status, {}, tags, metrics={"best/val_accuracy": 0.75}, val_accuracy=[0.5, 0.75, 0.7]
    )


@pytest.mark.parametrize(
    ("status", "state", "is_settled"),
    [("FINISHED", State.FINISHED, True), ("FAILED", State.FAILED, False), ("KILLED", State.KILLED, False)],
)
def test_a_run_that_has_ended(status: str, state: State, is_settled: bool) -> None:
    outcome = Outcome.of(past(status), FOLDER)
    assert (outcome.state, outcome.is_settled) == (state, is_settled)
    assert (outcome.run, outcome.folder) == (past(status), FOLDER)


def test_only_a_run_that_came_to_its_end_has_a_score() -> None:
    assert Outcome.of(past("FINISHED"), FOLDER).score == 0.75
    assert math.isnan(Outcome.of(past("FAILED"), FOLDER).score)
    assert math.isnan(Outcome.of(past("KILLED"), FOLDER).score)


@pytest.mark.parametrize("status", ["KILLED", "FINISHED"])
def test_a_pruned_run_is_settled_and_takes_no_part_in_the_comparison(status: str) -> None:
    outcome = Outcome.of(past(status, **{PRUNED: "after epoch 3"}), FOLDER)
    assert (outcome.state, outcome.is_settled) == (State.PRUNED, True)
    assert math.isnan(outcome.score)


def test_a_run_that_is_not_started_is_not_settled() -> None:
    assert not Outcome(State.SKIPPED).is_settled
    assert Outcome(State.REUSED, 0.5).is_settled


def test_a_run_that_goes_on_has_no_outcome() -> None:
    with pytest.raises(ValueError, match="RUNNING"):
        Outcome.of(past("RUNNING"), FOLDER)
