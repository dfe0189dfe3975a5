"""Hydra's own tests for sweepers and launchers, with our sweeper: it serves other projects' configurations, too."""

import pytest
from hydra.core.plugins import Plugins
from hydra.core.singleton import Singleton
from hydra.plugins.sweeper import Sweeper
from hydra.test_utils.launcher_common_tests import (
    BatchedSweeperTestSuite,
    IntegrationTestSuite,
    LauncherTestSuite,
)
from hydra.version import VersionBase

from hydra_plugins.scratchlab_sweeper.sweeper import ScratchlabSweeper
from scratchlab.config.project import ROOT

# The suites run Hydra as of version 1.1, which changes into the folder of each run, and warn about it.
pytestmark = [
    pytest.mark.system,
    pytest.mark.filterwarnings("ignore:Future Hydra versions will no longer change working directory"),
]


@pytest.fixture(autouse=True)
def as_hydra_runs_them(hydra_restore_singletons: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what other tests have told Hydra, and let it find the plugin in processes that these ones start."""
    Singleton._instances.pop(VersionBase, None)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_hydra_finds_the_sweeper() -> None:
    # By name, as in Hydra's own tests: it imports every plugin once more for itself.
    assert ScratchlabSweeper.__name__ in [found.__name__ for found in Plugins.instance().discover(Sweeper)]


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
