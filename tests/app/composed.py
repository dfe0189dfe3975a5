"""Configurations and parts as the apps get them, without a command line."""

import numpy as np
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from scratchlab.app.launch import CONFIG_FOLDER
from scratchlab.app.parts import Parts, build, load


def composed(*overrides: str) -> DictConfig:
    """Compose a configuration."""
    with initialize_config_dir(str(CONFIG_FOLDER), version_base="1.3"):
        return compose("config", list(overrides))


def built(*overrides: str, dtype: type[np.floating] = np.float32) -> Parts:
    """Build the parts of a configuration for the digits that need no download."""
    config = composed("data=digits", *overrides)
    return build(config, load(config), dtype=dtype)
