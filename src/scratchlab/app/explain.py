"""What is wrong with a command line: the key, the value, what is allowed, the nearest valid name."""

import json
from collections.abc import Iterator, Sequence

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from scratchlab.app.launch import CONFIG_FOLDER
from scratchlab.arguments import ArgumentError, nearest


def explain(error: Exception, arguments: Sequence[str]) -> str:
    """Return what to tell a person about an error that Hydra met in composing their command line."""
    if isinstance(error, OverrideParseException):
        return (
            f"{error.override}: expected group=option or group.key=value; "
            "a value with special characters goes into quotes: 'key=\"a,b\"'"
        )
    overrides = [argument for argument in arguments if "=" in argument and not argument.startswith("-")]
    parsed = OverridesParser.create().parse_overrides(overrides)
    groups = _groups()
    for override in parsed:
        key, typed = override.key_or_group, _typed(override)
        if override.is_sweep_override() and "-m" not in arguments and "--multirun" not in arguments:
            return f"{key}={typed}: expected one value; `-m` in front sweeps over all, [{typed}] is a list"
        if key in groups and not override.is_sweep_override() and override.value() not in groups[key]:
            return f"{key}={typed}: expected one of {', '.join(groups[key])}{nearest(typed, groups[key])}"
    chosen = [f"{each.key_or_group}={each.value()}" for each in parsed if each.key_or_group in groups]
    keys = list(_keys(_compose(chosen)))
    for override in parsed:
        key = override.key_or_group
        if override.is_add() or key in groups or key in keys or key.startswith("hydra"):
            continue
        group = key.partition(".")[0]
        siblings = [name for name in keys if name.startswith(f"{group}.")] or [*groups, "seed"]
        return (
            f"{key}={_typed(override)}: there is no such key{nearest(key, [*keys, *groups])} "
            f"(there are {', '.join(siblings)})"
        )
    return str(error).splitlines()[0]


def explain_argument(error: ArgumentError, config: DictConfig) -> str:
    """Return what to tell a person about a value in `config` that a part refused: `optimizer.lr=-1: ...`."""
    ending = f".{error.name}"
    keys = [
        key
        for key in _keys(config)
        if f".{key}".endswith(ending) and not OmegaConf.is_interpolation(*_node(config, key))
    ]
    with_value = [key for key in keys if OmegaConf.select(config, key) == error.value]
    key = next(iter(with_value + keys), error.name)
    value = error.value if isinstance(error.value, str) else json.dumps(error.value, default=str)
    return f"{key}={value}: expected {error.expected}"


def explain_missing(error: OmegaConfBaseException) -> str:
    """Return what to tell a person about a key that a part needs and the configuration does not have."""
    return f"{error.full_key}: missing from the configuration ({str(error).splitlines()[0]})"


def _typed(override: Override) -> str:
    return str(override.input_line).partition("=")[2]


def _groups() -> dict[str, list[str]]:
    folders = [path for path in sorted(CONFIG_FOLDER.iterdir()) if path.is_dir() and path.name != "hydra"]
    return {folder.name: sorted(path.stem for path in folder.glob("*.yaml")) for folder in folders}


def _compose(overrides: list[str]) -> DictConfig:
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(CONFIG_FOLDER), version_base="1.3"):
        return compose("config", overrides)


def _keys(config: DictConfig, prefix: str = "") -> Iterator[str]:
    """Yield the dotted names of all values, without those that only Hydra reads."""
    for key in map(str, config):
        if key.startswith("_"):
            continue
        if isinstance(config[key], DictConfig):
            yield from _keys(config[key], f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def _node(config: DictConfig, key: str) -> tuple[DictConfig, str]:
    """Return the dictionary that a dotted key is in, and its last part."""
    parent, _, last = key.rpartition(".")
    return (OmegaConf.select(config, parent) if parent else config), last
