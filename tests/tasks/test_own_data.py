"""A person's own data, from the command to the record of the run."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scratchlab.config.build import load
from scratchlab.data import folder, table
from scratchlab.ensembles.ensemble import Ensemble, Member
from scratchlab.nn import TrainedNetwork
from scratchlab.tasks.knn import build_classifier
from scratchlab.tracking.journal.records import Artifact, Dataset
from tests.composed import composed
from tests.launched import Ended, launch


@pytest.fixture(scope="module")
def numbers_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 rows of four real numbers in two classes: the sign of the first column."""
    values = np.random.default_rng(0).normal(size=(200, 4)) * [1, 10, 1000, 0.1]
    lines = [f"{','.join(map(str, row))},{'cold' if row[0] < 0 else 'warm'}" for row in values.tolist()]
    path = tmp_path_factory.mktemp("table") / "weather.csv"
    path.write_text("\n".join(["a,b,c,d,kind", *lines]))
    return path


@pytest.fixture(scope="module")
def of_numbers(numbers_file: Path) -> Ended:
    """A run of train.py on these rows, by a relative path."""
    overrides = [
        *("data=table", f"data.path={numbers_file.name}", "data.label=kind"),
        *("data.preprocessing=standardize", "model.hidden=10", "trainer.epochs=20"),
        *("optimizer=adam", "optimizer.lr=0.02", "trainer.batch_size=20"),
    ]
    return launch("train.py", *overrides, cwd=numbers_file.parent)


def test_a_table_of_numbers_is_learned_and_recorded(numbers_file: Path, of_numbers: Ended) -> None:
    assert (of_numbers.code, of_numbers.stderr) == (0, "")
    assert of_numbers.once("test/accuracy") >= 0.8
    [recorded] = of_numbers.of_kind(Dataset)
    dataset = table(path=numbers_file, label="kind")
    assert (recorded.name, recorded.digest, recorded.source) == ("weather", dataset.digest, str(numbers_file))
    report = (of_numbers.folder / "artifacts" / "report.md").read_text()
    assert "| data | 160 / 20 / 20 rows to train, validate and test;" in report
    assert "\n| cold | " in report


def test_the_model_of_a_table_takes_its_numbers(numbers_file: Path, of_numbers: Ended) -> None:
    model = of_numbers.folder / "model"
    description = json.loads((model / "network.json").read_text())
    assert description["example_dtype"] == "float32"
    assert description["class_names"] == ["cold", "warm"]
    values = np.loadtxt(numbers_file, delimiter=",", skiprows=1, usecols=range(4))
    nearest = np.abs(values - description["example"]).max(axis=1).argmin()
    assert description["example"][0] == pytest.approx(values[nearest], rel=1e-3)
    predictions = TrainedNetwork(model).probs(values).argmax(axis=1)
    assert np.mean(predictions == (values[:, 0] >= 0)) > 0.9


def test_an_ensemble_is_asked_with_numbers_as_they_are_in_the_file(
    numbers_file: Path, of_numbers: Ended
) -> None:
    """Standardized once, not twice."""
    network = TrainedNetwork(of_numbers.folder / "model")
    dataset = table(path=numbers_file, label="kind", preprocessing="standardize")
    [probs] = Ensemble([Member(None, network, None, 0.0)]).probs(dataset)  # type: ignore[arg-type]
    accuracy = np.mean(probs.argmax(axis=1) == dataset.test.targets)
    assert accuracy == pytest.approx(of_numbers.once("test/accuracy"))


def test_neighbors_of_numbers_are_numbers(numbers_file: Path) -> None:
    config = composed("data=table", f"data.path={numbers_file}", "data.label=kind", "model=knn", "model.k=3")
    dataset = load(config)
    classifier, _ = build_classifier(config, dataset)
    values = np.loadtxt(numbers_file, np.float32, delimiter=",", skiprows=1, usecols=range(4))
    _, distances = classifier.neighbors(values, 1)
    assert (distances < 1e-3).sum() == len(dataset.train)


def test_a_folder_of_colored_images_is_augmented_and_drawn(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for k in range(40):
        path = tmp_path / "photos" / ("blue" if k % 2 else "red") / f"{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(100, size=(9, 8, 3), dtype=np.uint8)
        pixels[..., 2 if k % 2 else 0] = 255
        Image.fromarray(pixels).save(path)
    overrides = ["data=folder", "data.path=photos", "data.shape=[3,6,6]", "augment=shift", "debug=overfit"]
    ended = launch("train.py", *overrides, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.once("test/accuracy") == 1
    drawn = {Path(artifact.path).stem for artifact in ended.of_kind(Artifact)}
    assert {"augmented_samples", "first_weights", "confusion_matrix", "mistakes"} <= drawn
    assert folder(path=tmp_path / "photos").class_names == ("blue", "red")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["data=table"], 2, "data.path=null: expected the path of a file, such as train.csv\n"),
        (["data=folder"], 2, "data.path=null: expected the path of a folder, such as photos\n"),
        (["data=table", "data.path=absent.csv"], 1, "absent.csv: no such file, did you mean bad.csv?\n"),
        (
            ["data=table", "data.path=bad.csv"],
            1,
            "bad.csv: expected finite numbers, found 'x' in line 2, column a; "
            "fill it in, or remove the row or the column\n",
        ),
        (
            ["data=table", "data.path=bad.csv", "data.shape=[28]"],
            2,
            "data.shape=[28]: expected null, [height,width], or [3,height,width] for colors\n",
        ),
    ],
)
def test_what_cannot_be_read_ends_in_a_sentence(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "bad.csv").write_text("a,label\nx,1\n")
    ended = launch("train.py", *arguments, "tracking=off", cwd=tmp_path)
    assert (ended.code, ended.stdout, ended.stderr) == (code, "", said)
