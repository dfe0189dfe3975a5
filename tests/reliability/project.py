"""A copy of the project in another place, which has data, a store and outputs of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scratchlab.config.project import ROOT
from tests.polling import LIMIT_SECONDS


def copied_project(place: Path) -> Path:
    """Copy what train.py needs; return the place."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in ("conf", "src", "hydra_plugins"):
        shutil.copytree(ROOT / folder, place / folder, ignore=ignored)
    shutil.copy(ROOT / "train.py", place)
    return place


def train(
    project: Path, *arguments: str, cwd: Path | None = None, data: str = "mnist"
) -> subprocess.CompletedProcess[str]:
    """Run the project's train.py, in its folder if no other is given."""
    return subprocess.run(
        [sys.executable, str(project / "train.py"), *arguments, f"data={data}"],
        cwd=project if cwd is None else cwd,
        env=environment(project),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )


def environment(project: Path) -> dict[str, str]:
    """What makes a process take scratchlab from the project's folder, in which it is not installed."""
    return os.environ | {"FORCE_COLOR": "", "COLUMNS": "120", "PYTHONPATH": str(project / "src")}
