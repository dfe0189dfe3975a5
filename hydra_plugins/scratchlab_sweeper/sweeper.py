"""The sweeper behind `python train.py -m`, where Hydra looks for plugins."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from hydra.core.config_loader import ConfigLoader
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from hydra.utils import get_object
from omegaconf import DictConfig, OmegaConf

from hydra_plugins.scratchlab_sweeper.composed_once import ComposedOnce

NAME = "scratchlab"


class ScratchlabSweeper(Sweeper):
    """Launches the runs of a plan, batch after batch.

    Args:
        plan: what to run: a `scratchlab.sweeps.plan.Plan` by its `_target_`, with its arguments.
        conductor: who decides about each run and records the sweep: `scratchlab.sweeps.sweep.Sweep` by its name.
            None launches all that is planned.
    """

    def __init__(self, plan: DictConfig, conductor: str | None = None) -> None:
        self.plan = plan
        self.conductor = conductor

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Take what Hydra gives every sweeper."""
        loader = cast(ConfigLoader, ComposedOnce(hydra_context.config_loader))
        self.hydra_context = HydraContext(config_loader=loader, callbacks=hydra_context.callbacks)
        self.config = config
        self.task_function = task_function
        self.launcher: Launcher = Plugins.instance().instantiate_launcher(
            hydra_context=self.hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Sequence[Sequence[JobReturn]]:
        """Run the sweep that `arguments` describe in Hydra's grammar: `optimizer.lr=1e-2,1e-1`; return by batches."""
        # Imported here: Hydra imports its plugins at every start, of --help and tab completion too.
        from scratchlab.sweeps.planning import planned

        assert self.config is not None
        assert self.hydra_context is not None
        loader = self.hydra_context.config_loader
        overrides = OverridesParser.create(loader).parse_overrides(arguments)
        plan = planned(self.plan, overrides, self.config)
        if self.conductor is not None:
            conductor = get_object(self.conductor)
            batches: list[Sequence[JobReturn]] = conductor(
                self.config, loader, self.launcher, kind=self.task_function.__name__, arguments=arguments
            ).run(plan)
            return batches
        folder = Path(self.config.hydra.sweep.dir)
        folder.mkdir(parents=True, exist_ok=True)
        OmegaConf.save(self.config, folder / "multirun.yaml")
        batches = []
        while batch := plan.next_batch():
            self.validate_batch_is_legal(batch)
            num_launched = sum(map(len, batches))
            batches.append(self.launcher.launch(batch, initial_job_idx=num_launched))
        return batches


# What a project without a conductor gets.
ConfigStore.instance().store(
    group="hydra/sweeper",
    name=NAME,
    node={
        "_target_": f"{ScratchlabSweeper.__module__}.{ScratchlabSweeper.__name__}",
        "_recursive_": False,
        "plan": {"_target_": "scratchlab.sweeps.grid.Grid", "n_jobs": None},
        "conductor": None,
    },
    provider="scratchlab_sweeper",
)
