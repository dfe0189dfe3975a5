"""What a run costs besides its training: from the command to its record in MLflow, with all artifacts.

python -m benchmarks.whole_run        two minutes; writes experiments/speed/whole_run.json and .md
"""

import json
import statistics
from collections.abc import Callable, Sequence

from benchmarks.app_run import ROOT, AppRun, app_run
from scratchlab.tracking import Published

JOB = ("optimizer=adam", "model.hidden=500", "trainer.epochs=10")
ROUNDS = 5
FIRST_EPOCH = "1/10"
PAGE = ROOT / "experiments" / "speed" / "whole_run.md"


def main() -> None:
    """Run the job several times and write down what it took."""
    app_run("warm-up", *JOB[:2], "trainer.epochs=1")  # makes the store and unpacks the data
    runs = []
    for number in range(1, ROUNDS + 1):
        run = app_run("whole-run", *JOB)
        published = Published.load(run.folder)
        assert published is not None
        assert published.status == "FINISHED"
        runs.append(run)
        print(f"{number}/{ROUNDS}: {run.wall_seconds:.1f} s, {_beyond(run):.1f} s of them beyond training")
    text = page(runs)
    print(f"\n{text}")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text)
    PAGE.with_suffix(".json").write_text(
        json.dumps([{name: measure(run) for name, measure in MEASURES.items()} for run in runs], indent=2)
    )


def page(runs: Sequence[AppRun]) -> str:
    """Return the medians with the smallest and the largest, as Markdown."""
    rows = ["| | median | smallest | largest |", "| --- | --- | --- | --- |"]
    for name, measure in MEASURES.items():
        values = [measure(run) for run in runs]
        rows.append(f"| {name} | {statistics.median(values):.2f} | {min(values):.2f} | {max(values):.2f} |")
    return "\n".join([f"`{runs[0].command}`, {len(runs)} times:", "", *rows, ""])


def _beyond(run: AppRun) -> float:
    return run.wall_seconds - run.busy_seconds


def _first_line(run: AppRun) -> float:
    return next(seconds for seconds, line in run.lines if line.strip().startswith(FIRST_EPOCH))


def _first_epoch(run: AppRun) -> float:
    """Return the seconds of the first epoch, as its line says."""
    [line] = [line for _, line in run.lines if line.strip().startswith(FIRST_EPOCH)]
    return float(line.split()[-2])


MEASURES: dict[str, Callable[[AppRun], float]] = {
    "the whole command, seconds": lambda run: run.wall_seconds,
    "training and evaluation, seconds": lambda run: run.busy_seconds,
    "beyond that, seconds": _beyond,
    "until the first epoch's line, seconds": _first_line,
    "until the first step, seconds": lambda run: _first_line(run) - _first_epoch(run),
    "peak memory, MiB": lambda run: run.peak_mib,
    "processes that wanted a core before it": lambda run: run.load,
}

if __name__ == "__main__":
    main()
