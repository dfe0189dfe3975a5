"""Every combination of the listed values."""

from collections.abc import Iterator, Sequence
from itertools import product

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import ListConfig

from scratchlab.config.launch import SweepRefusedError
from scratchlab.sweeps.plan import Overrides, Plan


class Grid(Plan):
    """Plans all combinations of the values that are listed after -m: `python train.py -m optimizer.lr=1e-2,5e-2`.

    Args:
        overrides: what was typed; lists of values make the grid.
        zip: keys that vary together instead.
        exclude: combinations that are left out, each as it would be typed: `model.hidden=500 optimizer.lr=1e-1`.
        n_jobs: runs that are started together, None for all of them.

    Raises:
        SweepRefusedError: nothing is left to run, or the overrides make no grid.
    """

    def __init__(
        self,
        overrides: Sequence[Override],
        *,
        zip: Sequence[str] = (),
        exclude: Sequence[str] = (),
        n_jobs: int | None = None,
    ) -> None:
        zipped = _listed(zip, "zip", like="[model.hidden,optimizer.lr]")
        excluded = _listed(exclude, "exclude", like='["model.hidden=500 optimizer.lr=1e-1"]')
        parser = OverridesParser.create()
        keys = {each.key_or_group for each in overrides}
        for text in excluded:
            for each in parser.parse_overrides(text.split()):
                if each.key_or_group not in keys:
                    raise SweepRefusedError(
                        f"sweep.exclude={excluded}: expected keys that the sweep has, but {each.key_or_group} is none"
                    )
        self._runs = [
            run
            for run in grid(overrides, zipped=zipped)
            if not any(_matches(parser, run, text.split()) for text in excluded)
        ]
        if not self._runs:
            raise SweepRefusedError(
                f"sweep.exclude={excluded}: expected combinations to be left, but all are excluded"
            )
        swept = list(dict.fromkeys(each.key_or_group for each in overrides if each.is_sweep_override()))
        values = [dict(_parted(each) for each in run) for run in self._runs]
        self.varied = {key: ",".join(dict.fromkeys(of_run[key] for of_run in values)) for key in swept}
        self._values = [[of_run[key] for key in swept] for of_run in values]
        self._batch_size = n_jobs or len(self._runs)
        self._num_planned = 0

    @property
    def identity(self) -> object:
        """The combinations of what varies; what does not is in the configuration."""
        return self._values

    @property
    def num_runs(self) -> int:
        """All combinations."""
        return len(self._runs)

    def samples(self) -> list[Overrides]:
        """Return all combinations."""
        return self._runs

    def next_batch(self) -> list[Overrides]:
        """Return the next combinations."""
        first, self._num_planned = self._num_planned, self._num_planned + self._batch_size
        return self._runs[first : self._num_planned]


def grid(overrides: Sequence[Override], *, zipped: Sequence[str] = ()) -> list[Overrides]:
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


def _listed(values: object, name: str, *, like: str) -> list[str]:
    if isinstance(values, str) or not isinstance(values, Sequence | ListConfig):
        raise SweepRefusedError(f"sweep.{name}={values}: expected a list, like {like}")
    return [str(each) for each in values]


def _values(override: Override) -> Iterator[str]:
    if not override.is_sweep_override():
        yield override.get_value_element_as_str()
    elif override.is_discrete_sweep():
        yield from override.sweep_string_iterator()
    else:
        raise SweepRefusedError(
            f"{override.input_line}: expected a list of values, like 1e-3,1e-2 or range(1,5); "
            "sweep=random and sweep=tpe take intervals"
        )


def _parted(override: str) -> tuple[str, str]:
    key, _, value = override.lstrip("+").partition("=")
    return key, value


def _matches(parser: OverridesParser, run: Sequence[str], excluded: Sequence[str]) -> bool:
    """Tell whether a run has all the values of an exclusion, however they are typed: 0.1 is 1e-1."""
    values = {each.key_or_group: each.value() for each in parser.parse_overrides(list(run))}
    return all(
        values.get(each.key_or_group) == each.value() for each in parser.parse_overrides(list(excluded))
    )
