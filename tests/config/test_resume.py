import fcntl
import hashlib
import re
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.config.resume import resumed
from scratchlab.tasks.resumed_run import RESUMED_WITH
from scratchlab.tracking import JOURNAL, Run, open_run, read_journal
from scratchlab.tracking.journal.records import End, Metrics, Resumed, Status, Tag
from scratchlab.tracking.source import COMMIT, DIRTY
from scratchlab.training import Trainer, read_checkpoint
from scratchlab.training import checkpoints as module
from tests.launched import Ended, launch
from tests.polling import wait_until

pytestmark = pytest.mark.usefixtures("no_figures")

SMALL = ("data=digits", "optimizer=adam", "trainer.epochs=4", "trainer.threads=1", "model.hidden=[20,10]")


def started(folder: Path, *overrides: str, script: str = "train.py", kind: str = "train") -> Run:
    """Start a run as the script does."""
    return open_run(
        folder,
        experiment="mnist",
        name="a",
        uri="http://server:5000",
        params={},
        tags={
            "mlflow.source.name": script,
            "scratchlab.kind": kind,
            "scratchlab.overrides": " ".join(overrides),
        },
        live=False,
    )


def interrupted(folder: Path, *overrides: str, script: str = "train.py", kind: str = "train") -> None:
    """Start a run and end it before its end."""
    with pytest.raises(KeyboardInterrupt), started(folder, *overrides, script=script, kind=kind):
        raise KeyboardInterrupt
    ended_ms = time.time_ns() // 1_000_000
    wait_until(
        lambda: time.time_ns() // 1_000_000 > ended_ms, "the next millisecond"
    )  # it tells starts apart


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train.py"])
    return tmp_path


def test_without_it_overrides_stay_what_they_are() -> None:
    for overrides in ([], ["seed=1", "data=digits"], ["resume=null", "seed=1"], ["sweep.reuse=false"]):
        assert resumed(overrides, is_sweep=False) == overrides


@pytest.mark.parametrize("typed", ["outputs/a/b", "'outputs/a/b'", "outputs/a/b/", "last"])
def test_it_stands_for_what_was_typed_before(here: Path, typed: str) -> None:
    folder = here / "outputs" / "a" / "b"
    interrupted(folder, "'model.hidden=[30,20]'", "seed=1")
    assert resumed([f"resume={typed}"], is_sweep=False) == [
        *("model.hidden=[30,20]", "seed=1"),
        f"resume='{folder}'",
        f"hydra.run.dir='{folder}'",
        "hydra.output_subdir=null",
    ]


def test_the_last_one_is_the_single_run_of_this_script_that_was_started_last(here: Path) -> None:
    outputs = here / "outputs"
    interrupted(outputs / "2026" / "z", "seed=1")
    interrupted(outputs / "2026" / "y", "seed=2")
    interrupted(outputs / "2026" / "check", script="check.py", kind="check")
    interrupted(outputs / "2026" / "sweep", kind="sweep")
    interrupted(outputs / "2026" / "sweep" / "0", "seed=3")
    (outputs / "2026" / "x").mkdir()
    (outputs / "2026" / "x" / JOURNAL).touch()
    found = resumed(["resume=last"], is_sweep=False)
    assert found[0] == "seed=2"
    assert found[1] == f"resume='{outputs / '2026' / 'y'}'"


def refusal(*overrides: str, is_sweep: bool = False) -> str:
    with pytest.raises(ArgumentError) as caught:
        resumed(overrides, is_sweep=is_sweep)
    return str(caught.value)


def test_what_cannot_be_resumed_is_refused(here: Path) -> None:
    assert refusal("resume=last") == f"resume=last: expected a run in {here}/outputs, where there is none"
    assert refusal("resume=nowhere") == (
        "resume=nowhere: expected last, or the folder of a run such as outputs/2026-11-25/12-00-00-000000; "
        f"there is no {JOURNAL} in {here}/nowhere"
    )
    interrupted(here / "run")
    assert refusal("resume=run", "seed=1") == (
        "resume=run: expected nothing beside it, found seed=1: a run goes on as it was configured"
    )
    assert refusal("resume=run", is_sweep=True).startswith(
        "resume=run: expected nothing beside it, found -m: "
    )
    with started(here / "finished"):
        pass
    assert refusal("resume=finished") == (
        f"resume=finished: expected a run that was interrupted; {here}/finished has finished"
    )
    interrupted(here / "sweep", kind="sweep")
    assert refusal("resume=sweep") == (
        "resume=sweep: expected a single run; the command of a sweep, typed again, goes on with the sweep"
    )
    interrupted(here / "check", script="check.py", kind="check")
    assert refusal("resume=check") == "resume=check: expected a run of train.py, this is one of check.py"
    (here / "empty").mkdir()
    (here / "empty" / JOURNAL).touch()
    assert refusal("resume=empty").startswith("resume=empty: expected a run that had begun (")


@pytest.fixture
def stopped(here: Path, monkeypatch: pytest.MonkeyPatch) -> Ended:
    """A run that was interrupted in its third epoch of four."""
    monkeypatch.setattr(module, "SHARE", np.inf)
    epoch_of = Trainer._fit_epoch

    def fit_epoch(trainer: Trainer, *splits: object) -> None:
        if trainer.epoch == 3:
            trainer.max_steps = trainer.step + 2  # of which nobody will ever know
            monkeypatch.setattr(Trainer, "_fit_epoch", epoch_of)
            list(zip(trainer.train_epoch(splits[0]), range(2), strict=False))  # type: ignore[arg-type]
            raise KeyboardInterrupt
        epoch_of(trainer, *splits)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "_fit_epoch", fit_epoch)
    ended = launch("train.py", *SMALL, cwd=here)
    folder = ended.folder.relative_to(here)
    said = f"interrupted\nto go on with it: python train.py resume={folder}\n"
    assert (ended.code, ended.stderr) == (130, said)
    return ended


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / "model" / "weights.npz").read_bytes()).hexdigest()


