import json
import re
from pathlib import Path

import numpy as np
import pytest

from scratchlab.nn import TrainedNetwork


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One layer from two pixels to two classes, whose weights and bias are the ones below."""
    np.savez(
        tmp_path / "weights.npz",
        allow_pickle=False,
        **{
            "linear1.weight": np.array([[1, 0], [0, 2]], np.float32),
            "linear1.bias": np.array([0, 1], np.float32),
        },
    )
    description = {
        "target": "scratchlab.nn.linear",
        "arguments": {"num_features": 2, "num_classes": 2},
        "shift": [10, 20],
        "scale": 0.5,
        "class_names": ["cat", "dog"],
        "input_shape": [1, 2],
    }
    (tmp_path / "network.json").write_text(json.dumps(description))
    return tmp_path


def test_from_pixels_to_probabilities_by_hand(folder: Path) -> None:
    """Pixels (14, 22) are the inputs (2, 1); the logits are 2 and 2 * 1 + 1 = 3; 1 / (1 + e) is 0.26894."""
    network = TrainedNetwork(folder)
    assert network.probs(np.array([[14, 22]], np.uint8)) == pytest.approx(
        np.array([[0.26894142, 0.73105858]])
    )
    assert (network.class_names, network.input_shape) == (["cat", "dog"], (1, 2))


def test_pixels_below_the_shift_do_not_wrap_around(folder: Path) -> None:
    """Pixels (0, 0) are the inputs (-5, -10), the logits -5 and -19."""
    probs = TrainedNetwork(folder).probs(np.zeros((1, 2), np.uint8))
    assert probs[0, 0] == pytest.approx(1 / (1 + np.exp(-14)))


@pytest.mark.parametrize("name", ["weights.npz", "network.json"])
def test_a_file_that_is_missing_is_an_error(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError, match=name):
        TrainedNetwork(folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("weights.npz", b""),
        ("weights.npz", b"PK\x03\x04 and no more of a ZIP file"),
        ("weights.npz", b"no ZIP file"),
        ("network.json", b"{"),
        ("network.json", b"[]"),
        ("network.json", b"{}"),
        ("network.json", b"\xff"),
    ],
)
def test_a_file_that_is_damaged_is_named_in_a_sentence(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(
        ValueError,
        match=rf"^{re.escape(str(folder))}: expected a network .*, but its files are damaged \(.+\)$",
    ):
        TrainedNetwork(folder)


def test_weights_of_another_network_are_an_error(folder: Path) -> None:
    np.savez(folder / "weights.npz", allow_pickle=False, **{"linear1.weight": np.zeros((3, 2), np.float32)})
    with pytest.raises(ValueError, match="its files are damaged"):
        TrainedNetwork(folder)


def test_half_of_the_weights_are_an_error(folder: Path) -> None:
    """What a full disk leaves behind."""
    content = (folder / "weights.npz").read_bytes()
    (folder / "weights.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="its files are damaged"):
        TrainedNetwork(folder)
