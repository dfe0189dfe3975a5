"""Runs for the tests: the first record of one, and a small network as a run leaves it."""

import json
import uuid
from pathlib import Path

import numpy as np

from scratchlab.nn import Network, mlp
from scratchlab.processes.process import Process
from scratchlab.tracking.journal.records import Start

CLASS_NAMES = ["zero", "one", "two"]
INPUT_SHAPE = (2, 3)


def start_record(uri: str = "http://server:5000") -> Start:
    """A run of this process, which therefore goes on."""
    process = Process.current()
    return Start(
        run_uuid=uuid.uuid4().hex,
        experiment="mnist",
        name="adam",
        uri=uri,
        params={"optimizer": "adam", "optimizer.lr": 1e-3, "model.hidden": [4, 5]},
        tags={"seed": "0"},
        host=process.host,
        pid=process.pid,
        process_started=process.started,
        time_ms=1_700_000_000_000,
    )


def network() -> Network:
    """A network for images of 2x3 pixels."""
    rng = np.random.default_rng(0)
    network = Network(mlp(num_features=6, num_classes=3, hidden=[4, 5], activation="tanh"), rng=rng)
    network.params[:] = rng.normal(size=network.params.shape)  # as if it had learned to be certain
    return network


def write_network(folder: Path) -> Path:
    """Write `network()` as training does; its pixels are shifted and scaled one by one."""
    folder.mkdir(parents=True)
    np.savez(folder / "weights.npz", allow_pickle=False, **network().state())
    description = {
        "target": "scratchlab.nn.mlp",
        "arguments": {"num_features": 6, "num_classes": 3, "hidden": [4, 5], "activation": "tanh"},
        "shift": [0.0, 1.0, 2.0, 3.0, 4.0, 128.0],
        "scale": 1 / 255,
        "class_names": CLASS_NAMES,
        "input_shape": INPUT_SHAPE,
        "example": [[0, 50, 100, 150, 200, 250]],
        "example_dtype": "uint8",
    }
    (folder / "network.json").write_text(json.dumps(description))
    return folder
