import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.processes.process import Process
from scratchlab.tracking import (
    Published,
    Run,
    Terminated,
    UnreachableError,
    open_run,
    read_journal,
    read_start,
    resume_run,
    signals_as_exceptions,
)
from scratchlab.tracking import recorder as module
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.records import (
    Artifact,
    Dataset,
    End,
    Metrics,
    Model,
    Record,
    Start,
    Status,
    Tag,
)

URI = "http://server:5000"


def open_here(folder: Path, *, uri: str = URI, parent: str | None = None, live: bool = False) -> Run:
    return open_run(
        folder,
        experiment="mnist",
        name="adam",
        uri=uri,
        params={"lr": 1e-3},
        tags={"seed": "0"},
        parent=parent,
        live=live,
    )


def records_after_start(folder: Path) -> list[Record]:
    return read_journal(folder)[1:]


def test_the_first_record_says_what_runs_and_who_runs_it(tmp_path: Path) -> None:
    before = time.time()
    with open_here(tmp_path / "run"):
        start = read_journal(tmp_path / "run")[0]
    assert isinstance(start, Start)
    assert (start.experiment, start.name, start.uri, start.params) == ("mnist", "adam", URI, {"lr": 1e-3})
    assert start.process == Process.current()
    assert start.tags["seed"] == "0"
    assert start.tags["mlflow.source.type"] == "LOCAL"
    assert int(before * 1000) <= start.time_ms <= time.time() * 1000
    with open_here(tmp_path / "other"):
        other = read_journal(tmp_path / "other")[0]
    assert isinstance(other, Start)
    assert other.run_uuid != start.run_uuid


def test_a_child_names_its_parent(tmp_path: Path) -> None:
    with open_here(tmp_path):
        parent = read_start(tmp_path).run_uuid
        with open_here(tmp_path / "0", parent=parent):
            pass
    starts = [read_journal(folder)[0] for folder in (tmp_path, tmp_path / "0")]
    assert [start.parent for start in starts if isinstance(start, Start)] == [None, parent]


def test_everything_is_recorded_in_order(tmp_path: Path) -> None:
    with open_here(tmp_path) as run:
        run.log_dataset(name="mnist", digest="ab", source="/data", num_train=5, num_val=1, num_test=2)
        run.log_metrics({"train/loss": float(np.float32(0.5)), "val/accuracy": 1}, step=3)
        run.set_tag("note", "a")
        (tmp_path / "model").mkdir()
        run.log_model(tmp_path / "model")
        dataset, metrics, *rest = records_after_start(tmp_path)
    assert dataset == Dataset("mnist", "ab", "/data", 5, 1, 2)
    assert isinstance(metrics, Metrics)
    assert (metrics.step, metrics.values) == (3, {"train/loss": 0.5, "val/accuracy": 1.0})
    assert rest == [Tag("note", "a"), Model("model")]
    end = records_after_start(tmp_path)[-1]
    assert isinstance(end, End)
    assert end.status is Status.FINISHED


@pytest.mark.parametrize(
    ("path", "folder"), [("report.md", ""), ("plots/curves.png", "plots"), ("a/b/c.txt", "a/b")]
)
def test_a_saved_file_is_an_artifact(tmp_path: Path, path: str, folder: str) -> None:
    with open_here(tmp_path) as run:
        run.log_artifact(path, lambda place: place.write_text("hello"))
        assert records_after_start(tmp_path) == [Artifact(f"artifacts/{path}", folder)]
    assert (tmp_path / "artifacts" / path).read_text() == "hello"


def test_a_file_is_written_under_another_name_with_the_same_suffix(tmp_path: Path) -> None:
    def write(place: Path) -> None:
        assert place.suffix == ".png"
        place.write_text("half")
        raise OSError("the disk is full")

    with open_here(tmp_path) as run:
        run.log_artifact("curves.png", lambda place: place.write_text("whole"))
        with pytest.raises(OSError, match="the disk is full"):
            run.log_artifact("curves.png", write)
        assert records_after_start(tmp_path) == [Artifact("artifacts/curves.png", "")]
    assert [file.name for file in (tmp_path / "artifacts").iterdir()] == ["curves.png"]
    assert (tmp_path / "artifacts" / "curves.png").read_text() == "whole"


@pytest.mark.parametrize("path", ["/etc/passwd", "../journal.jsonl", "plots/../../x", "", "."])
def test_an_artifact_stays_inside_the_run(tmp_path: Path, path: str) -> None:
    with (
        open_here(tmp_path) as run,
        pytest.raises(ValueError, match="expected the path of an artifact inside"),
    ):
        run.log_artifact(path, lambda place: place.write_text("hello"))


