import gzip
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.tasks import knn as nearest
from scratchlab.tracking import JOURNAL, NullRun
from scratchlab.tracking.journal.records import Artifact, Dataset, End, Metrics, Start, Status
from tests.composed import composed
from tests.launched import Ended, launch

KS = [1, 4, 9]
FOLDS = 5


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A run that chooses its k."""
    overrides = ("data=digits", "model=knn", f"model.k={KS}".replace(" ", ""), f"model.folds={FOLDS}")
    return launch("train.py", *overrides, cwd=tmp_path_factory.mktemp("knn"))


@pytest.fixture(scope="module")
def splits(digits_file: Path) -> list[NDArray[np.int64]]:
    """The rows to train, validate and test on: 64 pixels and a label."""
    table = np.loadtxt(BytesIO(gzip.decompress(digits_file.read_bytes())), delimiter=",", dtype=np.int64)
    return np.split(table, [1137, 1437])


def brute_force(known: NDArray[np.int64], asked: NDArray[np.int64], k: int) -> float:
    """The accuracy of k-nearest neighbours, one example at a time; of equal distances the first counts."""
    right = 0
    for row in asked:
        distances = ((known[:, :64] - row[:64]) ** 2).sum(axis=1)
        labels = known[np.argsort(distances, kind="stable")[:k], 64]
        right += np.bincount(labels).argmax() == row[64]
    return right / len(asked)


def test_each_k_is_compared_on_every_fold(chosen: Ended, splits: list[NDArray[np.int64]]) -> None:
    folds = np.array_split(splits[0], FOLDS)
    for k in KS:
        recorded = [chosen.metric(f"cv/fold_{fold + 1}")[k] for fold in range(FOLDS)]
        assert chosen.metric("cv/accuracy")[k] == pytest.approx(np.mean(recorded))
        others = np.concatenate(folds[1:])
        assert recorded[0] == pytest.approx(brute_force(others, folds[0], k))


def test_the_best_k_is_validated_and_tested(chosen: Ended, splits: list[NDArray[np.int64]]) -> None:
    train, val, test = splits
    means = chosen.metric("cv/accuracy")
    assert chosen.once("best/cv_accuracy") == max(means.values())
    best = max(KS, key=means.__getitem__)
    assert chosen.once("best/k") == best
    assert chosen.metric("val/accuracy") == {best: pytest.approx(brute_force(train, val, best))}
    assert chosen.once("test/accuracy") == pytest.approx(brute_force(train, test, best))


def test_a_run_is_on_record_like_any_other(chosen: Ended) -> None:
    assert (chosen.code, chosen.stderr) == (0, "")
    [start] = chosen.of_kind(Start)
    assert start.tags["scratchlab.kind"] == "train"
    assert (start.params["model"], start.params["model.k"]) == ("knn", KS)
    assert [dataset.name for dataset in chosen.of_kind(Dataset)] == ["digits"]
    plots = ("cross_validation", "confusion_matrix", "mistakes")
    paths = {artifact.path for artifact in chosen.of_kind(Artifact)}
    assert paths == {"artifacts/config.yaml", *(f"artifacts/plots/{name}.png" for name in plots)}
    assert chosen.of_kind(End)[-1].status == Status.FINISHED


def test_a_person_sees_what_each_k_gave(chosen: Ended) -> None:
    header, *rows, _, result = chosen.stdout.splitlines()
    assert header.split() == ["k", "accuracy", "standard", "deviation", "over", "folds"]
    best = int(chosen.once("best/k"))
    for k, row in zip(KS, rows, strict=True):
        expected = [str(k), f"{100 * chosen.metric('cv/accuracy')[k]:.2f}", "%"]
        assert row.split()[:3] == expected
        assert row.endswith("best") == (k == best)
    accuracy = 100 * chosen.once("test/accuracy")
    assert result.startswith(f"test   {accuracy:.2f} % correct with k = {best}, in ")


@pytest.mark.usefixtures("no_figures")
def test_one_k_needs_no_choice(tmp_path: Path) -> None:
    overrides = ("data=digits", "model=knn", "model.k=3", "data.num_val=0", "data.preprocessing=standardize")
    ended = launch("train.py", *overrides, cwd=tmp_path)
    assert ended.code == 0
    recorded = {key for metrics in ended.of_kind(Metrics) for key in metrics.values}
    assert recorded == {"test/accuracy", "best/k", "time/test_seconds", "speed/examples_per_second"}
    assert ended.once("test/accuracy") > 0.9


@pytest.mark.parametrize(
    ("overrides", "compared"), [(("model.k=3",), "val"), (("model.k=[1,3]", "data.num_val=0"), "cv")]
)
def test_runs_are_compared_by_validation_or_cross_validation(
    monkeypatch: pytest.MonkeyPatch, overrides: tuple[str, ...], compared: str
) -> None:
    recorded: dict[str, list[float]] = {"val/accuracy": [], "cv/accuracy": [], "test/accuracy": []}

    class SeenRun(NullRun):
        def log_metrics(self, values: dict[str, float], *, step: int) -> None:  # type: ignore[override]
            for key in recorded.keys() & values.keys():
                recorded[key].append(values[key])

    monkeypatch.setattr(nearest, "start_run", lambda config, dataset, *, kind: SeenRun())
    monkeypatch.setattr(nearest, "run_folder", Path)
    accuracy = nearest.classify(composed("data=digits", "model=knn", *overrides))
    assert accuracy == max(recorded[f"{compared}/accuracy"])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("model.k=0", "a whole number of at least 1"),
        ("model.k=[]", "a whole number of at least 1, or a list of them like [1,3,5]"),
        ("model.k=1138", "at most the number of training images, 1137"),
        ("model.folds=1", "a whole number of at least 2"),
        ("model.metric=l3", "one of euclidean, l1, did you mean l1?"),
        ("model.ties=nearst", "one of smallest_label, nearest, did you mean nearest?"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_recorded(
    tmp_path: Path, typed: str, expected: str
) -> None:
    ended = launch("train.py", "data=digits", "model=knn", typed, cwd=tmp_path)
    assert (ended.code, ended.stdout, ended.stderr) == (2, "", f"{typed}: expected {expected}\n")
    assert not list(tmp_path.rglob(JOURNAL))
