"""Launches with launchers that do what real ones do when all is well, and when one of their workers dies."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from hydra.core.utils import JobReturn, JobStatus
from hydra.plugins.launcher import Launcher
from rich.console import Console

from scratchlab.sweeps.launches import Launches
from scratchlab.sweeps.outcome import State
from scratchlab.sweeps.planned_run import PlannedRun
from scratchlab.tracking import FINGERPRINT, PRUNED, Fingerprint
from scratchlab.tracking.journal.journal import Journal
from scratchlab.tracking.journal.records import End, Metrics, Status, Tag
from tests.tracking.runs import start_record

DIED = "A worker process managed by the executor was unexpectedly terminated.\nThis could be caused by ..."


def planned(number: int) -> PlannedRun:
    return PlannedRun([f"seed={number}"], {"seed": str(number)}, identity=Fingerprint(f"of {number}"))


def record(folder: Path, number: int, status: Status | None, *, score: float = 0.5, time_ms: int = 1) -> None:
    """Record a run as training does; one without a status was at work when its process died."""
    journal = Journal(folder)
    start = replace(start_record(), tags={FINGERPRINT: f"of {number}"}, time_ms=time_ms)
    journal.write(start if status is not None else replace(start, process_started="an earlier boot/1"))
    journal.write(Metrics(0, time_ms, {"best/val_accuracy": score}))
    if status is not None:
        journal.write(End(status, time_ms + 1))
    journal.close()


class Scripted(Launcher):
    """Starts runs by doing what a script says, launch by launch."""

    def __init__(self, folder: Path, *script: Callable[[Path, list[int], int], None]) -> None:
        self.folder = folder
        self.script = list(script)
        self.launched: list[list[int]] = []

    def setup(self, **options: object) -> None:
        raise AssertionError

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        numbers = [int(overrides[0].partition("=")[2]) for overrides in job_overrides]
        self.launched.append(numbers)
        self.script.pop(0)(self.folder, numbers, initial_job_idx)
        return [
            JobReturn(overrides=overrides, status=JobStatus.COMPLETED, _return_value=0.25)
            for overrides in job_overrides
        ]


def finish(folder: Path, numbers: list[int], first: int) -> None:
    for place, number in enumerate(numbers, start=first):
        record(folder / str(place), number, Status.FINISHED, score=number / 10)


def lose(*at_work: int, finished: Sequence[int] = ()) -> Callable[[Path, list[int], int], None]:
    """Return what a launcher does whose worker dies while these runs are at work, and others are not yet."""

    def launch(folder: Path, numbers: list[int], first: int) -> None:
        for place, number in enumerate(numbers, start=first):
            if number in finished:
                record(folder / str(place), number, Status.FINISHED, score=number / 10)
            elif number in at_work:
                record(folder / str(place), number, None)
        raise RuntimeError(DIED)

    return launch


@pytest.fixture
def stream() -> StringIO:
    return StringIO()


@pytest.fixture
def start(tmp_path: Path, stream: StringIO) -> Callable[..., tuple[dict[str, tuple[State, float]], Scripted]]:
    """Starts runs with a launcher; returns what became of each, and the launcher."""

    def start(
        numbers: Sequence[int], *script: Callable[[Path, list[int], int], None]
    ) -> tuple[dict[str, tuple[State, float]], Scripted]:
        launcher = Scripted(tmp_path, *script)
        outcomes = Launches(launcher, tmp_path, Console(file=stream, width=300)).start(
            [planned(number) for number in numbers]
        )
        return {key: (each.state, each.score) for key, each in outcomes.items()}, launcher

    return start


Start = Callable[..., tuple[dict[str, tuple[State, float]], Scripted]]


def test_what_is_recorded_counts_not_what_the_launcher_returns(start: Start) -> None:
    outcomes, launcher = start([1, 2], finish)
    assert outcomes == {"of 1": (State.FINISHED, 0.1), "of 2": (State.FINISHED, 0.2)}
    assert launcher.launched == [[1, 2]]


def test_what_the_launcher_returns_counts_where_nothing_is_recorded(start: Start) -> None:
    outcomes, _ = start([1], lambda folder, numbers, first: None)
    assert outcomes == {"of 1": (State.FINISHED, 0.25)}


def test_no_runs_need_no_launcher(start: Start) -> None:
    outcomes, launcher = start([])
    assert (outcomes, launcher.launched) == ({}, [])


def test_numbers_go_on_behind_the_runs_that_are_there(tmp_path: Path, start: Start) -> None:
    for name in ("0", "3", "artifacts"):
        (tmp_path / name).mkdir()
    numbers = []
    start([1], lambda folder, runs, first: numbers.append(first))
    assert numbers == [4]


def test_of_several_runs_with_a_fingerprint_the_last_one_counts(tmp_path: Path) -> None:
    record(tmp_path / "0", 1, Status.FINISHED, time_ms=5)
    record(tmp_path / "1", 1, Status.FAILED, time_ms=9)
    record(tmp_path / "2", 1, None, time_ms=7)
    record(tmp_path / "3", 2, Status.FINISHED)
    launches = Launches(Scripted(tmp_path), tmp_path, Console())
    assert {key: each.state for key, each in launches.recorded().items()} == {
        "of 1": State.FAILED,
        "of 2": State.FINISHED,
    }
    assert list(launches.recorded(["of 2", "of 9"])) == ["of 2"]


def test_a_run_that_goes_on_has_no_outcome_yet(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "0")
    journal.write(replace(start_record(), tags={FINGERPRINT: "of 1"}))
    journal.close()
    assert Launches(Scripted(tmp_path), tmp_path, Console()).recorded() == {}


def test_a_run_that_was_killed_before_its_first_record_is_none(tmp_path: Path) -> None:
    Journal(tmp_path / "0").close()
    record(tmp_path / "1", 1, Status.FINISHED)
    assert list(Launches(Scripted(tmp_path), tmp_path, Console()).recorded()) == ["of 1"]


class TestDeadWorker:
    def test_who_was_at_work_is_started_again_alone_and_the_rest_together(
        self, start: Start, stream: StringIO
    ) -> None:
        outcomes, launcher = start([1, 2, 3, 4, 5], lose(2, 3, finished=[1]), lose(2), finish, finish)
        assert launcher.launched == [[1, 2, 3, 4, 5], [2], [3], [4, 5]]
        assert outcomes == {
            "of 1": (State.FINISHED, 0.1),
            "of 2": (State.KILLED, pytest.approx(float("nan"), nan_ok=True)),
            "of 3": (State.FINISHED, 0.3),
            "of 4": (State.FINISHED, 0.4),
            "of 5": (State.FINISHED, 0.5),
        }
        assert stream.getvalue().splitlines() == [
            "a worker has died (A worker process managed by the executor was unexpectedly terminated.); "
            "starting again: 2 runs that were at work, 2 that were not",
            "seed=2: its process has died (A worker process managed by the executor was unexpectedly "
            "terminated.)",
        ]

    def test_another_may_die_in_the_second_attempt(self, start: Start) -> None:
        outcomes, launcher = start([1, 2, 3], lose(1), finish, lose(3, finished=[2]), finish)
        assert launcher.launched == [[1, 2, 3], [1], [2, 3], [3]]
        assert {key: state for key, (state, _) in outcomes.items()} == {
            "of 1": State.FINISHED,
            "of 2": State.FINISHED,
            "of 3": State.FINISHED,
        }

    def test_a_failure_is_not_started_again(self, tmp_path: Path, start: Start) -> None:
        def fail_and_lose(folder: Path, numbers: list[int], first: int) -> None:
            record(folder / "0", 1, Status.FAILED)
            lose(2)(folder, [0, *numbers[1:]], first)

        outcomes, launcher = start([1, 2], fail_and_lose, finish)
        assert launcher.launched == [[1, 2], [2]]
        assert {key: state for key, (state, _) in outcomes.items()} == {
            "of 1": State.FAILED,
            "of 2": State.FINISHED,
        }

    def test_a_pruned_run_is_not_started_again(self, start: Start) -> None:
        def prune_and_lose(folder: Path, numbers: list[int], first: int) -> None:
            journal = Journal(folder / "0")
            journal.write(replace(start_record(), tags={FINGERPRINT: "of 1"}))
            journal.write(Tag(PRUNED, "after epoch 1"))
            journal.write(End(Status.KILLED, 2))
            journal.close()
            lose(2)(folder, [0, *numbers[1:]], first)

        outcomes, launcher = start([1, 2], prune_and_lose, finish)
        assert launcher.launched == [[1, 2], [2]]
        assert outcomes["of 1"][0] is State.PRUNED

    def test_a_launcher_that_cannot_start_anything_says_so_itself(self, start: Start) -> None:
        with pytest.raises(RuntimeError, match="unexpectedly terminated"):
            start([1, 2], lose())

    def test_a_run_alone_without_a_record_is_the_one_to_blame(self, start: Start) -> None:
        outcomes, launcher = start([1], lose())
        assert launcher.launched == [[1]]
        assert outcomes["of 1"][0] is State.KILLED
