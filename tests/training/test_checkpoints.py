import logging
from pathlib import Path

import numpy as np
import pytest

from scratchlab.training import Checkpoints, History, State, Trainer, read_checkpoint
from scratchlab.training import checkpoints as module
from tests.training.toys import NOTHING, blobs, network, trainer

NOW = 1000.0


class Clock:
    """Time that passes when it is told to, and a bit whenever something is synced."""

    def __init__(self, *, sync_seconds: float) -> None:
        self.now = NOW
        self._sync_seconds = sync_seconds

    def __call__(self) -> float:
        return self.now

    def sync(self) -> None:
        self.now += self._sync_seconds


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a checkpoint after every epoch, whatever it costs."""
    monkeypatch.setattr(module, "SHARE", np.inf)


def fit(folder: Path, *, epochs: int) -> Trainer:
    toy = trainer(Checkpoints(folder), network=network(), epochs=epochs)
    toy.fit(blobs(10), NOTHING)
    return toy


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("always")
def test_the_last_two_are_kept(tmp_path: Path) -> None:
    fit(tmp_path / "kept", epochs=1)
    assert names(tmp_path / "kept") == ["epoch-1.npz"]
    fit(tmp_path / "kept", epochs=11)
    assert names(tmp_path / "kept") == ["epoch-10.npz", "epoch-11.npz"]
    paths = Checkpoints(tmp_path / "kept").paths()
    assert [int(read_checkpoint(path)["epoch"]) for path in paths] == [10, 11]


@pytest.mark.usefixtures("always")
def test_it_is_the_state_of_the_trainer(tmp_path: Path) -> None:
    toy = fit(tmp_path, epochs=2)
    last, state = read_checkpoint(tmp_path / "epoch-2.npz"), toy.state()
    assert last.keys() == state.keys()
    for name, array in state.items():
        np.testing.assert_array_equal(last[name], array)


def test_little_of_the_time_is_spent_on_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(sync_seconds=0.125)
    monkeypatch.setattr(module, "monotonic", clock)
    kept = Checkpoints(tmp_path, sync=clock.sync)
    toy = trainer(kept, network=network())
    written = []
    for epoch in range(1, 101):  # of half a second each: an eighth of a second is 2 % of thirteen
        clock.now += 0.5
        toy.epoch = epoch
        kept.on_epoch_end(toy, {})
        written.append((tmp_path / f"epoch-{epoch}.npz").exists())
    epochs = [epoch for epoch, was_written in enumerate(written, start=1) if was_written]
    assert epochs == [1, 14, 27, 40, 53, 66, 79, 92]


@pytest.mark.usefixtures("always")
def test_what_is_recorded_of_an_epoch_is_on_the_disk_before_its_checkpoint(tmp_path: Path) -> None:
    seen = []
    kept = Checkpoints(tmp_path, sync=lambda: seen.append(names(tmp_path)))
    trainer(kept, network=network(), epochs=2).fit(blobs(10), NOTHING)
    assert seen == [[], ["epoch-1.npz"]]


def resumed(folder: Path) -> Trainer:
    toy = trainer(network=network(seed=5))
    Checkpoints(folder).resume(toy)
    return toy


def params(state: State) -> bytes:
    return b"".join(array.tobytes() for name, array in state.items() if name.startswith("network."))


@pytest.mark.usefixtures("always")
def test_the_last_one_is_gone_on_with(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    toy = resumed(tmp_path)
    assert (toy.epoch, toy.step) == (0, 0)
    assert params(toy.state()) == params(trainer(network=network(seed=5)).state())
    trained = fit(tmp_path, epochs=3)
    toy = resumed(tmp_path)
    assert (toy.epoch, toy.step) == (3, 9)
    assert params(toy.state()) == params(trained.state())
    assert caplog.messages == []


@pytest.mark.usefixtures("always")
def test_cut_short_at_every_kib_the_one_before_it_is_gone_on_with_and_said_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "kept"
    toy = trainer(History(), Checkpoints(folder), network=network(), epochs=3, batch_size=1)
    toy.fit(blobs(600), NOTHING)
    before, last = (path.read_bytes() for path in Checkpoints(folder).paths())
    lengths = range(0, len(last), 1024)
    assert len(lengths) > 15
    for length in lengths:
        (folder / "epoch-2.npz").write_bytes(before)
        (folder / "epoch-3.npz").write_bytes(last[:length])
        caplog.clear()
        assert resumed(folder).epoch == 2
        said = f"{folder}/epoch-3.npz is damaged, so training goes on from an earlier epoch"
        assert caplog.record_tuples == [(module.__name__, logging.WARNING, said)]
        assert names(folder) == ["epoch-2.npz"]


@pytest.mark.usefixtures("always")
def test_with_none_that_is_whole_it_is_the_beginning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fit(tmp_path, epochs=3)
    for path in tmp_path.iterdir():
        path.write_bytes(b"")
    assert resumed(tmp_path).epoch == 0
    assert len(caplog.messages) == 2


@pytest.mark.usefixtures("always")
def test_what_a_kill_leaves_behind_disturbs_nobody(tmp_path: Path) -> None:
    fit(tmp_path, epochs=1)
    (tmp_path / ".epoch-1.npz").write_bytes(b"half of it")
    assert resumed(tmp_path).epoch == 1
    fit(tmp_path, epochs=2)
    assert names(tmp_path) == ["epoch-1.npz", "epoch-2.npz"]


@pytest.mark.usefixtures("always")
def test_they_can_be_removed(tmp_path: Path) -> None:
    fit(tmp_path / "kept", epochs=2)
    Checkpoints(tmp_path / "kept").remove()
    Checkpoints(tmp_path / "kept").remove()
    assert names(tmp_path) == []
