"""The app behind ensemble.py: the networks of past runs as one, by the mean of their class probabilities."""

import argparse
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter

import numpy as np
from omegaconf import DictConfig, OmegaConf
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scratchlab.compare.named_runs import named_runs
from scratchlab.config.build import load
from scratchlab.config.launch import EXIT_USAGE
from scratchlab.config.project import store_uri
from scratchlab.data import DataError, Dataset
from scratchlab.ensembles.ensemble import ENSEMBLE, Ensemble, log_loss
from scratchlab.metrics import accuracy
from scratchlab.tasks.console import announce
from scratchlab.tasks.figures import save_prediction_figures
from scratchlab.tasks.record import record_dataset
from scratchlab.tracking import (
    DESCRIPTION,
    KIND,
    OVERRIDES,
    Run,
    RunNotFoundError,
    open_run,
    read_start,
    save_table,
    signals_as_exceptions,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python ensemble.py",
        description="Classify the test images by the mean of what the networks of past runs say, and record that run.",
        epilog="example: python ensemble.py outputs/2026-01-31/12-00-00-000000-sweep 1e35edc8",
    )
    parser.add_argument(
        "runs",
        nargs="+",
        metavar="RUN_OR_SWEEP",
        help="a folder under outputs/, or the beginning of an id in MLflow; a sweep stands for its runs",
    )
    parser.add_argument("--uri", help="the tracking store, if not the project's own")
    options = parser.parse_args(arguments)
    uri = store_uri(options.uri)
    try:
        ensemble = Ensemble.of([run for argument in options.runs for run in named_runs(argument, uri)])
        dataset = _dataset(ensemble)
        folder = Path("outputs", f"{datetime.now():%Y-%m-%d/%H-%M-%S-%f}-ensemble")
        run = _start(ensemble, dataset, folder=folder, uri=uri, typed=options.runs)
    except (ValueError, ConnectionError) as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    console = Console(highlight=False)
    with signals_as_exceptions(), run:
        test_accuracy = _classify(run, ensemble, dataset, console)
    headline = f"test   {100 * test_accuracy:.2f} % correct, by the mean of {len(ensemble.members)} networks"
    announce(console, run, headline, folder=folder)
    return 0


def _dataset(ensemble: Ensemble) -> Dataset:
    """Load the data that the members were tested on.

    Raises:
        RunNotFoundError: what the first of them was trained with is not on record.
        DataError: the data are not there, or not the same any more.
    """
    first = ensemble.members[0]
    assert first.run.folder is not None
    path = first.run.folder / "artifacts" / "config.yaml"
    if not path.exists():
        raise RunNotFoundError(f"{path}: expected the configuration of the run, there is no such file")
    config = OmegaConf.load(path)
    assert isinstance(config, DictConfig)
    dataset = load(config)
    if dataset.digest != first.data.digest:
        raise DataError(
            f"{dataset.source}: expected the data of {first.name}, SHA-256 {first.data.digest}, found {dataset.digest}"
        )
    return dataset


def _start(ensemble: Ensemble, dataset: Dataset, *, folder: Path, uri: str, typed: Sequence[str]) -> Run:
    """Start the run, with its members and its data on record, in the experiment of the members."""
    members = ensemble.members
    assert members[0].run.folder is not None
    run = open_run(
        folder,
        experiment=read_start(members[0].run.folder).experiment,
        name=f"ensemble of {len(members)}: {members[0].run.name}, ...",
        uri=uri,
        params={"members": [member.name for member in members], "num_members": len(members)},
        tags={
            KIND: ENSEMBLE,
            OVERRIDES: shlex.join(typed),
            **ensemble.identity,
        },
    )
    record_dataset(run, dataset)
    return run


def _classify(run: Run, ensemble: Ensemble, dataset: Dataset, console: Console) -> float:
    """Read the test images, this once, and record and show what the members make of them, alone and together."""
    start, targets = perf_counter(), dataset.test.targets
    members, total = ensemble.members, np.zeros((len(targets), len(dataset.class_names)))
    errors = []
    for probs in ensemble.probs(dataset):
        errors.append(100 * (1 - accuracy(probs.argmax(axis=1), targets)))
        total += probs
    mean = total / len(members)
    predictions = mean.argmax(axis=1)
    test_accuracy = accuracy(predictions, targets)
    results = {
        "test/accuracy": test_accuracy,
        "test/loss": log_loss(mean, targets),
        "time/members_seconds": sum(member.seconds for member in members),
        "time/test_seconds": perf_counter() - start,
    }
    run.log_metrics(results, step=0)
    save_prediction_figures(run, dataset, predictions, mean[np.arange(len(targets)), predictions])
    rows = [(member.name, error) for member, error in zip(members, errors, strict=True)]
    rows.append((f"the mean of all {len(members)}", 100 * (1 - test_accuracy)))
    save_table(run, "members.json", ["run", "test error (%)"], rows)
    run.set_tag(DESCRIPTION, "\n".join(["| run | test error |", "| --- | --- |", *map(_line, rows)]))
    table = Table("run", "test error")
    for name, error in rows:
        table.add_row(Text(name), f"{error:.2f} %")
    console.print(table)
    return test_accuracy


def _line(row: tuple[str, float]) -> str:
    name, error = row
    return f"| {name.replace('|', chr(92) + '|')} | {error:.2f} % |"
