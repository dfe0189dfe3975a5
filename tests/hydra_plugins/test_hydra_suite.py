"""Hydra's own tests for sweepers and launchers, with our sweeper: it serves other projects' configurations, too."""

import pytest
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from hydra.test_utils.launcher_common_tests import (
    BatchedSweeperTestSuite,
    IntegrationTestSuite,
    LauncherTestSuite,
)

from hydra_plugins.scratchlab_sweeper.sweeper import ScratchlabSweeper
from scratchlab.app.project import ROOT


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Hydra find the plugin in processes that the tests start elsewhere."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_hydra_finds_the_sweeper() -> None:
    assert ScratchlabSweeper in Plugins.instance().discover(Sweeper)


@pytest.mark.parametrize(("launcher_name", "overrides"), [("basic", ["hydra/sweeper=scratchlab"])])
class TestLaunching(LauncherTestSuite):
    pass


@pytest.mark.parametrize(
    ("launcher_name", "overrides"),
    [("basic", ["hydra/sweeper=scratchlab", "hydra.sweeper.plan.n_jobs=2"])],
)
class TestBatches(BatchedSweeperTestSuite):
    pass


@pytest.mark.parametrize(
    ("task_launcher_cfg", "extra_flags"),
    [
        (
            {
                "defaults": [
                    {"override hydra/sweeper": "scratchlab"},
                    {"override hydra/hydra_logging": "disabled"},
                    {"override hydra/job_logging": "disabled"},
                ]
            },
            ["-m"],
        )
    ],
)
class TestApps(IntegrationTestSuite):
    pass
