"""Imports go down only, floor by floor, and in no circles.

Checked twice: by what a fresh interpreter has loaded after an import, and by what is written in the sources,
inside of functions too. Both checks are themselves checked on code that breaks the rules.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

FLOORS = [
    "sweeps",
    "ensembles",
    "compare",
    "tasks",
    "config",
    "tracking",
    "training",
    "plotting",
    "data",
    "nn",
    "neighbors",
    "processes",
    "metrics",
    "arguments",
    "kernels",
]
"""From the top down: a floor imports those below it and nothing else."""
ABOVE = ["experiments", "hydra_plugins", "commands"]
"""Outside the package: they import every floor, and not one another."""
APART = {"data", "nn", "neighbors"}
"""Floors that do not import one another."""

OF_APPS = {"numpy", "rich", "hydra", "omegaconf"}
MAY_MENTION = {
    "commands": OF_APPS,
    "experiments": OF_APPS,
    "hydra_plugins": {"hydra", "omegaconf", "cloudpickle", "ray"},
    "sweeps": OF_APPS | {"optuna", "joblib", "threadpoolctl"},
    "ensembles": OF_APPS,
    "compare": {"numpy", "rich", "optuna"},
    "tasks": OF_APPS,
    "config": {"numpy", "hydra", "omegaconf"},
    "tracking": {"numpy", "mlflow"},
    "training": {"numpy", "rich", "threadpoolctl"},
    "plotting": {"numpy", "matplotlib", "PIL"},
    "data": {"numpy", "PIL"},
    "nn": {"numpy", "numba"},
    "neighbors": {"numpy"},
    "processes": set(),
    "metrics": {"numpy"},
    "arguments": set(),
    "kernels": set(),
}
"""What a floor may import besides the standard library, now or later."""

LATER = {"mlflow", "matplotlib", "numba", "optuna", "PIL", "ray"}
"""What takes seconds to load, so that importing a part does not do it yet."""


def loaded_by(module: str, *, folder: Path) -> set[str]:
    """Import a module in a fresh interpreter, in `folder`; return what it loaded beyond the standard library."""
    code = f"""
import sys
before = set(sys.modules)
import {module}
for name in {{name.partition(".")[0] for name in set(sys.modules) - before}} - sys.stdlib_module_names:
    if sys.modules[name].__spec__ is not None:  # compiled modules enter things that no import can find
        print(name)
"""
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stdout.split())


@pytest.mark.parametrize("part", FLOORS)
def test_importing_a_floor_loads_no_more_than_it_may(part: str, tmp_path: Path) -> None:
    found = loaded_by(f"scratchlab.{part}", folder=tmp_path)
    assert found - {"scratchlab"} <= MAY_MENTION[part] - LATER


def test_importing_the_apps_is_light_enough_for_tab_completion(tmp_path: Path) -> None:
    found = loaded_by("scratchlab.config.launch", folder=tmp_path)
    assert found >= {"scratchlab", "hydra", "omegaconf"}
    assert not found & {"numpy", "pandas", "rich", *LATER}


@pytest.mark.parametrize("plugin", ["scratchlab_sweeper.sweeper", "scratchlab_ray_launcher.ray_launcher"])
def test_looking_for_plugins_is_as_light(plugin: str, tmp_path: Path) -> None:
    """Hydra imports them all whenever an app starts."""
    found = loaded_by(f"hydra_plugins.{plugin}", folder=tmp_path)
    assert found >= {"hydra", "omegaconf"}
    assert not found & {"numpy", "pandas", "rich", *LATER}


def test_the_check_in_a_fresh_interpreter_sees_what_it_must(tmp_path: Path) -> None:
    package = tmp_path / "leaky"
    package.mkdir()
    (package / "__init__.py").write_text("from leaky import inner")
    (package / "inner.py").write_text("import json, omegaconf\ndef draw():\n    import matplotlib")
    found = loaded_by("leaky", folder=tmp_path)
    assert found >= {"leaky", "omegaconf"}
    assert not found & {"json", "matplotlib"}


def imported_names(source: str) -> Iterator[str]:
    """Yield every name that is imported anywhere in a source, as a dotted path: `scratchlab.nn.Linear`."""
    for node in executed(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (f"{node.module}." if node.module else "")
            yield from (prefix + alias.name for alias in node.names)


def executed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all nodes below it, but for those that only type checkers see."""
    yield node
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        children = node.orelse
    for child in children:
        yield from executed(child)