def test_a_model_stays_inside_the_run(tmp_path: Path) -> None:
    with open_here(tmp_path / "run") as run, pytest.raises(ValueError, match="is not in the subpath"):
        run.log_model(tmp_path)


class Custom(BaseException):
    """What neither Python nor this project knows."""


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError("no such thing"), Status.FAILED),
        (SystemExit(0), Status.FAILED),
        (SystemExit("goodbye"), Status.FAILED),
        (Custom("unheard of"), Status.FAILED),
        (KeyboardInterrupt(), Status.KILLED),
        (Terminated(signal.SIGTERM), Status.KILLED),
    ],
)
def test_the_status_is_the_truth(tmp_path: Path, error: BaseException, status: Status) -> None:
    with pytest.raises(type(error)) as caught, open_here(tmp_path):
        raise error
    assert caught.value is error
    *before, end = records_after_start(tmp_path)
    assert isinstance(end, End)
    assert end.status is status
    if status is Status.FAILED:
        assert before == [Artifact("artifacts/traceback.txt", "")]
        text = (tmp_path / "artifacts" / "traceback.txt").read_text()
        assert Path(__file__).name in text
        assert text.rstrip().endswith(str(error))
    else:
        assert before == []


def test_a_traceback_that_cannot_be_written_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "artifacts").write_text("a file where the folder should be")
    with pytest.raises(ZeroDivisionError), open_here(tmp_path):
        raise ZeroDivisionError
    (end,) = records_after_start(tmp_path)
    assert isinstance(end, End)
    assert end.status is Status.FAILED


SIGNALLED = """
import os, signal, sys
from pathlib import Path
from scratchlab.tracking import open_run, signals_as_exceptions
with signals_as_exceptions(), open_run(
    Path(sys.argv[1]), experiment="mnist", name="a", uri="http://h:1", params={}, tags={}, live=False
):
    os.kill(os.getpid(), int(sys.argv[2]))
    signal.pause()
"""


@pytest.mark.system
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_is_recorded(tmp_path: Path, number: signal.Signals) -> None:
    subprocess.run([sys.executable, "-c", SIGNALLED, str(tmp_path), str(number)], capture_output=True)
    end = records_after_start(tmp_path)[-1]
    assert isinstance(end, End)
    assert end.status is Status.KILLED


@pytest.mark.parametrize("error", [None, ZeroDivisionError()])
def test_a_signal_while_a_run_ends_does_not_leave_it_without_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    """In a sweep in one process, which goes on, nobody could tell that the run does not."""

    def write(journal: Journal, record: Record) -> None:
        if isinstance(record, End):
            os.kill(os.getpid(), signal.SIGTERM)
        whole(journal, record)

    whole = Journal.write
    monkeypatch.setattr(Journal, "write", write)
    with pytest.raises(Terminated), signals_as_exceptions(), open_here(tmp_path):  # noqa: PT012
        if error is not None:
            raise error
    end = records_after_start(tmp_path)[-1]
    assert isinstance(end, End)
    assert end.status is (Status.FINISHED if error is None else Status.FAILED)


def test_a_folder_holds_one_run(tmp_path: Path) -> None:
    with open_here(tmp_path):
        pass
    before = read_journal(tmp_path)
    with pytest.raises(FileExistsError, match=r"journal\.jsonl"):
        open_here(tmp_path)
    assert read_journal(tmp_path) == before


def test_a_run_stays_where_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_here(Path("run")) as run:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        run.log_artifact("note.txt", lambda place: place.write_text("hello"))
    assert (tmp_path / "run" / "artifacts" / "note.txt").exists()


def test_a_wrong_uri_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="uri=mlruns: expected http://HOST:PORT"):
        open_here(tmp_path / "run", uri="mlruns")
    assert not (tmp_path / "run").exists()


def test_credentials_are_not_written_down(tmp_path: Path) -> None:
    with open_here(tmp_path, uri="http://me:secret@server:5000"):
        pass
    start = read_journal(tmp_path)[0]
    assert isinstance(start, Start)
    assert start.uri == URI
    assert all(b"secret" not in file.read_bytes() for file in tmp_path.iterdir())


