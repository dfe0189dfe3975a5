"""The launcher behind `hydra/launcher=ray`: the runs of a sweep at once, on this machine or on a Ray cluster.

The published one holds cloudpickle below version 3, which knows no Python above 3.11 and is too old for joblib.
"""

import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, run_job, setup_globals
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf, open_dict

from scratchlab.config.launch import RunFailedError, SweepRefusedError

ENDING_SECONDS = 2.0
"""For runs to record that they were KILLED, before Ray ends their processes."""


class RayLauncher(Launcher):
    """Runs each run of a sweep as a task of Ray.

    Args:
        init: arguments of `ray.init`: where the runs are started, and how many at once.
        remote: arguments of `ray.remote`: what a run takes of that.
    """

    def __init__(self, init: DictConfig, remote: DictConfig) -> None:
        self.init = init
        self.remote = remote

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Take what Hydra gives every launcher.

        Raises:
            SweepRefusedError: Ray is not installed.
        """
        if find_spec("ray") is None:
            raise SweepRefusedError(
                "hydra/launcher=ray: Ray is not installed; `make distributed` installs it"
            )
        self.hydra_context = hydra_context
        self.task_function = task_function
        self.config = config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> list[JobReturn]:
        """Run the runs with these overrides; one whose process dies does not stop the others."""
        ray = self._ray()
        setup_globals()
        Path(str(self.config.hydra.sweep.dir)).mkdir(parents=True, exist_ok=True)
        # A run that has died is not started again: it would find its own remains.
        run = ray.remote(max_retries=0, **_arguments(self.remote))(_run)
        shared = [
            ray.put(each)
            for each in (self.hydra_context, self.config, self.task_function, Singleton.get_state())
        ]
        tasks = {
            number: run.remote(number, overrides, *shared)
            for number, overrides in enumerate(job_overrides, start=initial_job_idx)
        }
        try:
            return [_returned(ray, number, task) for number, task in tasks.items()]
        except BaseException:
            for task in tasks.values():
                ray.cancel(task)
            ray.wait(list(tasks.values()), num_returns=len(tasks), timeout=ENDING_SECONDS)
            ray.shutdown()
            raise

    def _ray(self) -> Any:
        """Return Ray's module, connected. It stays so for the next runs of a search, until this process ends."""
        import ray

        if not ray.is_initialized():
            handler = signal.getsignal(signal.SIGTERM)
            ray.init(**_arguments(self.init))
            signal.signal(signal.SIGTERM, handler)  # Ray's own would end the sweep as if it had failed
        return ray


def _returned(ray: Any, number: int, task: Any) -> JobReturn:
    """Wait for a run and return what it did; that of a process that died is a failed run."""
    try:
        # Not ray.get: it waits in C++, and swallows every exception of a signal handler but KeyboardInterrupt.
        returned: JobReturn = task.future().result()
    except ray.exceptions.RayError as error:
        print(f"run {number}: {error}", file=sys.stderr)
        returned = JobReturn(status=JobStatus.FAILED)
        returned.return_value = RunFailedError(1)
    return returned


def _run(
    number: int,
    overrides: Sequence[str],
    hydra_context: HydraContext,
    config: DictConfig,
    task_function: TaskFunction,
    singletons: dict[Any, Any],
) -> JobReturn:
    """Run one run in a worker of Ray, in the state of Hydra that the sweep's process is in."""
    Singleton.set_state(singletons)
    setup_globals()
    job = hydra_context.config_loader.load_sweep_config(config, list(overrides))
    with open_dict(job.hydra.job):
        job.hydra.job.id = f"{job.hydra.job.name}_{number}"
        job.hydra.job.num = number
    HydraConfig.instance().set_config(job)
    return run_job(
        hydra_context=hydra_context,
        task_function=task_function,
        config=job,
        job_dir_key="hydra.sweep.dir",
        job_subdir_key="hydra.sweep.subdir",
    )


def _arguments(node: DictConfig) -> dict[str, Any]:
    values = OmegaConf.to_container(node, resolve=True)
    assert isinstance(values, dict)
    return {str(name): value for name, value in values.items()}