def forbidden(part: str, source: str) -> list[str]:
    """Return what a source of this part imports although it may not."""
    return [name for name in imported_names(source) if not _is_allowed(part, name)]


def _is_allowed(part: str, name: str) -> bool:
    package, _, rest = name.partition(".")
    if package == "scratchlab":
        other = rest.partition(".")[0]
        if other in ("", part) or part in ABOVE:
            return True
        is_below = other in FLOORS[FLOORS.index(part) + 1 :]
        return is_below and not {part, other} <= APART
    if package in ABOVE:
        return package == part
    if name.startswith("matplotlib.pyplot"):
        return False  # figures are made without it: it keeps a current figure and looks for a screen
    return package in sys.stdlib_module_names | MAY_MENTION[part]


def sources(repository: Path) -> dict[Path, str]:
    """Return the floor that every source file belongs to."""
    package = repository / "src" / "scratchlab"
    inside = {path: path.relative_to(package).parts[0].removesuffix(".py") for path in package.rglob("*.py")}
    outside = {path: name for name in ABOVE for path in (repository / name).rglob("*.py")}
    return inside | outside | dict.fromkeys(repository.glob("*.py"), "commands")


def test_no_source_mentions_what_its_part_may_not(repository: Path) -> None:
    parts = sources(repository)
    assert set(parts.values()) == {*MAY_MENTION, "__init__"}
    assert repository / "train.py" in parts
    found = {
        str(path.relative_to(repository)): names
        for path, part in parts.items()
        if part != "__init__" and (names := forbidden(part, path.read_text()))
    }
    assert found == {}
    init = (repository / "src/scratchlab/__init__.py").read_text()
    assert list(imported_names(init)) == ["sys", "scratchlab.kernels.choose_kernels"]


@pytest.mark.parametrize(
    ("part", "source", "found"),
    [
        ("nn", "import hydra", ["hydra"]),
        ("nn", "from omegaconf import DictConfig", ["omegaconf.DictConfig"]),
        ("nn", "def f():\n    import mlflow.pyfunc", ["mlflow.pyfunc"]),
        ("data", "from scratchlab.nn import Linear", ["scratchlab.nn.Linear"]),
        ("data", "from scratchlab import arguments, nn", ["scratchlab.nn"]),
        ("data", "from ..nn import Linear", ["..nn.Linear"]),
        ("data", "import scipy, math, pandas", ["scipy", "pandas"]),
        ("training", "import scratchlab.tracking", ["scratchlab.tracking"]),
        ("training", "import scratchlab.config.build", ["scratchlab.config.build"]),
        ("tasks", "from scratchlab.sweeps import pruning", ["scratchlab.sweeps.pruning"]),
        ("tracking", "import matplotlib, mlflow", ["matplotlib"]),
        ("plotting", "from matplotlib import figure, pyplot", ["matplotlib.pyplot"]),
        ("tasks", "import mlflow", ["mlflow"]),
        ("sweeps", "import optuna, scratchlab.compare.leaderboard", []),
        ("tracking", "import hydra_plugins.scratchlab_sweeper", ["hydra_plugins.scratchlab_sweeper"]),
        ("sweeps", "import experiments.scoreboard", ["experiments.scoreboard"]),
        ("hydra_plugins", "import hydra, scratchlab.sweeps, hydra_plugins.scratchlab_sweeper", []),
        ("config", "import train", ["train"]),
        ("tasks", "if TYPE_CHECKING:\n    import mlflow\nelse:\n    import pandas", ["pandas"]),
    ],
)
def test_the_check_of_the_sources_sees_what_it_must(part: str, source: str, found: list[str]) -> None:
    assert forbidden(part, source) == found
