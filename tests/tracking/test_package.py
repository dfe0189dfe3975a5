import os
import subprocess
import sys

import pytest

USE = """
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
import scratchlab.tracking
from scratchlab.tracking import open_run
with TemporaryDirectory() as folder:
    with open_run(
        Path(folder), experiment="a", name="b", uri="http://h:1", params={}, tags={}, live=False
    ) as run:
        run.log_metrics({"loss": 0.5}, step=0)
"""
HEAVY = "print(*sorted({'mlflow', 'pandas', 'hydra', 'omegaconf', 'matplotlib'} & sys.modules.keys()))"
TELEMETRY = """
from scratchlab.tracking import open_run
from mlflow.telemetry import get_telemetry_client
print(get_telemetry_client())
"""


def output_of(code: str, **environment: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    python = subprocess.run(
        [sys.executable, "-c", code], env=inherited | environment, check=True, capture_output=True, text=True
    )
    return python.stdout.strip()


def test_a_run_is_recorded_without_mlflow() -> None:
    assert output_of(USE + HEAVY) == ""


@pytest.mark.system
def test_the_test_above_can_fail() -> None:
    assert output_of("import sys; import scratchlab.tracking.publish.command\n" + HEAVY) == "mlflow pandas"


@pytest.mark.system
def test_mlflow_does_not_report_to_its_makers() -> None:
    assert output_of(TELEMETRY) == "None"


def test_mlflow_does_if_the_user_wants_it_to() -> None:
    settings = "import os; import scratchlab.tracking; print(os.environ['MLFLOW_DISABLE_TELEMETRY'])"
    assert output_of(settings, MLFLOW_DISABLE_TELEMETRY="false") == "false"
