from pathlib import Path

import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.tracking import histories
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.records import End, Metrics, Status
from scratchlab.tracking.publish.command import publish
from tests.tracking.runs import start_record

pytestmark = pytest.mark.usefixtures("quick_to_give_up")


@pytest.fixture
def run_id(tmp_path: Path, uri: str) -> str:
    """A run of ten epochs, and no validation."""
    journal = Journal(tmp_path / "run")
    journal.write(start_record(uri))
    for epoch in range(1, 11):
        journal.write(Metrics(epoch, 100, {"train/loss": 1 / epoch, "time/train_seconds": 0.5}))
    journal.write(End(Status.FINISHED, 200))
    journal.close()
    return publish(tmp_path / "run").run_id


def test_values_are_in_the_order_of_their_steps(uri: str, run_id: str) -> None:
    """By their texts, 10 would come before 2."""
    found = histories(uri, run_id, ["train/loss", "time/train_seconds", "val/loss"])
    assert found == {
        "train/loss": pytest.approx([1 / epoch for epoch in range(1, 11)]),
        "time/train_seconds": [0.5] * 10,
        "val/loss": [],
    }


def test_a_server_that_does_not_answer_is_named(dead: str) -> None:
    with pytest.raises(ConnectionError, match=f"^{dead}: the tracking server does not answer"):
        histories(dead, "0123", ["train/loss"])


def test_what_is_no_store_is_refused() -> None:
    with pytest.raises(ArgumentError, match="uri=ftp://x"):
        histories("ftp://x", "0123", ["train/loss"])
