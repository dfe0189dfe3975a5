"""The sweeper behind `python train.py -m`: every combination of the listed values, as children of one parent run."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, ListConfig, OmegaConf

from scratchlab.app.launch import SweepRefusedError


class GridSweeper(Sweeper):
    """Composes and checks every combination, then runs them all; one that fails does not stop the others."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Take what Hydra gives every sweeper."""
        self.hydra_context = hydra_context
        self.config = config
        self.kind = task_function.__name__
        self.launcher: Launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Sequence[JobReturn]:
        """Run the sweep that `arguments` describe in Hydra's grammar: `optimizer.lr=1e-2,1e-1`."""
        # Imported here: Hydra imports its plugins at every start, of --help and tab completion too.
        from scratchlab.app.sweep import Sweep

        assert self.config is not None
        assert self.hydra_context is not None
        config, loader = self.config, self.hydra_context.config_loader
        options = config.sweep
        zipped = _listed(options, "zip", like="[model.hidden,optimizer.lr]")
        exclude = _listed(options, "exclude", like='["model.hidden=500 optimizer.lr=1e-1"]')
        parser = OverridesParser.create(config_loader=loader)
        overrides = parser.parse_overrides(arguments)
        runs = [
            run
            for run in grid(overrides, zipped=zipped)
            if not any(_matches(parser, run, excluded.split()) for excluded in exclude)
        ]
        if not runs:
            raise SweepRefusedError(
                f"sweep.exclude={exclude}: expected combinations to be left, but all are excluded"
            )
        sweep = Sweep(
            Path(config.hydra.sweep.dir),
            kind=self.kind,
            arguments=arguments,
            varied=list(dict.fromkeys(each.key_or_group for each in overrides if each.is_sweep_override())),
            combinations=runs,
        )
        configs = [loader.load_sweep_config(config, run) for run in runs]
        sweep.check(configs)
        if options.resume:
            sweep.reuse(configs)
        if options.dry_run:
            sweep.show()
            return []
        sweep.folder.mkdir(parents=True, exist_ok=True)
        OmegaConf.save(config, sweep.folder / "multirun.yaml")
        return sweep.run(config, self.launcher)


def grid(overrides: Sequence[Override], *, zipped: Sequence[str] = ()) -> list[list[str]]:
    """Return the overrides of each run: every combination of the listed values, the last key varying fastest.

    The keys in `zipped` vary together: the first value of each, the second of each, and so on.

    Raises:
        SweepRefusedError: for intervals, which a grid has no values of, and for zipped keys that are not
            listed or have lists of different lengths.
    """
    values = {override.get_key_element(): list(_values(override)) for override in overrides}
    lengths = {key: len(values.get(key, [])) for key in zipped}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        shown = ", ".join(f"{key} has {length}" for key, length in lengths.items())
        raise SweepRefusedError(
            f"sweep.zip={list(zipped)}: expected keys with as many values each, but {shown}"
        )
    together = [
        dict(zip(zipped, each, strict=True)) for each in zip(*(values[key] for key in zipped), strict=True)
    ]
    axes = [[{key: value} for value in values[key]] for key in values if key not in zipped]
    if together:
        axes.insert(min(list(values).index(key) for key in zipped), together)
    return [
        [f"{key}={value}" for part in combination for key, value in part.items()]
        for combination in product(*axes)
    ]


def _listed(options: DictConfig, key: str, *, like: str) -> list[str]:
    if not isinstance(options[key], ListConfig):
        raise SweepRefusedError(f"sweep.{key}={options[key]}: expected a list, like {like}")
    return [str(each) for each in options[key]]


def _values(override: Override) -> Iterator[str]:
    if not override.is_sweep_override():
        yield override.get_value_element_as_str()
    elif override.is_discrete_sweep():
        yield from override.sweep_string_iterator()
    else:
        raise SweepRefusedError(
            f"{override.input_line}: expected a list of values, like 1e-3,1e-2 or range(1,5)"
        )


def _matches(parser: OverridesParser, run: Sequence[str], excluded: Sequence[str]) -> bool:
    """Tell whether a run has all the values of an exclusion, however they are typed: 0.1 is 1e-1."""
    values = {each.key_or_group: each.value() for each in parser.parse_overrides(list(run))}
    return all(
        values.get(each.key_or_group) == each.value() for each in parser.parse_overrides(list(excluded))
    )
