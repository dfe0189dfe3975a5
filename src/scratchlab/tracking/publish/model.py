"""The model of a run: its trained network as an MLflow model, which serves where scratchlab is not installed."""

import json
import shutil
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow.pyfunc
import numpy as np
from mlflow import MlflowClient
from mlflow.entities import LoggedModel, LoggedModelOutput, LoggedModelStatus
from mlflow.models import Model, ModelSignature
from mlflow.types import Schema, TensorSpec

import scratchlab

NAME = "model"
CODE = Path(__file__).with_name("served_model.py")
REQUIREMENTS = [f"{package}=={version(package)}" for package in ("mlflow", "numpy")]


def log_model(client: MlflowClient, experiment_id: str, run_id: str, folder: Path) -> None:
    """Log the network in `folder` (`weights.npz`, `network.json`) as the model of a run, unless it has one.

    What an interrupted attempt has left in MLflow is found and completed, not repeated.
    """
    model = _find(client, experiment_id, run_id) or client.create_logged_model(
        experiment_id, NAME, source_run_id=run_id, params=client.get_run(run_id).data.params
    )
    if model.status == LoggedModelStatus.READY:
        return
    outputs = client.get_run(run_id).outputs
    if outputs is None or model.model_id not in {output.model_id for output in outputs.model_outputs}:
        client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
    with TemporaryDirectory() as temporary:
        saved = Path(temporary) / "saved"
        identity = Model(model_id=model.model_id, run_id=run_id, artifact_path=model.artifact_location)
        save_model(saved, folder, identity)
        client.log_model_artifacts(model.model_id, str(saved))
    client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)


def save_model(path: Path, folder: Path, model: Model | None = None) -> None:
    """Save the network in `folder` as an MLflow model at `path`: code, weights, signature, example, requirements.

    The code is `served_model` and the part of scratchlab that it needs: `scratchlab.nn`, the choice of kernels and the
    checks of arguments, which import nothing but NumPy.
    """
    description = json.loads((folder / "network.json").read_text())
    example = np.array(description["example"], description["example_dtype"])
    num_classes = len(description["class_names"])
    with TemporaryDirectory() as temporary:
        mlflow.pyfunc.save_model(
            path,
            mlflow_model=model,
            python_model=str(CODE),
            artifacts={"network": str(folder)},
            code_paths=[str(_copy_of_scratchlab(Path(temporary)))],
            signature=ModelSignature(
                inputs=Schema([TensorSpec(example.dtype, (-1, example.shape[1]))]),
                outputs=Schema(
                    [
                        TensorSpec(np.dtype(str), (-1,), "labels"),
                        TensorSpec(np.dtype(np.float32), (-1, num_classes), "probabilities"),
                    ]
                ),
            ),
            input_example=example,
            pip_requirements=REQUIREMENTS,
        )


def _find(client: MlflowClient, experiment_id: str, run_id: str) -> LoggedModel | None:
    models = client.search_logged_models([experiment_id], f"source_run_id = '{run_id}' AND name = '{NAME}'")
    return models[0] if models else None


def _copy_of_scratchlab(folder: Path) -> Path:
    """Copy what a served network imports into `folder`."""
    source = Path(scratchlab.__file__).parent
    copy = folder / "scratchlab"
    for package in ("kernels", "nn"):
        shutil.copytree(source / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "arguments.py"):
        shutil.copy(source / name, copy)
    return copy
