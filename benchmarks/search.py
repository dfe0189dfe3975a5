"""A grid of 48 runs against a search of 20 that prunes: how good a configuration, for how many epochs.

    python benchmarks/search.py

Both are sweeps of train.py over the same three parameters of a network on MNIST, five epochs a run. What they find goes
into experiments/search/. Given again after an interruption it goes on: sweeps repeat nothing.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scratchlab import plotting
from scratchlab.tracking import PastRun, read_runs

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "experiments" / "search"
SWEEPS = ROOT / "outputs" / "search"
COMMON = ("optimizer=adam", "trainer.epochs=5", "trainer.threads=1")
GRID = (
    "model.hidden=100,200,500",
    "optimizer.lr=1e-4,5e-4,1e-3,5e-3",
    "regularization.l2=0,1e-5,1e-4,1e-3",
)
SPACE = (
    "model.hidden=int(interval(100,500))",
    "optimizer.lr=tag(log,interval(1e-4,5e-3))",
    "regularization.l2=tag(log,interval(1e-6,1e-3))",
)
CONTENDERS = {
    "grid": GRID,
    "tpe, median pruner": ("sweep=tpe", *SPACE),
    "tpe, hyperband": ("sweep=tpe", "sweep/pruner=hyperband", *SPACE),
    "random, no pruner": ("sweep=random", *SPACE),
}


@dataclass(frozen=True)
class Found:
    """What a sweep has found."""

    name: str
    arguments: Sequence[str]
    runs: Sequence[PastRun]
    """In the order in which they were made."""

    @property
    def command(self) -> str:
        """What to type for it."""
        return f"python train.py -m {' '.join(map(_quoted, (*COMMON, *self.arguments)))}"

    @property
    def num_epochs(self) -> int:
        """Epochs of training in all runs, also in those that were pruned."""
        return sum(len(run.val_accuracy) for run in self.runs)

    @property
    def best(self) -> PastRun:
        """The run with the highest validation accuracy."""
        return max((run for run in self.runs if run.is_finished), key=lambda run: run.score)

    @property
    def progress(self) -> list[float]:
        """The best validation accuracy after each epoch of training."""
        accuracies = [accuracy for run in self.runs for accuracy in run.val_accuracy]
        return list(np.maximum.accumulate(accuracies))


def main() -> None:
    """Make the sweeps and write the page."""
    for name, arguments in CONTENDERS.items():
        print(f"{name}: {' '.join(arguments)}", flush=True)
        # An experiment each: a search must not take over what another one has paid for.
        places = [f"tracking.experiment='search: {name}'", f"hydra.sweep.dir={_folder(name)}"]
        subprocess.run([sys.executable, "train.py", "-m", *COMMON, *arguments, *places], cwd=ROOT, check=True)
    found = [Found(name, CONTENDERS[name], read_runs(_folder(name))) for name in CONTENDERS]
    PAGE.mkdir(parents=True, exist_ok=True)
    text = "\n".join(_page(found))
    (PAGE / "README.md").write_text(f"{text}\n")
    curves = [np.array(each.progress) for each in found]
    plotting.save(plotting.best_curves([each.name for each in found], curves), PAGE / "progress.png")
    print(text)


def _page(found: Sequence[Found]) -> Iterator[str]:
    grid = found[0]
    yield "# How much of a grid does a search need?"
    yield ""
    yield (
        "Three parameters of a network with one hidden layer on MNIST, Adam, five epochs a run, one seed: a grid of "
        f"{len(grid.runs)} runs, and searches of 20 runs in the ranges that the grid spans. Written by "
        "`make bench-search`."
    )
    yield ""
    yield "| sweep | runs | pruned | epochs | of the grid's | best validation accuracy | to the grid's best | found |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for each in found:
        best, num_pruned = each.best, sum(run.outcome == "pruned" for run in each.runs)
        yield (
            f"| {each.name} | {len(each.runs)} | {num_pruned} | {each.num_epochs} | "
            f"{each.num_epochs / grid.num_epochs:.0%} | {best.score:.2%} | "
            f"{100 * (best.score - grid.best.score):+.2f} points | {best.name} |"
        )
    yield ""
    yield "![The best accuracy so far, after every epoch of training](progress.png)"
    yield ""
    for each in found:
        yield f"    {each.command}"


def _folder(name: str) -> Path:
    return SWEEPS / name.replace(", ", "-").replace(" ", "-")


def _quoted(argument: str) -> str:
    return f"'{argument}'" if "(" in argument else argument


if __name__ == "__main__":
    main()
