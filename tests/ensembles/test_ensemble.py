import math
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from scratchlab.ensembles.ensemble import Member, ensemble_fingerprint, log_loss
from scratchlab.tracking import Fingerprint, PastRun, RunNotFoundError, read_run
from tests.launched import Ended


@pytest.mark.parametrize(
    ("folder", "said"),
    [(None, "none is on record"), (Path("/nowhere/outputs/7"), "/nowhere/outputs/7 is gone")],
)
def test_a_run_in_mlflow_whose_folder_is_not_there_is_named(folder: Path | None, said: str) -> None:
    run = PastRun(
        "seed=0", "FINISHED", params={}, tags={}, metrics={}, run_id="0123456789abcdef", folder=folder
    )
    with pytest.raises(RunNotFoundError) as caught:
        Member.of(run)
    assert str(caught.value) == f"seed=0 (01234567): expected the folder with its files, {said}"


def test_a_run_whose_network_is_damaged_is_named(trained: Ended, tmp_path: Path) -> None:
    copy = shutil.copytree(trained.folder, tmp_path / "copy")
    (copy / "model" / "weights.npz").write_bytes(b"")
    with pytest.raises(ValueError, match=f"^{re.escape(str(copy))}/model: expected a network "):
        Member.of(read_run(copy))


def members(*digests: str) -> list[Fingerprint]:
    return [Fingerprint(each, earlier=f"earlier {each}") for each in digests]


def test_an_ensemble_is_its_members_in_whatever_order() -> None:
    assert ensemble_fingerprint(members("a", "b", "c")) == ensemble_fingerprint(members("c", "a", "b"))
    assert ensemble_fingerprint(members("a", "b")) != ensemble_fingerprint(members("a", "b", "c"))
    assert ensemble_fingerprint(members("a", "b")) != ensemble_fingerprint(members("a", "a", "b"))


def test_the_loss_of_probabilities_by_hand() -> None:
    probs = np.array([[0.5, 0.5], [0.25, 0.75]])
    assert log_loss(probs, np.array([1, 0])) == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_the_loss_of_what_was_held_for_impossible_is_finite() -> None:
    """The smallest float32 that is not denormal is 2^-126."""
    assert log_loss(np.array([[0.0, 1.0]]), np.array([0])) == pytest.approx(126 * math.log(2))
