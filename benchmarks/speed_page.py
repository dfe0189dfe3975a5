"""What was measured, as a page in Markdown."""

import os
import platform
import statistics
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.contestants.job import Job, Measured

SCRATCHLAB = "scratchlab"
COMPILED = "scratchlab, compiled Adam"
JAX = "JAX, jit and scan"
PACKAGES = ("numpy", "torch", "jax", "scikit-learn")
PARTS = ("batches", "forward", "backward", "optimizer")


def page(
    jobs: Sequence[Job],
    results: Mapping[str, Mapping[str, Sequence[Measured]]],
    *,
    absent: Sequence[str],
    busy: Job,
) -> str:
    """Return the tables: seconds and ratios of all contestants, where our time goes, and what a busy core costs."""
    lines = [
        *_machine(results[jobs[0].name][SCRATCHLAB][0]),
        *([f"Left out, not installed: {', '.join(absent)}.", ""] if absent else []),
        "Medians over the repetitions, with the smallest and the largest; a ratio is the median of those of each "
        "repetition.",
        "",
    ]
    lines += ["![Seconds for the same job](speed.png)", ""]
    for job in jobs:
        lines += [
            f"### {job.name}, {job.epochs} epochs" if job.epochs > 1 else f"### {job.name}, one epoch",
            "",
        ]
        lines += [*_contest(results[job.name]), ""]
    lines += ["### Where the time of scratchlab goes, seconds per epoch", ""]
    lines += [*_where([(job, results[job.name][SCRATCHLAB]) for job in jobs]), ""]
    slower = _ratio(results[busy.name][SCRATCHLAB], results[jobs[0].name][SCRATCHLAB])
    first = results[jobs[0].name]
    if COMPILED in first and JAX in first:
        ratio = _ratio(first[COMPILED], _compiled(first[JAX]))
        lines += [
            f"With the compiled Adam the first job takes {ratio:.2f} times as long as JAX after compiling.",
            "",
        ]
    lines += [f"With another process busy on one core the first job takes {slower:.2f} times as long.", ""]
    return "\n".join(lines)


def _machine(ours: Measured) -> Iterator[str]:
    versions = ", ".join(f"{package} {_version(package)}" for package in PACKAGES)
    yield f"{_processor()}; {platform.system()}, Python {platform.python_version()}, {versions}."
    yield f"NumPy multiplies with OpenBLAS's kernels for {ours['kernels']}."
    yield ""


def _processor() -> str:
    """Return the processor's name and how many cores there are, as Linux tells."""
    try:
        text = Path("/proc/cpuinfo").read_text()
        name = next(
            line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")
        )
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _contest(contestants: Mapping[str, Sequence[Measured]]) -> Iterator[str]:
    yield "| | seconds | from | to | scratchlab / this | without compiling | validation accuracy |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    ours = contestants[SCRATCHLAB]
    for name, rounds in contestants.items():
        seconds = [each["seconds"] for each in rounds]
        accuracy = statistics.median(each["val_accuracy"] for each in rounds)
        ratio = warm = ""
        if name != SCRATCHLAB:
            ratio = f"{_ratio(ours, rounds):.2f}"
        if "compile_seconds" in rounds[0]:
            warm = f"{_ratio(ours, _compiled(rounds)):.2f}"
        yield (
            f"| {name} | {statistics.median(seconds):.2f} | {min(seconds):.2f} | {max(seconds):.2f} "
            f"| {ratio} | {warm} | {100 * accuracy:.2f} % |"
        )


def _ratio(first: Sequence[Measured], second: Sequence[Measured]) -> float:
    """Return the median over the repetitions of the ratio of their seconds."""
    pairs = zip(first, second, strict=False)  # one may have been repeated more often
    return statistics.median(a["seconds"] / b["seconds"] for a, b in pairs)


def _compiled(rounds: Sequence[Measured]) -> Sequence[Measured]:
    """Return the same without the time that compiling took."""
    return [each | {"seconds": each["seconds"] - each["compile_seconds"]} for each in rounds]


def _where(measured: Sequence[tuple[Job, Sequence[Measured]]]) -> Iterator[str]:
    yield "| | batches | forward | backward | optimizer | rest of steps | evaluation | GFLOP/s | efficiency | threads |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for job, rounds in measured:
        each = sorted(rounds, key=lambda result: result["seconds"])[len(rounds) // 2]
        parts = {part: each["parts_seconds"][part] / job.epochs for part in PARTS}
        steps = each["steps_seconds"] / job.epochs
        products = parts["forward"] + parts["backward"]
        rows = [*parts.values(), steps - sum(parts.values()), each["evaluation_seconds"] / job.epochs]
        efficiency = statistics.median(
            job.flops_per_epoch * job.epochs / (result["peak_gflops"] * 1e9) / result["steps_seconds"]
            for result in rounds
        )
        threads = ", ".join(map(str, each["threads"]))
        yield (
            f"| {job.name} | {' | '.join(f'{row:.3f}' for row in rows)} "
            f"| {job.flops_per_epoch / products / 1e9:.0f} | {efficiency:.2f} | {threads} |"
        )
    peaks = [result["peak_gflops"] for _, rounds in measured for result in rounds]
    yield ""
    yield (
        "GFLOP/s: the matrix products in the time of all that forward and backward do. Efficiency: the time "
        "that the products of an epoch's steps would need at the speed of one large product "
        f"({statistics.median(peaks):.0f} GFLOP/s, {min(peaks):.0f} to {max(peaks):.0f}), over that of the steps. "
        "Threads: each choice."
    )
