"""The task behind check.py: the debugging checklist for a configuration, as a table and as a run."""

from collections.abc import Sequence

from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from scratchlab.arguments import ArgumentError
from scratchlab.config.build import build, load
from scratchlab.config.invocation import run_folder
from scratchlab.config.launch import RunFailedError
from scratchlab.tasks.checklist import Check, checklist
from scratchlab.tasks.console import announce
from scratchlab.tasks.record import start_run
from scratchlab.tracking import signals_as_exceptions


def check(config: DictConfig) -> None:
    """Run the checklist, print its table, record it as a run, and exit with 1 if a check failed."""
    console = Console(highlight=False)
    if "_target_" not in config.model:
        raise ArgumentError("task", config.task, "the training of a network, as with model=mlp")
    dataset = load(config)
    build(config, dataset)  # a value out of range ends it here, before anything is recorded
    with signals_as_exceptions(), start_run(config, dataset, kind="check") as run:
        checks = []
        with console.status("checking") as status:
            for item in checklist(lambda dtype: build(config, dataset, dtype=dtype)):
                status.update(f"checked {item.name}")
                run.log_metrics({f"check/{item.key}": item.figure}, step=0)
                checks.append(item)
        failed = [item for item in checks if not item.passed]
        run.set_tag("scratchlab.checks_failed", " ".join(item.key for item in failed) or "none")
        run.log_artifact("checklist.md", lambda path: path.write_text(_markdown(checks)))
    console.print(_table(checks))
    announce(console, run, f"{len(checks) - len(failed)} of {len(checks)} checks passed", folder=run_folder())
    if failed:
        raise RunFailedError(1)


def _table(checks: Sequence[Check]) -> Table:
    table = Table("check", "found", "expected", "verdict")
    for item in checks:
        verdict = "[green]passed[/]" if item.passed else "[bold red]FAILED[/]"
        table.add_row(item.name, item.shown, item.expected, verdict)
    return table


def _markdown(checks: Sequence[Check]) -> str:
    rows = [
        f"| {item.name} | {item.shown} | {item.expected} | {'passed' if item.passed else 'FAILED'} |"
        for item in checks
    ]
    return "\n".join(["| check | found | expected | verdict |", "| --- | --- | --- | --- |", *rows, ""])
