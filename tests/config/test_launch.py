import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.config.project import CONFIG_FOLDER, ROOT
from scratchlab.tracking import JOURNAL, Published, read_journal
from scratchlab.tracking.journal.records import End, Metrics, Status
from tests.launched import launch
from tests.own_process import python
from tests.polling import wait_until

DEADLINE_SECONDS = 120
"""For what takes a second on a machine that has nothing else to do."""


@pytest.mark.system
def test_a_run_from_anywhere_is_found_in_the_store(tmp_path: Path) -> None:
    database = tmp_path / "store" / "mlflow.db"
    overrides = ("data=digits", "trainer.epochs=2", "optimizer=adam", f"tracking.uri=sqlite:///{database}")
    ended = python(str(ROOT / "train.py"), *overrides, cwd=tmp_path)
    assert ended.stderr == ""
    assert "\x1b" not in ended.stdout
    header, *epochs, empty, result, files, view = ended.stdout.splitlines()
    assert header.split() == ["epoch", "loss", "train", "val", "seconds", "samples/s"]
    assert ([line.split()[0] for line in epochs], empty) == (["1/2", "2/2"], "")
    folder = tmp_path / files.removeprefix("files  ")
    published = Published.load(folder)
    assert published is not None
    assert view == f"view   make ui, then {published.link}"
    with sqlite3.connect(database) as store:
        [(run_id, status)] = store.execute("SELECT run_uuid, status FROM runs")
        [(test_accuracy,)] = store.execute("SELECT value FROM latest_metrics WHERE key = 'test/accuracy'")
        [(optimizer,)] = store.execute("SELECT value FROM params WHERE key = 'optimizer'")
    store.close()
    assert (run_id, status, optimizer) == (published.run_id, "FINISHED", "adam")
    [recorded] = [
        record.values["test/accuracy"]
        for record in read_journal(folder)
        if isinstance(record, Metrics) and "test/accuracy" in record.values
    ]
    assert test_accuracy == recorded
    assert result.startswith(f"test   {100 * recorded:.2f} % correct, ")


