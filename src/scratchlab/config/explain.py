"""What is wrong with a command line: the key, the value, what is allowed, the nearest valid name."""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import ConfigAttributeError, ConfigKeyError, OmegaConfBaseException

from scratchlab.arguments import ArgumentError, nearest
from scratchlab.config.project import CONFIG_FOLDER
from scratchlab.config.renamed import KEYS

SUBMITIT = ("submitit_local", "submitit_slurm")
"""The launchers that are known to Hydra only where their package is installed."""


def explain(error: Exception, overrides: Sequence[str], *, is_sweep: bool) -> str:
    """Return what to tell a person about an error that Hydra met in composing their overrides."""
    if isinstance(error, OverrideParseException):
        return (
            f"{error.override.strip() or repr(error.override)}: expected group=option or group.key=value; "
            "a value with special characters goes into quotes: 'key=\"a,b\"'"
        )
    parsed = OverridesParser.create().parse_overrides(list(overrides))
    return (
        _explain_launcher(parsed)
        or _explain_choice(parsed, is_sweep=is_sweep)
        or _explain_missing_option(error)
        or _explain_key(error, parsed)
        or _explain_in_hydras_words(error, parsed)
    )


def explain_argument(error: ArgumentError, config: DictConfig) -> str:
    """Return what to tell a person about a value in `config` that a part refused: `optimizer.lr=-1: ...`."""
    values = dict(_entries(config))
    named = [key for key in values if f".{key}".endswith(f".{error.name}")]
    # model.dropout is ${regularization.dropout} unless somebody types it: the latter is to blame.
    named.sort(key=lambda key: "${" in str(values[key]))
    with_value = [key for key in named if OmegaConf.select(config, key) == error.value]
    for key in with_value + named:
        return f"{key}={_as_typed(values[key])}: expected {error.expected}"
    return str(error)


def explain_missing(error: OmegaConfBaseException, config: DictConfig) -> str:
    """Return what to tell a person about a value that a part needs and `config` does not have."""
    for key, value in _entries(config):
        try:
            OmegaConf.select(config, key, throw_on_missing=True)
        except OmegaConfBaseException as broken:
            return f"{key}={_as_typed(value)}: {_first_line(broken)}"
    return f"{error.full_key}: missing from the configuration, and there is no run without it"


def _explain_launcher(parsed: Sequence[Override]) -> str | None:
    for override in parsed:
        is_submitit = override.key_or_group == "hydra/launcher" and override.value() in SUBMITIT
        if is_submitit and find_spec("submitit") is None:
            return f"{override.input_line}: submitit is not installed; `make distributed` installs it"
    return None


def _explain_choice(parsed: Sequence[Override], *, is_sweep: bool) -> str | None:
    groups = _groups()
    for override in parsed:
        typed, options = override.input_line, groups.get(override.key_or_group)
        if override.is_sweep_override():
            if not is_sweep:
                values = str(typed).partition("=")[2]
                return f"{typed}: expected one value; `-m` in front sweeps over all, [{values}] is a list"
            continue
        # A group can also be given values: optimizer={lr:1}.
        is_choice = not (override.is_delete() or isinstance(override.value(), dict))
        if options is not None and is_choice and override.value() not in options:
            return f"{typed}: {_one_of(options, override.value())}"
    return None


def _explain_missing_option(error: Exception) -> str | None:
    if not isinstance(error, MissingConfigException) or error.options is None:
        return None
    group, _, option = str(error.missing_cfg_file).rpartition("/")
    return f"{group}={option}: {_one_of(error.options, option)}"


def _explain_key(error: Exception, parsed: Sequence[Override]) -> str | None:
    groups = _groups()
    chosen = [
        f"{each.key_or_group}={each.value()}"
        for each in parsed
        if each.key_or_group in groups and isinstance(each.value(), str)
    ]
    at_hand = _composed_before(error)
    try:
        config = _compose(chosen) if at_hand is None else at_hand
    except HydraException:  # what is wrong is not a key
        return None
    # A value that was to get a key of its own, optimizer.lr.foo=5, is {} by now.
    keys = [key for key, value in _entries(config) if value == {} or not isinstance(value, dict)]
    for override in parsed:
        key, typed = override.key_or_group, str(override.input_line)
        is_known = key in keys or key in groups
        if at_hand is not None and (override.is_add() or override.is_delete()):
            continue  # was done
        if override.is_add() and is_known:
            return f"{typed}: {key} is there already, expected {typed.lstrip('+')}"
        if is_known or override.is_add() or override.is_hydra_override():
            continue
        if key in KEYS:
            return f"{typed}: {key} is called {KEYS[key]} now"
        group = f"{key.partition('.')[0]}."
        allowed = [name.removeprefix(group) for name in keys if name.startswith(group)]
        hint = nearest(key.removeprefix(group), allowed)
        if not allowed:
            allowed = [*groups, *(name for name in keys if "." not in name)]
            hint = nearest(key, [*groups, *keys])
        return f"{typed}: expected one of the keys {', '.join(allowed)}{hint}"
    return None


def _composed_before(error: Exception) -> DictConfig | None:
    """Return the configuration in which Hydra did not find a key, which spares composing it again."""
    missing = error.__cause__
    if not isinstance(missing, ConfigKeyError | ConfigAttributeError) or missing.parent_node is None:
        return None
    root = missing.parent_node._get_root()
    return root if isinstance(root, DictConfig) else None


def _explain_in_hydras_words(error: Exception, parsed: Sequence[Override]) -> str:
    reason = _first_line(error)
    for override in parsed:
        if str(override.key_or_group) in reason and str(override.input_line) not in reason:
            return f"{override.input_line}: {reason}"
    return reason


def _one_of(options: Sequence[str], value: object) -> str:
    return f"expected one of {', '.join(options)}{nearest(value, options)}"


def _groups() -> dict[str, list[str]]:
    folders = [path for path in sorted(CONFIG_FOLDER.iterdir()) if path.is_dir() and path.name != "hydra"]
    return {folder.name: sorted(path.stem for path in folder.glob("*.yaml")) for folder in folders}


def _compose(overrides: list[str]) -> DictConfig:
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(CONFIG_FOLDER), version_base="1.3"):
        return compose("config", overrides)


def _entries(config: DictConfig) -> Iterator[tuple[str, Any]]:
    """Yield dotted keys and their values as they are written, unresolved, without those that only Hydra reads."""
    values = OmegaConf.to_container(config)
    assert isinstance(values, dict)
    values.pop("hydra", None)  # is there before a run of a sweep starts
    yield from _nested({str(key): value for key, value in values.items()}, prefix="")


def _nested(values: Mapping[str, Any], *, prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if not str(key).startswith("_"):
            yield f"{prefix}{key}", value
            if isinstance(value, Mapping):
                yield from _nested(value, prefix=f"{prefix}{key}.")


def _as_typed(value: object) -> str:
    return str(value) if isinstance(value, str | float) else json.dumps(value, ensure_ascii=False)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
