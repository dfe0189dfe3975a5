import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scratchlab.processes.process import Process
from scratchlab.tracking import PastRun, Published, RunNotFoundError, read_run, read_runs
from scratchlab.tracking.journal.journal import JOURNAL, Journal
from scratchlab.tracking.journal.records import End, Metrics, Record, Status, Tag
from tests.tracking.runs import start_record

CURVE = [
    Metrics(epoch, epoch, {"val/accuracy": accuracy}) for epoch, accuracy in ((1, 0.5), (2, 0.75), (3, 0.625))
]
BEST = Metrics(0, 4, {"best/val_accuracy": 0.75, "test/accuracy": 0.7})


def journal(folder: Path, *records: Record, kind: str = "train", name: str = "adam") -> Path:
    """Write the journal of a run of this process."""
    written = Journal(folder)
    start = start_record()
    written.write(replace(start, name=name, tags={**start.tags, "scratchlab.kind": kind}))
    for record in records:
        written.write(record)
    written.close()
    return folder


def test_what_a_journal_tells_of_a_run(tmp_path: Path) -> None:
    journal(tmp_path, *CURVE, Tag("a", "b"), BEST, End(Status.FINISHED, 5))
    Published("sqlite:///x", "1", "abc", "FINISHED").save(tmp_path)
    run = read_run(tmp_path)
    assert run == PastRun(
        name="adam",
        status="FINISHED",
        params={"optimizer": "adam", "optimizer.lr": "0.001", "model.hidden": "[4, 5]"},
        tags={"seed": "0", "scratchlab.kind": "train", "a": "b"},
        metrics={"val/accuracy": 0.625, "best/val_accuracy": 0.75, "test/accuracy": 0.7},
        val_accuracy=[0.5, 0.75, 0.625],
        run_id="abc",
        folder=tmp_path,
    )
    assert (run.score, run.outcome, run.is_finished) == (0.75, "", True)


@pytest.mark.parametrize(
    ("metrics", "score", "is_validated"),
    [
        ({"best/val_accuracy": 0.75, "val/accuracy": 0.5, "train/accuracy": 1.0}, 0.75, True),
        (
            {"cv/accuracy": 0.1, "best/cv_accuracy": 0.3, "test/accuracy": 0.9},
            0.3,
            True,
        ),  # of the k that was chosen
        ({"best/cv_accuracy": 0.3, "val/accuracy": 0.2}, 0.2, True),
        ({"train/accuracy": 0.875, "test/accuracy": 0.9}, 0.875, False),
    ],
)
def test_a_finished_run_is_compared_by_the_accuracy_that_it_returned(
    metrics: dict[str, float], score: float, is_validated: bool
) -> None:
    run = PastRun("knn", "FINISHED", {}, {}, metrics)
    assert (run.score, run.is_validated) == (score, is_validated)


def test_a_run_without_any_accuracy_has_no_score() -> None:
    assert math.isnan(PastRun("check", "FINISHED", {}, {}, {"test/accuracy": 0.9}).score)


@pytest.mark.parametrize("status", [Status.FAILED, Status.KILLED])
def test_a_run_that_was_cut_off_has_its_curve_but_no_score(tmp_path: Path, status: Status) -> None:
    run = read_run(journal(tmp_path, *CURVE, BEST, End(status, 5)))
    assert math.isnan(run.score)
    assert (run.outcome, run.val_accuracy) == (status.lower(), [0.5, 0.75, 0.625])


@pytest.mark.parametrize("status", [Status.FINISHED, Status.KILLED])
def test_a_pruned_run_has_no_score_for_it_did_not_come_to_its_end(tmp_path: Path, status: Status) -> None:
    diverging = Metrics(4, 4, {"val/accuracy": math.nan})
    run = read_run(journal(tmp_path, *CURVE, diverging, Tag("pruned", "true"), End(status, 5)))
    assert math.isnan(run.score)
    assert (run.outcome, run.is_finished) == ("pruned", False)


def test_a_run_that_goes_on_is_told_from_one_whose_process_is_gone(tmp_path: Path) -> None:
    assert read_run(journal(tmp_path / "goes on")).outcome == "running"
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    gone = replace(start_record(), pid=int(ended.stdout), host=Process.current().host)
    written = Journal(tmp_path / "gone")
    written.write(gone)
    written.close()
    assert read_run(tmp_path / "gone").outcome == "killed"


def test_a_folder_stands_for_the_runs_of_training_below_it_in_their_order(tmp_path: Path) -> None:
    sweep = journal(tmp_path / "sweep", End(Status.FINISHED, 1), kind="sweep", name="sweep")
    for number in (10, 9, 1):
        journal(sweep / str(number), kind="train", name=f"run {number}")
    journal(tmp_path / "check", kind="check")
    (tmp_path / "killed at once").mkdir()
    (tmp_path / "killed at once" / JOURNAL).write_bytes(b'{"record":"sta')
    names = ["run 1", "run 9", "run 10"]
    assert [run.name for run in read_runs(tmp_path)] == names
    assert [run.name for run in read_runs(sweep)] == names
    assert [run.name for run in read_runs(sweep / "9")] == ["run 9"]


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        RunNotFoundError, match=r"expected the folder of a run, but there is no journal\.jsonl in it"
    ):
        read_run(tmp_path)
    (tmp_path / JOURNAL).touch()
    with pytest.raises(RunNotFoundError, match="nothing was recorded"):
        read_run(tmp_path)
    assert read_runs(tmp_path) == []
    assert read_runs(tmp_path / "nowhere") == []


def test_a_damaged_journal_is_named(tmp_path: Path) -> None:
    with (journal(tmp_path / "run") / JOURNAL).open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(ValueError, match=r"run/journal\.jsonl: expected a record of a journal"):
        read_runs(tmp_path)
