import gzip
import json
import subprocess
import sys
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scratchlab.data import spiral
from scratchlab.nn import Network
from tests.launched import Ended


@pytest.fixture(scope="module")
def table(digits_file: Path) -> NDArray[np.float64]:
    return np.loadtxt(BytesIO(gzip.decompress(digits_file.read_bytes())), delimiter=",")


@pytest.fixture(scope="module")
def weights(trained: Ended) -> dict[str, NDArray[np.float32]]:
    with np.load(trained.folder / "model" / "weights.npz", allow_pickle=False) as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def description(trained: Ended) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((trained.folder / "model" / "network.json").read_text())
    return described


def logits_in_numpy(
    inputs: NDArray[np.float64], weights: dict[str, NDArray[np.float32]]
) -> NDArray[np.float64]:
    """What the networks of `trained` and `trained_on_spiral` compute, written down once more."""
    hidden = np.maximum(inputs @ weights["linear1.weight"] + weights["linear1.bias"], 0)
    hidden = np.maximum(hidden @ weights["linear2.weight"] + weights["linear2.bias"], 0)
    return hidden @ weights["linear3.weight"] + weights["linear3.bias"]


def test_the_weights_are_those_of_the_accuracies_on_record(
    trained: Ended, table: NDArray[np.float64], weights: dict[str, NDArray[np.float32]]
) -> None:
    train, val, test = table[:1137], table[1137:1437], table[1437:]
    mean = train[:, :64].mean(axis=0)

    def loss_and_accuracy(rows: NDArray[np.float64]) -> tuple[float, float]:
        targets = rows[:, 64].astype(int)
        logits = logits_in_numpy((rows[:, :64] - mean) / 16, weights)
        losses = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(rows)), targets]
        return float(losses.mean()), float((logits.argmax(axis=1) == targets).mean())

    loss, accuracy = loss_and_accuracy(test)
    assert trained.once("test/loss") == pytest.approx(loss, rel=1e-4)
    assert trained.once("test/accuracy") == pytest.approx(accuracy, abs=1e-12)
    epoch = int(trained.once("best/epoch"))
    for name, rows in (("val", val), ("train", train)):
        loss, accuracy = loss_and_accuracy(rows)
        assert trained.metric(f"{name}/loss")[epoch] == pytest.approx(loss, rel=1e-4)
        assert trained.metric(f"{name}/accuracy")[epoch] == pytest.approx(accuracy, abs=1e-12)


def test_the_report_names_that_accuracy(trained: Ended) -> None:
    report = (trained.folder / "artifacts" / "report.md").read_text()
    accuracy = trained.once("test/accuracy")
    assert report.startswith(f"# {100 * accuracy:.2f} % of the test images are classified correctly\n")


def test_the_description_rebuilds_the_network(
    table: NDArray[np.float64], weights: dict[str, NDArray[np.float32]], description: dict[str, Any]
) -> None:
    assert description["target"] == "scratchlab.nn.mlp"
    assert description["arguments"] == {
        "num_features": 64,
        "num_classes": 10,
        "hidden": [30, 20],
        "activation": "relu",
        "norm": "none",
        "dropout": 0.0,
        "input_dropout": 0.0,
        "noise": 0.0,
        "input_noise": 0.0,
    }
    module, _, name = description["target"].rpartition(".")
    layers = getattr(import_module(module), name)(**description["arguments"])
    network = Network(layers, rng=np.random.default_rng(1))
    network.load_state(weights)
    inputs = (table[1437:, :64] - np.array(description["shift"])) * np.array(description["scale"])
    logits = network.forward(inputs.astype(np.float32), training=False)
    assert np.allclose(logits, logits_in_numpy(inputs, weights), atol=1e-4)


def test_the_description_says_how_pixels_are_read(
    table: NDArray[np.float64], description: dict[str, Any]
) -> None:
    assert description["shift"] == pytest.approx(table[:1137, :64].mean(axis=0), abs=1e-5)
    assert description["scale"] == 1 / 16
    assert description["class_names"] == list("0123456789")
    assert description["input_shape"] == [8, 8]


SAVE_AND_PREDICT = """
import json
import sys
from pathlib import Path

from scratchlab.tracking.publish.model import save_model

import mlflow.pyfunc
import numpy as np

save_model(Path(sys.argv[2]), Path(sys.argv[1]))
model = mlflow.pyfunc.load_model(sys.argv[2])
[points] = model.metadata.signature.inputs
answer = model.predict(np.array(json.load(sys.stdin), points.type))
print(json.dumps({
    "type": str(points.type),
    "shape": points.shape,
    "labels": answer["labels"].tolist(),
    "probabilities": answer["probabilities"].tolist(),
}))
"""


def test_a_model_of_points_takes_numbers_that_are_not_whole(trained_on_spiral: Ended, tmp_path: Path) -> None:
    folder, points = trained_on_spiral.folder / "model", spiral().test.inputs
    ended = subprocess.run(
        [sys.executable, "-c", SAVE_AND_PREDICT, str(folder), str(tmp_path / "saved")],
        input=json.dumps(points.tolist()),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answer = json.loads(ended.stdout)
    assert (answer["type"], answer["shape"]) == ("float32", [-1, 2])
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        logits = logits_in_numpy(points.astype(np.float64), dict(arrays))
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.array(answer["probabilities"]) == pytest.approx(probs, abs=1e-4)
    assert answer["labels"] == [str(label) for label in probs.argmax(axis=1)]
    right = np.mean(np.array(answer["labels"]).astype(int) == spiral().test.targets)
    assert trained_on_spiral.once("test/accuracy") == pytest.approx(right)
    assert right > 0.9
