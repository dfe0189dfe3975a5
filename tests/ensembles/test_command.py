import gzip
import json
import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.tracking import FINGERPRINT, embedded_uri, read_run, read_start
from scratchlab.tracking.journal.records import Status
from tests.launched import Ended, launch, without_figures


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sweep over three seeds of a network with 12 hidden units."""
    cwd = tmp_path_factory.mktemp("swept")
    overrides = ("data=digits", "model.hidden=12", "trainer.epochs=2", "seed=0,1,2")
    with without_figures():
        assert launch("train.py", "-m", *overrides, f"tracking.uri={embedded_uri(cwd)}", cwd=cwd).code == 0
    [folder] = cwd.glob("outputs/*/*-sweep")
    return folder


def averaged(*runs: Path, cwd: Path) -> Ended:
    """Run ensemble.py with runs."""
    return launch("ensemble.py", *map(str, runs), "--uri", embedded_uri(cwd), cwd=cwd)


def probs_in_numpy(folder: Path, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the network of a run in `folder` says about pixels, written down once more."""
    with np.load(folder / "model" / "weights.npz", allow_pickle=False) as weights:
        hidden = np.maximum(pixels / 16 @ weights["linear1.weight"] + weights["linear1.bias"], 0)
        exponentials = np.exp(hidden @ weights["linear2.weight"] + weights["linear2.bias"])
    return exponentials / exponentials.sum(axis=1, keepdims=True)


@pytest.mark.usefixtures("no_figures")
def test_a_sweep_is_averaged_by_its_probabilities(swept: Path, digits_file: Path, tmp_path: Path) -> None:
    ended = averaged(swept, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    table = np.loadtxt(BytesIO(gzip.decompress(digits_file.read_bytes())), delimiter=",")
    pixels, targets = table[1437:, :64], table[1437:, 64].astype(int)
    probs = np.mean([probs_in_numpy(swept / str(number), pixels) for number in range(3)], axis=0)
    accuracy = float(np.mean(probs.argmax(axis=1) == targets))
    assert ended.once("test/accuracy") == pytest.approx(accuracy, abs=1e-12)
    assert ended.once("test/loss") == pytest.approx(
        -np.log(probs[np.arange(len(targets)), targets]).mean(), rel=1e-4
    )
    assert f"{100 * (1 - accuracy):.2f} %" in ended.stdout
    headline = f"test   {100 * accuracy:.2f} % correct, by the mean of 3 networks"
    assert headline in ended.stdout.splitlines()


@pytest.mark.usefixtures("no_figures")
def test_every_member_is_shown_with_the_error_it_has_on_record(swept: Path, tmp_path: Path) -> None:
    ended = averaged(swept, cwd=tmp_path)
    saved = json.loads((ended.folder / "artifacts" / "members.json").read_text())
    for number, (_, error) in enumerate(saved["data"][:3]):
        recorded = 100 * (1 - read_run(swept / str(number)).metrics["test/accuracy"])
        assert error == pytest.approx(recorded)
        [line] = [line for line in ended.stdout.splitlines() if f"seed={number} (" in line]
        assert f" {recorded:.2f} % " in line
    assert saved["data"][3] == ["the mean of all 3", pytest.approx(100 * (1 - ended.once("test/accuracy")))]


def test_it_is_recorded_like_every_other_run(swept: Path, tmp_path: Path) -> None:
    ended = averaged(swept / "0", swept / "1", cwd=tmp_path)
    run, start = read_run(ended.folder), read_start(ended.folder)
    assert (run.status, start.experiment) == (Status.FINISHED, "scratchlab")
    assert run.tags["scratchlab.kind"] == "ensemble"
    assert run.tags["mlflow.source.name"] == "ensemble.py"
    assert start.params["num_members"] == 2
    assert {path.name for path in (ended.folder / "artifacts" / "plots").iterdir()} == {
        *("confusion_matrix.png", "mistakes.png")
    }
    seconds = [
        sum(value for key, value in read_run(swept / number).metrics.items() if key == "time/train_seconds")
        for number in "01"
    ]
    assert ended.once("time/members_seconds") > sum(seconds)  # those are of the last epoch of two


@pytest.mark.usefixtures("no_figures")
def test_the_order_of_the_members_is_of_no_account(swept: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = averaged(swept / "0", swept / "1", cwd=tmp_path / "a")
    other = averaged(swept / "1", swept / "0", swept / "1", cwd=tmp_path / "b")  # the same twice is still one
    assert read_run(one.folder).tags[FINGERPRINT] == read_run(other.folder).tags[FINGERPRINT]
    assert one.once("test/accuracy") == other.once("test/accuracy")


def refused(*runs: Path, cwd: Path) -> str:
    """Run ensemble.py with what it refuses; return what it says."""
    ended = averaged(*runs, cwd=cwd)
    assert (ended.code, ended.stdout) == (2, "")
    assert not list(cwd.glob("outputs/*/*-ensemble"))
    assert ended.stderr.count("\n") == 1
    return ended.stderr.rstrip()


def test_one_run_is_no_ensemble(swept: Path, tmp_path: Path) -> None:
    said = refused(swept / "0", swept / "0", cwd=tmp_path)
    assert said == f"seed=0 ({swept / '0'}): expected at least two runs that differ, found one"


@pytest.mark.usefixtures("no_figures")
def test_a_run_without_a_network_is_named(swept: Path, tmp_path: Path) -> None:
    nearest = launch(
        "train.py", "data=digits", "model=knn", "model.k=1", "tracking.name=nearest", cwd=tmp_path
    )
    said = refused(swept / "0", nearest.folder, cwd=tmp_path)
    assert said == f"nearest ({nearest.folder}): expected a run with a network, this one has none"


@pytest.mark.usefixtures("no_figures")
def test_a_run_that_has_not_finished_is_named(swept: Path, tmp_path: Path) -> None:
    failed = launch("train.py", "data=digits", "optimizer.lr=1e30", "trainer.epochs=1", cwd=tmp_path)
    said = refused(swept / "0", failed.folder, cwd=tmp_path)
    assert said.endswith(": expected a run that has finished, this one was failed")


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize(
    ("override", "found"),
    [("data=spiral", "spiral"), ("data.limit_test=100", "digits (6ebb3d2f), 100 to test")],
)
def test_runs_with_other_data_are_named(swept: Path, tmp_path: Path, override: str, found: str) -> None:
    other = launch(
        "train.py", "data=digits", override, "trainer.epochs=1", "tracking.name=other", cwd=tmp_path
    )
    said = refused(swept / "0", other.folder, cwd=tmp_path)
    assert said.startswith(f"other ({other.folder}): expected the data of seed=0 ({swept / '0'}), digits ")
    assert f", found {found}" in said


def test_a_damaged_or_missing_argument_is_answered(swept: Path, tmp_path: Path) -> None:
    assert refused(swept, tmp_path / "nowhere", cwd=tmp_path).startswith(
        f"{tmp_path}/nowhere: expected the folder"
    )
    shutil.copytree(swept / "0", tmp_path / "copy")
    (tmp_path / "copy" / "artifacts" / "config.yaml").unlink()
    said = refused(tmp_path / "copy", swept / "1", cwd=tmp_path)
    assert said.startswith(f"{tmp_path}/copy/artifacts/config.yaml: ")
