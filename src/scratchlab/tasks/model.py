"""A trained network as files that rebuild it: what the tracker's model is made of."""

import json
import shutil

import numpy as np
from omegaconf import OmegaConf

from scratchlab.config.build import Parts
from scratchlab.config.invocation import run_folder
from scratchlab.tracking import Run


def save_model(run: Run, parts: Parts) -> None:
    """Write `weights.npz` (the network's state by name) and `network.json` (how to build it) as the run's model."""
    dataset = parts.dataset
    builder = OmegaConf.to_container(parts.config.model, resolve=True)
    assert isinstance(builder, dict)
    target = builder.pop("_target_")
    shapes = {"num_features": dataset.train.inputs.shape[1], "num_classes": len(dataset.class_names)}
    example = dataset.preprocessing.invert(dataset.train.inputs[:1])
    description = {
        "target": target,
        "arguments": shapes | builder,
        "shift": dataset.preprocessing.shift.tolist(),
        "scale": dataset.preprocessing.scale.tolist(),
        "class_names": dataset.class_names,
        "input_shape": dataset.input_shape,
        "example": example.tolist(),
        "example_dtype": str(example.dtype),
    }
    folder = run_folder() / "model"
    unfinished = run_folder() / ".model"
    try:
        unfinished.mkdir(exist_ok=True)
        np.savez(unfinished / "weights.npz", allow_pickle=False, **parts.network.state())
        (unfinished / "network.json").write_text(json.dumps(description, indent=2))
        shutil.rmtree(
            folder, ignore_errors=True
        )  # of a run that was interrupted at its very end, and resumed
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    run.log_model(folder)
