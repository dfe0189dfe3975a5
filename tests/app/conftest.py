from importlib.util import find_spec
from pathlib import Path

import pytest
import threadpoolctl  # noqa: F401 - it sets an environment variable when it is imported

from .launched import Ended, launch


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


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without data and without a store, in a folder of its own."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.setattr("scratchlab.app.parts.ROOT", project)
    monkeypatch.setattr("scratchlab.app.project.ROOT", project)
    return project


@pytest.fixture(scope="session")
def digits_file() -> Path:
    """The digits as scikit-learn ships them: rows of 64 pixels and a label. The last 360 are for the test."""
    sklearn = find_spec("sklearn")
    assert sklearn is not None
    assert sklearn.origin is not None
    return Path(sklearn.origin).parent / "datasets" / "data" / "digits.csv.gz"


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that draw nothing, which takes a second."""
    monkeypatch.setattr("scratchlab.app.figures.save_figure", lambda run, name, draw: None)
