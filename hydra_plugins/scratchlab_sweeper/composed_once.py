"""Composing the configuration of a run once, however often a sweep asks for it."""

import pickle
from collections.abc import Callable
from typing import Any

from hydra.core.config_loader import ConfigLoader
from omegaconf import DictConfig, OmegaConf


class ComposedOnce:
    """A config loader that remembers what it has composed: Hydra takes a tenth of a second for each configuration.

    A sweep asks three times: to check a run, to plan it, and to start it. A configuration is kept as 20 kB of pickle.
    A worker that this is sent to gets the loader alone: it composes each configuration once, and what Hydra's plugins
    have put into it cannot be pickled there.
    """

    def __init__(self, loader: ConfigLoader) -> None:
        self._loader = loader
        self._composed: dict[tuple[str, ...], bytes] = {}

    def load_sweep_config(self, master_config: DictConfig, sweep_overrides: list[str]) -> DictConfig:
        """Return the configuration of a run, which the caller may change."""
        # Plain pickle refers to classes by name. Hydra imports plugins twice, and a launcher's may be another's by now.
        import cloudpickle

        key = tuple(sweep_overrides)
        if key not in self._composed:
            composed = self._loader.load_sweep_config(master_config, sweep_overrides)
            self._composed[key] = cloudpickle.dumps(composed)
        config: DictConfig = pickle.loads(self._composed[key])  # noqa: S301 - from this process's own memory
        # As Hydra does, so that times like ${now:%H} are one for all runs.
        OmegaConf.copy_cache(from_config=master_config, to_config=config)
        # A sweep settles in its folder after the check.
        config.hydra.sweep.dir = master_config.hydra.sweep.dir
        config.hydra.overrides.hydra = master_config.hydra.overrides.hydra
        return config

    def __getattr__(self, name: str) -> Any:
        """Return what else a loader has."""
        return getattr(self._loader, name)

    def __reduce__(self) -> tuple[Callable[[ConfigLoader], ConfigLoader], tuple[ConfigLoader]]:
        return _itself, (self._loader,)


def _itself(loader: ConfigLoader) -> ConfigLoader:
    return loader
