import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

from scratchlab.app.project import ROOT
from scratchlab.tracking import embedded_uri
from tests.app.own_process import python

from .rows import TINY

with warnings.catch_warnings():
    # When it is imported, MLflow warns about its own type hints and database models.
    warnings.simplefilter("ignore")
    import scratchlab.tracking.store  # noqa: F401


@dataclass(frozen=True)
class Stored:
    """A folder in which runs were made, with their store."""

    cwd: Path
    uri: str


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Five seeds of the tiny recipe; one run of it that was shortened, and one that has failed."""
    cwd = tmp_path_factory.mktemp("stored")
    uri, train = embedded_uri(cwd), str(ROOT / "train.py")
    given = ("experiment=starter", *TINY, f"tracking.uri={uri}")
    python(train, "-m", *given, "seed=range(5)", cwd=cwd)
    python(train, *given, "trainer.max_steps=1", "seed=0", cwd=cwd)
    python(train, *given, "optimizer.lr=1e30", "seed=0", cwd=cwd, code=1)
    return Stored(cwd, uri)
