"""How fast networks are trained here: beside PyTorch, JAX and scikit-learn, and beside what the processor can do.

    python -m benchmarks.speed            a quarter of an hour; writes experiments/speed/
    python -m benchmarks.speed --quick    two minutes, for a first look; writes outputs/speed/

The contestants do the same jobs in turns, so that what else the machine does hits all of them. A contestant that is not
installed is left out; `pip install -e ".[bench,compiled]"` installs them all.
"""

import scratchlab  # noqa: F401  # isort: skip (before NumPy: it chooses the kernels)

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contestants.contestant import ROOT, Contestant
from benchmarks.contestants.job import Digits, Job, Measured
from benchmarks.speed_page import COMPILED, JAX, SCRATCHLAB, page
from scratchlab import plotting
from scratchlab.data import mnist

OURS = Contestant(SCRATCHLAB, "scratchlab_numpy", needs="scratchlab")
CONTESTANTS = (
    OURS,
    Contestant(COMPILED, "scratchlab_compiled", needs="numba", cannot=("momentum",)),
    Contestant("PyTorch, eager", "pytorch", needs="torch"),
    Contestant(JAX, "jax_scan", needs="jax"),
    Contestant("scikit-learn, no evaluation", "sklearn_mlp", needs="sklearn", cannot=("batch norm",)),
)
WIDE = Job("784-500-10, batch 200, Adam", (500,), batch_size=200, epochs=10)
SMALL = Job("784-100-10, batch 128, Adam", (100,), batch_size=128, epochs=10)
DEEP = Job(
    "784-2000-1500-1000-500-10, batch norm, batch 200, momentum",
    (2000, 1500, 1000, 500),
    batch_size=200,
    epochs=1,
    optimizer="momentum",
    lr=1e-2,
    batch_norm=True,
)
WIDE_MOMENTUM = replace(WIDE, name="784-500-10, batch 200, momentum", epochs=5, optimizer="momentum", lr=1e-2)

Results = dict[str, dict[str, list[Measured]]]
"""What was measured: by job and contestant, one entry per repetition."""


def main() -> None:
    """Let the contestants do the jobs in turns, and write down what came out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="two epochs, two repetitions, no deep network")
    quick = parser.parse_args().quick
    folder = ROOT / "outputs" / "speed"
    folder.mkdir(parents=True, exist_ok=True)
    _write_digits(folder)

    there = [contestant for contestant in CONTESTANTS if contestant.is_installed]
    absent = [contestant.name for contestant in CONTESTANTS if not contestant.is_installed]
    for name in absent:
        print(f'{name} is left out, it is not installed: pip install -e ".[bench,compiled]"')
    plan = (
        [(replace(WIDE, epochs=2), there, 2), (replace(SMALL, epochs=2), there, 2)]
        if quick
        else [(WIDE, there, 5), (SMALL, there, 5), (DEEP, there, 3), (WIDE_MOMENTUM, [OURS], 3)]
    )
    results: Results = {}
    with ExitStack() as clean_up:
        for contestant in there:
            clean_up.callback(contestant.close)
        for job, contestants, rounds in plan:
            results[job.name] = _race(job, [each for each in contestants if each.can(job)], folder, rounds)
        wide = plan[0][0]
        busy = replace(wide, name=f"{wide.name}, beside a busy process")
        with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
            try:
                results[busy.name] = _race(busy, [OURS], folder, plan[0][2])
                results[busy.name] |= _race(busy, there[1:], folder, 1)
            finally:
                other.kill()

    jobs = [*(job for job, _, _ in plan), busy]
    target = folder if quick else ROOT / "experiments" / "speed"
    target.mkdir(parents=True, exist_ok=True)
    record = {"jobs": [asdict(job) for job in jobs], "absent": absent, "results": results}
    (target / "speed.json").write_text(json.dumps(record, indent=1) + "\n")
    plotting.save(plotting.races(_seconds(results)), target / "speed.png")
    measured = page(jobs, results, absent=absent, busy=busy)
    readme = target / "README.md"
    readme.write_text(_with_measured(readme, measured))
    print(f"\n{measured}\n{readme}")


def _race(
    job: Job, contestants: Sequence[Contestant], digits: Path, rounds: int
) -> dict[str, list[Measured]]:
    """Let the contestants do the job in turns."""
    print(f"\n{job.name}, {job.epochs} epochs", flush=True)
    measured: dict[str, list[Measured]] = {contestant.name: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            result = contestant.do(job, digits)
            measured[contestant.name].append(result)
            print(
                f"  {contestant.name:30}{result['seconds']:8.2f} s   {result['val_accuracy']:.4f}", flush=True
            )
    return measured


def _write_digits(folder: Path) -> None:
    dataset = mnist(root=ROOT)
    digits = Digits(dataset.train.inputs, dataset.train.targets, dataset.val.inputs, dataset.val.targets)
    for name, array in digits._asdict().items():
        np.save(folder / f"{name}.npy", array)


def _seconds(results: Results) -> dict[str, dict[str, Any]]:
    return {
        job: {name: np.array([each["seconds"] for each in rounds]) for name, rounds in contestants.items()}
        for job, contestants in results.items()
        if len(contestants) > 1
    }


BEGIN, END = "<!-- measured: written by benchmarks/speed.py -->", "<!-- until here -->"


def _with_measured(readme: Path, measured: str) -> str:
    """Return the page with this measurement in the place of the last one; what people wrote around it stays."""
    text = readme.read_text() if readme.exists() else f"{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{measured}\n{END}{after}"


if __name__ == "__main__":
    main()