class StandIn:
    """A publisher that leaves behind what it is told to."""

    published: Published | None = None
    has_everything = True
    waits = True

    def __init__(self, folder: Path, *, uri: str) -> None:
        self._folder = folder

    def close(self, *, timeout_seconds: float) -> bool:
        assert (timeout_seconds > 0) == self.waits
        if self.published is not None:
            self.published.save(self._folder)
        return self.has_everything


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Have runs published by a stand-in, to a server that answers."""
    monkeypatch.setattr(module, "Publisher", StandIn)
    monkeypatch.setattr(module, "why_unreachable", lambda uri: None)
    return monkeypatch


@pytest.mark.parametrize("published", [None, Published(URI, "1", "ab", "FINISHED")])
def test_a_run_that_mlflow_does_not_have_says_how_to_publish_it(
    tmp_path: Path,
    published: Published | None,
    stand_in: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Also if it is there itself, but not the runs below it."""
    stand_in.setattr(StandIn, "has_everything", False)
    stand_in.setattr(StandIn, "published", published)
    folder = tmp_path / "a run"
    with open_here(folder, live=True) as run:
        before = run.remedy
    remedy = (
        f"python -m scratchlab.tracking.publish '{folder}' (the run is recorded, but {URI} does not have all of it: "
        "see publisher.log)"
    )
    assert (before, run.remedy, run.published, caplog.messages) == (None, remedy, published, [])
    with pytest.raises(ZeroDivisionError), open_here(tmp_path / "b", live=True) as run:
        raise ZeroDivisionError
    assert caplog.messages == [f"to publish the run: {run.remedy}"], "nobody is going to announce its result"


def test_a_run_that_mlflow_has_says_nothing(
    tmp_path: Path, stand_in: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.setattr(StandIn, "published", Published(URI, "1", "ab", "FINISHED"))
    with open_here(tmp_path, live=True) as run:
        assert run.published is None
    assert (caplog.messages, run.remedy) == ([], None)
    assert run.published == Published(URI, "1", "ab", "FINISHED")


def test_a_run_that_repeats_itself_records_nothing_twice(
    tmp_path: Path, stand_in: pytest.MonkeyPatch
) -> None:
    with open_here(tmp_path) as run:
        for step in (1, 2):
            run.log_metrics({"loss": step, "accuracy": step}, step=step)
        run.log_metrics({"loss": 3}, step=3)
    with resume_run(tmp_path, uri=URI, repeats=True) as run:
        for step in (2, 3, 4):
            run.log_metrics({"loss": 10 * step, "accuracy": 10 * step, "new": step}, step=step)
    recorded = [(each.step, each.values) for each in read_journal(tmp_path) if isinstance(each, Metrics)]
    assert recorded == [
        (1, {"loss": 1, "accuracy": 1}),
        (2, {"loss": 2, "accuracy": 2}),
        (3, {"loss": 3}),
        (2, {"new": 2}),
        (3, {"accuracy": 30, "new": 3}),
        (4, {"loss": 40, "accuracy": 40, "new": 4}),
    ]


def test_a_run_that_goes_on_with_something_else_records_it_all(
    tmp_path: Path, stand_in: pytest.MonkeyPatch
) -> None:
    with open_here(tmp_path) as run:
        run.log_metrics({"best": 1}, step=0)
    with resume_run(tmp_path, uri=URI) as run:
        run.log_metrics({"best": 2}, step=0)
    values = [each.values["best"] for each in read_journal(tmp_path) if isinstance(each, Metrics)]
    assert values == [1, 2]


@pytest.mark.parametrize("error", [None, ZeroDivisionError("the reason")])
def test_an_end_that_does_not_fit_on_the_disk_hides_no_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    def full(file: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError if error is None else ZeroDivisionError), open_here(tmp_path):  # noqa: PT012
        monkeypatch.setattr("os.write", full)
        if error is not None:
            raise error
    monkeypatch.undo()
    assert not any(isinstance(record, End) for record in read_journal(tmp_path))


def test_a_store_that_is_away_is_a_warning_and_nothing_waits_for_it(
    tmp_path: Path, stand_in: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.setattr(module, "why_unreachable", lambda uri: "Connection refused")
    stand_in.setattr(StandIn, "has_everything", False)
    stand_in.setattr(StandIn, "waits", False)
    with open_here(tmp_path, uri="http://me:secret@server:5000", live=True) as run:
        [warning] = caplog.messages
    assert warning.startswith(
        f"tracking.uri={URI} cannot be reached (Connection refused): training goes on, "
    )
    assert run.remedy is not None


def test_a_store_that_is_away_and_required_leaves_nothing_behind(
    tmp_path: Path, stand_in: pytest.MonkeyPatch
) -> None:
    stand_in.setattr(module, "why_unreachable", lambda uri: "Connection refused")
    with pytest.raises(
        UnreachableError, match=r"cannot be reached \(Connection refused\): start it, or type"
    ):
        open_run(
            tmp_path / "run", experiment="a", name="a", uri=URI, params={}, tags={}, live=True, require=True
        )
    assert not (tmp_path / "run").exists()
