import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch as patched

import pytest

from tests.launched import Ended, launch, without_figures
from tests.stored import Stored, store_runs

# What threadpoolctl and scikit-learn set when they are imported, which any test may be the first to do.
os.environ.setdefault("KMP_DUPLICATE_LIB_OK", "True")
os.environ.setdefault("KMP_INIT_AT_FORK", "FALSE")


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A run of train.py that has ended well, for tests that only look at it: 6 epochs of 23 steps."""
    overrides = [
        *("data=digits", "data.preprocessing=subtract_mean", "model.hidden=[30,20]", "schedule=constant"),
        *("optimizer=adam", "optimizer.lr=0.01", "regularization.l2=1e-4"),
        *("trainer.epochs=6", "trainer.batch_size=50"),
    ]
    return launch("train.py", *overrides, cwd=tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="session")
def trained_on_spiral(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A run of train.py on points in a plane instead of images, with diagnostics: 30 epochs of 2 steps."""
    overrides = [
        *("data=spiral", "model.hidden=[40,20]", "optimizer=adam", "optimizer.lr=0.02", "schedule=constant"),
        *("trainer.epochs=30", "trainer.batch_size=150", "trainer.diagnostics=true"),
    ]
    return launch("train.py", *overrides, cwd=tmp_path_factory.mktemp("spiral"))


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Runs that are in a store, and stay as they are."""
    return store_runs(tmp_path_factory.mktemp("stored"))


@pytest.fixture
def settings_of_mlflow() -> Iterator[None]:
    """Undo what opening a store sets in the environment."""
    with patched.dict(os.environ):
        yield


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without data and without a store, in a folder of its own."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.delenv("SCRATCHLAB_DATA", raising=False)  # it would come first
    monkeypatch.setattr("scratchlab.config.build.ROOT", project)
    monkeypatch.setattr("scratchlab.config.project.ROOT", project)
    return project


@pytest.fixture(scope="session")
def digits_file() -> Path:
    """The digits as scikit-learn ships them: rows of 64 pixels and a label. The last 360 are for the test."""
    sklearn = find_spec("sklearn")
    assert sklearn is not None
    assert sklearn.origin is not None
    return Path(sklearn.origin).parent / "datasets" / "data" / "digits.csv.gz"


@pytest.fixture
def no_figures() -> Iterator[None]:
    """Runs that draw nothing."""
    with without_figures():
        yield
