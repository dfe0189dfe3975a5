"""What Hydra keeps of the runs of a sweep."""

from typing import Any

from hydra.core.utils import JobReturn
from hydra.experimental.callback import Callback
from omegaconf import DictConfig


class SlimReturn(Callback):
    """Takes the configuration out of what a launcher keeps of each run until the last is over.

    It is on record in the run's folder, nobody asks for it again, and a sweep would grow by half a megabyte per run.
    """

    def on_job_end(self, config: DictConfig, job_return: JobReturn, **kwargs: Any) -> None:
        """Leave the value that the run returned and how it ended."""
        job_return.cfg = job_return.hydra_cfg = None
