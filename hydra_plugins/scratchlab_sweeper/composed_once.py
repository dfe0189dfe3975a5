"""Composing once what the runs of a sweep have in common."""

import pickle
from collections.abc import Callable, Sequence
from typing import Any, cast

from hydra._internal.config_loader_impl import get_overrides_dirname
from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType
from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException


class ComposedOnce:
    """A config loader that composes what runs have in common once, and sets in it what they differ in.

    Hydra reads and merges all files for every run, which takes a tenth of a second; but runs that choose the same
    options of every group differ in values alone: `optimizer.lr=0.1`. What is in common is kept, so a file that is
    edited while a sweep is under way changes none of its runs.

    A worker that this is sent to gets the loader alone: what Hydra's plugins have put into a configuration cannot be
    pickled there.
    """

    def __init__(self, loader: ConfigLoader) -> None:
        self._loader = loader
        self._parser = OverridesParser.create()
        self._composed: dict[tuple[str, ...], bytes] = {}
        self._is_group: dict[str, bool] = {}

    def load_sweep_config(self, master_config: DictConfig, sweep_overrides: list[str]) -> DictConfig:
        """Return the configuration of a run, which the caller may change."""
        overrides = self._parser.parse_overrides(sweep_overrides)
        values = self._values(overrides)
        config = self._common(master_config, [each for each in overrides if each not in values])
        try:
            for each in values:
                OmegaConf.update(config, each.key_or_group, each.value())
        except OmegaConfBaseException:  # Hydra says what is wrong with it, in its own words
            return self._loader.load_sweep_config(master_config, sweep_overrides)
        typed = [each for each in overrides if not each.is_hydra_override()]
        config.hydra.overrides.task = [each.input_line for each in typed]
        of_hydra = [each.input_line for each in overrides if each.is_hydra_override()]
        config.hydra.overrides.hydra = [*_as_typed(master_config.hydra.overrides.hydra), *of_hydra]
        style = config.hydra.job.config.override_dirname
        config.hydra.job.override_dirname = get_overrides_dirname(
            typed, kv_sep=style.kv_sep, item_sep=style.item_sep, exclude_keys=style.exclude_keys
        )
        # As Hydra does, so that times like ${now:%H} are one for all runs.
        OmegaConf.copy_cache(from_config=master_config, to_config=config)
        # A sweep settles in its folder after the check.
        config.hydra.sweep.dir = master_config.hydra.sweep.dir
        return config

    def _values(self, overrides: Sequence[Override]) -> list[Override]:
        """Return the overrides that set a value which the configuration has, none where others touch values too."""
        of_app = [each for each in overrides if not each.is_hydra_override()]
        on_values = [each for each in of_app if not self._chooses(each)]
        plain = all(each.type is OverrideType.CHANGE and each.package is None for each in on_values)
        return on_values if plain else []

    def _chooses(self, override: Override) -> bool:
        """Tell whether it chooses an option of a group."""
        name = override.key_or_group
        if name not in self._is_group:
            self._is_group[name] = bool(self._loader.get_group_options(name))
        return self._is_group[name]

    def _common(self, master_config: DictConfig, overrides: Sequence[Override]) -> DictConfig:
        # Plain pickle refers to classes by name. Hydra imports plugins twice, and a launcher's may be another's by now.
        import cloudpickle

        lines = [str(each.input_line) for each in overrides]
        if tuple(lines) not in self._composed:
            composed = self._loader.load_sweep_config(master_config, lines)
            self._composed[tuple(lines)] = cloudpickle.dumps(composed)
        config: DictConfig = pickle.loads(self._composed[tuple(lines)])  # noqa: S301 - from this process's own memory
        return config

    def __getattr__(self, name: str) -> Any:
        """Return what else a loader has."""
        return getattr(self._loader, name)

    def __reduce__(self) -> tuple[Callable[[ConfigLoader], ConfigLoader], tuple[ConfigLoader]]:
        return _itself, (self._loader,)


def _as_typed(overrides: ListConfig) -> list[str]:
    """Return overrides as they were given: what they refer to may not be known yet."""
    return cast(list[str], OmegaConf.to_container(overrides, resolve=False))


def _itself(loader: ConfigLoader) -> ConfigLoader:
    return loader
