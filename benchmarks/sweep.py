"""What a sweep costs besides its training, and what a second worker brings.

    python -m benchmarks.sweep            ten minutes; writes experiments/speed/sweep.json and .md

Runs that differ in their seed alone are made one after the other in one process, and by two workers of joblib. The two
sweeps take turns. Then comes a grid of 48 runs, in one process.
"""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence

from benchmarks.app_run import ROOT, AppRun, app_run
from scratchlab.tracking import read_journal
from scratchlab.tracking.journal.records import End, Start

NUM_RUNS = 16
ROUNDS = 3
JOB = ("-m", "optimizer=adam", "trainer.epochs=5", f"seed=range({NUM_RUNS})", "sweep.reuse=false")
GRID = (
    *("-m", "optimizer=adam", "trainer.epochs=5", "model.hidden=100,200,500"),
    *("optimizer.lr=1e-4,5e-4,1e-3,5e-3", "regularization.l2=0,1e-5,1e-4,1e-3", "sweep.reuse=false"),
)
LAUNCHERS = {
    "in-process": (),
    "joblib, two workers": ("hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "trainer.threads=1"),
}
PAGE = ROOT / "experiments" / "speed" / "sweep.md"

Sweeps = Mapping[str, Sequence[AppRun]]
"""By launcher, one entry per round."""


def main() -> None:
    """Make the sweeps in turns and write down what they took."""
    app_run("warm-up", *JOB, "seed=0,1", "trainer.epochs=1")  # makes the store and unpacks the data
    sweeps: dict[str, list[AppRun]] = {name: [] for name in LAUNCHERS}
    for number in range(1, ROUNDS + 1):
        for name, arguments in LAUNCHERS.items():
            sweep = app_run("sweep", *JOB, *arguments)
            assert len(sweep.runs) == NUM_RUNS
            sweeps[name].append(sweep)
            print(f"{number}/{ROUNDS} {name}: {_per_minute(sweep):.1f} runs per minute")
    grid = app_run("grid", *GRID)
    text = page(sweeps, grid)
    print(f"\n{text}")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text)
    measured = {
        name: [{key: measure(sweep) for key, measure in MEASURES.items()} for sweep in of_launcher]
        for name, of_launcher in {**sweeps, "grid": [grid]}.items()
    }
    PAGE.with_suffix(".json").write_text(json.dumps(measured, indent=2))


def page(sweeps: Sweeps, grid: AppRun) -> str:
    """Return medians with the smallest and the largest, the ratio of the launchers, and the grid, as Markdown."""
    rows = [f"| | {' | '.join(sweeps)} |", f"| --- |{' --- |' * len(sweeps)}"]
    for name, measure in MEASURES.items():
        cells = [_spread([measure(sweep) for sweep in of_launcher]) for of_launcher in sweeps.values()]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    own, workers = sweeps.values()
    ratios = [_per_minute(two) / _per_minute(one) for one, two in zip(own, workers, strict=True)]
    return "\n".join(
        [
            f"`{own[0].command}`, {len(own)} times, medians (smallest to largest):",
            "",
            *rows,
            "",
            f"Two workers make {_spread(ratios)} times as many runs per minute.",
            "",
            f"In-process, a run costs {_spread([_overhead(sweep) for sweep in own])} s beyond its training and "
            f"evaluation, {_spread([_between(sweep) for sweep in own])} s without the start and the end of the sweep.",
            "",
            f"`{grid.command}`, once: {len(grid.runs)} runs in {grid.wall_seconds:.1f} s, {grid.busy_seconds:.1f} s of "
            f"them training and evaluation. A run costs {_overhead(grid):.2f} s beyond that, {_between(grid):.2f} s "
            "without the start and the end of the sweep.",
            "",
        ]
    )


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def _per_minute(sweep: AppRun) -> float:
    return 60 * len(sweep.runs) / sweep.wall_seconds


def _overhead(sweep: AppRun) -> float:
    return (sweep.wall_seconds - sweep.busy_seconds) / len(sweep.runs)


def _between(sweep: AppRun) -> float:
    """Return what a run costs from the start of the first to the end of the last."""
    journals = [read_journal(folder) for folder in sweep.runs]
    starts = [record.time_ms for journal in journals for record in journal if isinstance(record, Start)]
    ends = [record.time_ms for journal in journals for record in journal if isinstance(record, End)]
    return ((max(ends) - min(starts)) / 1000 - sweep.busy_seconds) / len(sweep.runs)


MEASURES: dict[str, Callable[[AppRun], float]] = {
    "the whole command, seconds": lambda sweep: sweep.wall_seconds,
    "training and evaluation of all runs, seconds": lambda sweep: sweep.busy_seconds,
    "runs per minute": _per_minute,
    "peak memory, MiB": lambda sweep: sweep.peak_mib,
    "processes that wanted a core before it": lambda sweep: sweep.load,
}

if __name__ == "__main__":
    main()
