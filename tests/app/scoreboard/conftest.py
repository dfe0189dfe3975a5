import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch as patched

import pytest

from scratchlab.tracking import embedded_uri, run_folders
from tests.app.launched import launch

from .rows import TINY

with warnings.catch_warnings():
    # When it is imported, MLflow warns about its own type hints and database models.
    warnings.simplefilter("ignore")
    from scratchlab.tracking.publish import publish
    from scratchlab.tracking.store import SETTINGS


@pytest.fixture(autouse=True)
def settings_of_mlflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what is set when a store is opened, so that it is undone."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


@dataclass(frozen=True)
class Stored:
    """A folder in which runs were made, with their store."""

    cwd: Path
    uri: str


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Five seeds of the tiny recipe; one run of it that was shortened, and one that has failed."""
    cwd = tmp_path_factory.mktemp("stored")
    uri = embedded_uri(cwd)
    given = ("experiment=starter", *TINY, f"tracking.uri={uri}")
    with pytest.MonkeyPatch.context() as patch, patched.dict(os.environ, SETTINGS):
        patch.setattr("scratchlab.app.figures.save_figure", lambda run, name, draw: None)
        for overrides, code in (
            (("-m", *given, "seed=range(5)"), 0),
            ((*given, "trainer.max_steps=1", "seed=0"), 0),
            ((*given, "optimizer.lr=1e30", "seed=0"), 1),
        ):
            assert launch("train.py", *overrides, cwd=cwd).code == code
        for folder in run_folders(cwd):
            publish(folder)
    return Stored(cwd, uri)