def test_a_run_goes_on_in_its_folder_and_ends_like_one_that_was_not_interrupted(
    here: Path, stopped: Ended, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hydra = {path.name: path.read_bytes() for path in (stopped.folder / ".hydra").iterdir()}
    ended = launch("train.py", "resume=last", cwd=here)
    assert (ended.code, ended.stderr) == (0, "")
    said, header, *epochs = ended.stdout.splitlines()
    assert said == "going on after epoch 2"
    assert header.split()[0] == "epoch"
    assert [line.split()[0] for line in epochs[:2]] == ["3/4", "4/4"]
    assert {path.name: path.read_bytes() for path in (ended.folder / ".hydra").iterdir()} == hydra
    assert not (ended.folder / "checkpoints").exists()
    whole = launch("train.py", *SMALL, cwd=tmp_path_factory.mktemp("whole"))
    assert weights(ended.folder) == weights(whole.folder)
    keys = {key for record in whole.of_kind(Metrics) for key in record.values}
    assert keys == {key for record in ended.of_kind(Metrics) for key in record.values}
    for key in keys:
        if not key.startswith(("time/", "speed/")):
            assert ended.metric(key) == whole.metric(key)
    assert [record.status for record in ended.of_kind(End)] == [Status.KILLED, Status.FINISHED]
    assert len(ended.of_kind(Resumed)) == 1
    configs = [(each.folder / "artifacts" / "config.yaml").read_text() for each in (ended, whole)]
    assert configs[0] == configs[1]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({COMMIT: "2" * 40, DIRTY: "false"}, "22222222, before 11111111 and changes"),
        ({COMMIT: "1" * 40, DIRTY: "false"}, "11111111, before 11111111 and changes"),
        ({}, "unknown, before 11111111 and changes"),
    ],
)
def test_other_code_is_a_warning_and_a_tag(
    here: Path, monkeypatch: pytest.MonkeyPatch, now: dict[str, str], said: str
) -> None:
    tags = {COMMIT: "1" * 40, DIRTY: "true"}
    monkeypatch.setattr("scratchlab.tracking.source.git_tags", lambda folder: tags)
    ended = launch("train.py", *SMALL, "trainer.max_steps=1", cwd=here)
    journal = (ended.folder / JOURNAL).read_bytes()
    (ended.folder / JOURNAL).write_bytes(journal[: journal.rindex(b'{"record":"end"')])
    tags = now
    ended = launch("train.py", "resume=last", cwd=here)
    assert ended.code == 0
    assert ended.stderr == f"the run goes on with other code (commit {said}): its result may be another\n"
    [tag] = [each.value for each in ended.of_kind(Tag) if each.key == RESUMED_WITH]
    assert tag == said.partition(",")[0]


def test_a_run_that_has_changed_is_refused_and_left_alone(
    here: Path,
) -> None:
    ended = launch("train.py", *SMALL, "trainer.max_steps=1", cwd=here)
    changed = re.sub(rb'("scratchlab.fingerprint":")\w', rb"\1x", (ended.folder / JOURNAL).read_bytes())
    changed = changed.replace(b'"optimizer.lr":0.002', b'"optimizer.lr":0.001')
    (ended.folder / JOURNAL).write_bytes(changed[: changed.rindex(b'{"record":"end"')])
    ended = launch("train.py", "resume=last", cwd=here)
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"resume={ended.folder}: expected what the run was started with: optimizer.lr was 0.001 and is 0.002\n"
    )


def test_a_run_that_goes_on_elsewhere_is_left_alone(here: Path, stopped: Ended) -> None:
    journal = (stopped.folder / JOURNAL).read_bytes()
    with (stopped.folder / JOURNAL).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ended = launch("train.py", "resume=last", cwd=here)
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr == f"resume={stopped.folder}: expected a run that no process is at any more\n"
    assert (stopped.folder / JOURNAL).read_bytes() == journal


def test_a_loss_that_turns_nan_keeps_the_last_good_checkpoint(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHARE", np.inf)
    steeper = ("schedule=exponential", "schedule.final_fraction=1e50", "model=softmax")
    overrides = ("data=digits", "optimizer=sgd", "optimizer.lr=1e-3", *steeper, "trainer.threads=1")
    ended = launch("train.py", *overrides, cwd=here)
    assert ended.code == 1
    said, kept = ended.stderr.splitlines()
    found = re.fullmatch(r"the loss is (nan|inf) at step \d+ \(epoch (\d+)\): .*", said)
    assert found is not None
    epoch = int(found[2]) - 1
    assert epoch >= 2
    path = ended.folder.relative_to(here) / "checkpoints" / f"epoch-{epoch}.npz"
    assert kept == f"the last checkpoint from before that: {path}"
    state = read_checkpoint(here / path)
    assert all(np.isfinite(state[name]).all() for name in state if name.startswith("network."))
    assert int(state["epoch"]) == epoch
    assert ended.of_kind(End)[-1].status == Status.FAILED
    again = launch("train.py", "resume=last", cwd=here)
    assert (again.code, again.stderr) == (1, ended.stderr)
    assert [record for record in read_journal(ended.folder) if isinstance(record, Resumed)]