UNPUBLISHED = f"""
import importlib, runpy, signal, sys
from tests.launched import NoPublisher
signal.signal(signal.SIGINT, signal.default_int_handler)  # pytest may be run where signals are ignored
signal.signal(signal.SIGHUP, signal.SIG_DFL)
importlib.import_module("scratchlab.tracking.recorder").Publisher = NoPublisher
sys.argv[0] = {str(ROOT / "train.py")!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.system
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "ended by SIGTERM"),
        (signal.SIGHUP, 129, "ended by SIGHUP"),
    ],
)
def test_a_run_that_is_told_to_end_says_so(
    tmp_path: Path, number: signal.Signals, code: int, said: str
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", UNPUBLISHED, "data=digits", "trainer.epochs=1000000"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(
            lambda: [path for path in tmp_path.rglob(JOURNAL) if path.stat().st_size > 10_000], "training"
        )
        process.send_signal(number)
        _, stderr = process.communicate(timeout=DEADLINE_SECONDS)
    finally:
        process.kill()
        process.wait()
    [path] = tmp_path.rglob(JOURNAL)
    folder = path.parent.relative_to(tmp_path)
    way_on = f"to go on with it: python train.py resume={folder}"
    assert (process.returncode, stderr) == (code, f"{said}\n{way_on}\n")
    journal = read_journal(path.parent)
    assert isinstance(journal[-1], End)
    assert journal[-1].status == Status.KILLED


def test_data_that_is_nowhere_is_no_reason_to_take_other_data(tmp_path: Path, nowhere: Path) -> None:
    ended = launch("train.py", "data.mirrors=[http://127.0.0.1:9/mnist]", cwd=tmp_path)
    assert (ended.code, ended.stdout) == (66, "")
    assert ended.stderr.startswith("train-images-idx3-ubyte of mnist was found in none of these places:\n")
    assert f"\nPut the files of mnist into {nowhere}/data/mnist, name the folder " in ended.stderr
    assert not list(tmp_path.rglob(JOURNAL))


def test_data_that_is_damaged_is_named(tmp_path: Path, nowhere: Path) -> None:
    file = nowhere / "data" / "mnist" / "train-images-idx3-ubyte"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"these are no images")
    ended = launch("train.py", "data=mnist", cwd=tmp_path)
    assert (ended.code, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"{file}: expected ")
    assert len(ended.stderr.splitlines()) == 1
    assert not list(tmp_path.rglob(JOURNAL))


def test_a_network_larger_than_the_memory_is_refused(tmp_path: Path) -> None:
    ended = launch("train.py", "data=digits", "model.hidden=99999999999999", cwd=tmp_path)
    assert ended.code == 1
    assert re.fullmatch(r"Unable to allocate .* PiB for an array with shape .*\n", ended.stderr)
    assert not list(tmp_path.rglob(JOURNAL))


@pytest.mark.usefixtures("no_figures")
def test_an_error_in_the_code_keeps_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError("the model is broken")

    monkeypatch.setattr("scratchlab.tasks.train.save_model", broken)
    ended = launch("train.py", "data=digits", "trainer.max_steps=1", cwd=tmp_path)
    assert ended.code == 1
    assert ended.stderr.startswith("Traceback (most recent call last):\n")
    way_on = f"to go on with it: python train.py resume={ended.folder.relative_to(tmp_path)}"
    assert ended.stderr.endswith(f"RuntimeError: the model is broken\n{way_on}\n")
    assert ended.of_kind(End)[-1].status == Status.FAILED
    recorded = (ended.folder / "artifacts" / "traceback.txt").read_text()
    assert recorded.endswith(f"RuntimeError: the model is broken\n{way_on}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nonsense"], "--nonsense: there is no such option; --hydra-help lists them"),
        (["seed=1", "-x"], "-x: there is no such option; --hydra-help lists them"),
        (["seed=1", "-m", "seed=2,3"], "seed=2,3: expected options such as -m in front of all overrides"),
        (["--cfg"], "argument --cfg/-c: expected one argument; --hydra-help lists the options"),
    ],
)
def test_options_that_hydra_does_not_have(tmp_path: Path, arguments: list[str], said: str) -> None:
    ended = launch("train.py", *arguments, cwd=tmp_path)
    assert (ended.code, ended.stdout, ended.stderr) == (2, "", f"{said}\n")
    assert list(tmp_path.iterdir()) == []


def test_help_names_every_group_with_its_options_and_three_examples(tmp_path: Path) -> None:
    ended = launch("train.py", "--help", cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    groups = [folder for folder in CONFIG_FOLDER.iterdir() if folder.is_dir() and folder.name != "hydra"]
    for group in groups:
        options = sorted(path.stem for path in group.glob("*.yaml"))
        if options:
            assert f"{group.name}: {', '.join(options)}" in lines
    assert sum(line.startswith("  python train.py ") for line in lines) == 3
    assert "trainer:" in lines
    assert "  epochs: 12" in lines
    assert list(tmp_path.iterdir()) == []


def imported_modules(*arguments: str, cwd: Path, **environment: str) -> tuple[str, set[str]]:
    """Run train.py; return its output and the packages that it imported."""
    ended = python("-X", "importtime", str(ROOT / "train.py"), *arguments, cwd=cwd, **environment)
    lines = [line for line in ended.stderr.splitlines() if line.startswith("import time:")]
    return ended.stdout, {line.rpartition("|")[2].strip() for line in lines}


HEAVY = {"numpy", "mlflow", "matplotlib", "rich", "scratchlab.nn", "scratchlab.data"}


@pytest.mark.parametrize(
    ("line", "completions"),
    [
        ("optimi", ["optimizer=", "optimizer."]),
        (
            "optimizer=a",
            ["optimizer=adagrad", "optimizer=adam", "optimizer=adam_compiled", "optimizer=adamw"],
        ),
        ("trainer.ba", ["trainer.batch_size="]),
    ],
)
def test_completion_knows_groups_options_and_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, completions: list[str]
) -> None:
    typed = f"python train.py {line}"
    monkeypatch.setenv("COMP_LINE", typed)
    monkeypatch.setenv("COMP_POINT", str(len(typed)))
    ended = launch("train.py", "-sc", "query=bash", cwd=tmp_path)
    assert sorted(ended.stdout.split()) == sorted(completions)
    assert list(tmp_path.iterdir()) == []


def test_completion_loads_nothing_heavy(tmp_path: Path) -> None:
    typed = {"COMP_LINE": "python train.py data=dig", "COMP_POINT": "24"}
    output, modules = imported_modules("-sc", "query=bash", cwd=tmp_path, **typed)
    assert output.split() == ["data=digits"]
    assert "hydra" in modules
    assert modules & HEAVY == set()


def test_training_does_load_what_completion_does_not(tmp_path: Path) -> None:
    _, modules = imported_modules("data=digits", "trainer.max_steps=1", "tracking=off", cwd=tmp_path)
    assert modules & HEAVY == HEAVY - {"mlflow", "matplotlib"}
