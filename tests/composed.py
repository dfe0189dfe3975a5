"""Configurations and parts as the apps get them, without a command line."""

import math
from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
from hydra import compose, initialize_config_dir
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import DictConfig

from scratchlab.config.build import Parts, build, load
from scratchlab.config.project import CONFIG_FOLDER
from scratchlab.data import Dataset, Preprocessing, Split
from scratchlab.tasks.knn import build_classifier


def composed(*overrides: str) -> DictConfig:
    """Return a configuration of the caller's own.

    Merging the files takes a tenth of a second, and is done once for the same choices; then Hydra sets the values.
    """
    parsed = OverridesParser.create().parse_overrides(list(overrides))
    values = [each for each in parsed if _is_value(each)]
    config = deepcopy(_chosen(tuple(str(each.input_line) for each in parsed if each not in values)))
    ConfigLoaderImpl._apply_overrides_to_config(values, config)
    return config


def built(*overrides: str, dtype: type[np.floating] = np.float32) -> Parts:
    """Build the parts of a configuration for the digits that need no download."""
    config = composed("data=digits", *overrides)
    return build(config, load(config), dtype=dtype)


def _is_value(override: Override) -> bool:
    """Whether it sets a value, rather than choose an option of a group."""
    key, separator, _ = override.key_or_group.partition(".")
    in_place = override.package is None and not override.is_sweep_override()
    return in_place and (key == "seed" or bool(separator and key != "hydra"))


@cache
def _chosen(overrides: tuple[str, ...]) -> DictConfig:
    with initialize_config_dir(str(CONFIG_FOLDER), version_base="1.3"):
        return compose("config", list(overrides))


def assembled(*overrides: str) -> None:
    """Put everything together that a configuration names, around a few random images of the shape of its data set."""
    config = composed(*overrides)
    name = config.data._target_.rpartition(".")[2]
    dataset = load(config) if name == "spiral" else _stand_in(name, config.data.preprocessing)
    if config.task.startswith("scratchlab.tasks.knn"):
        build_classifier(config, dataset)
    else:
        build(config, dataset)


@cache
def _stand_in(name: str, preprocessing: str) -> Dataset:
    shape = {"cifar10": (32, 32, 3), "digits": (8, 8)}.get(name, (28, 28))
    pixels = np.random.default_rng(0).integers(256, size=(100, math.prod(shape)), dtype=np.uint8)
    pixels[:, 0] = 0  # a background
    fitted = Preprocessing.fit(preprocessing, pixels, max_pixel=255)
    split = Split(fitted.apply(pixels), np.arange(100) % 10)
    return Dataset(name, split, split, split, tuple("0123456789"), shape, "0" * 64, Path(name), fitted)
