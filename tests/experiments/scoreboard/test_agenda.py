import os
import re
import shutil
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from experiments.scoreboard.agenda import Agenda
from experiments.scoreboard.export import export, results_file
from experiments.scoreboard.recipe import Recipe
from experiments.scoreboard.result import read_results
from experiments.scoreboard.row import Row
from scratchlab.config.project import ROOT
from scratchlab.tracking import JOURNAL, embedded_uri, read_run
from scratchlab.tracking.store.database import back_up
from tests.experiments.scoreboard.rows import board, ensemble_row, entry, row
from tests.polling import wait_until
from tests.stored import Stored

DEADLINE_SECONDS = 120
"""For what takes seconds on a machine that has nothing else to do."""


def agenda(rows: list[Row], uri: str) -> tuple[bool, str]:
    """Make what is missing; return whether all was made, and what was said."""
    said = StringIO()
    is_complete = Agenda(uri, Console(file=said, highlight=False)).run(rows)
    return is_complete, said.getvalue()


def once(name: str, *overrides: str, minutes: float) -> Row:
    """A row of one run."""
    return row(name, seeds=1, is_drawn=False, minutes=minutes, overrides=["data=digits", *overrides])


@pytest.mark.slow
def test_the_shortest_come_first_and_a_row_that_fails_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    uri = embedded_uri(tmp_path)
    rows = [
        once("longest", "trainer.epochs=2", minutes=120),
        once("fails", "trainer.epochs=1", "optimizer.lr=1e30", minutes=20),
        once("broken", "nothing=1", minutes=1),
        once("shortest", "trainer.epochs=1", minutes=10),
    ]
    is_complete, said = agenda(rows, uri)
    assert not is_complete
    assert re.findall(r"^\[.*", said, re.MULTILINE) == [
        "[1/3] shortest: 1 run, about 10 minutes; after it 2 rows, about 2.3 hours",
        "[2/3] fails: 1 run, about 20 minutes; after it 1 row, about 2.0 hours",
        "[3/3] longest: 1 run, about 2.0 hours",
    ]
    assert "broken: " in said
    assert said.endswith("\nnot complete: broken, fails\n")
    for each in (rows[0], rows[3]):
        assert export(Recipe.of(each), uri=uri, folder=tmp_path) == []
        assert len(read_results(results_file(tmp_path, each.name))) == 1

    # Given again it starts only what is missing.
    is_complete, said = agenda([rows[0], rows[1], rows[3]], uri)
    assert not is_complete
    assert re.findall(r"^\[.*", said, re.MULTILINE) == ["[1/1] fails: 1 run, about 20 minutes"]


def test_a_row_that_is_complete_starts_nothing(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.scoreboard.agenda.subprocess.Popen", None)
    assert agenda([row()], stored.uri) == (True, "")


def test_a_row_whose_runs_fail_is_not_complete(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    is_complete, said = agenda([row(seeds=7)], stored.uri)
    assert not is_complete
    assert said.endswith("\nnot complete: tiny\n")


@pytest.mark.slow
def test_two_missing_seeds_are_made_and_the_others_are_not_made_again(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # A copy, because other tests count on five runs.
    back_up(stored.cwd / "mlruns" / "mlflow.db", tmp_path / "mlruns" / "mlflow.db")
    is_complete, said = agenda([row(seeds=7)], embedded_uri(tmp_path))
    assert is_complete
    assert said.startswith("\n[1/1] tiny: 2 runs, about 1 minute\npython train.py -m ")
    assert len(list(tmp_path.glob(f"outputs/*/*-sweep/*/{JOURNAL}"))) == 2


@pytest.mark.system
def test_an_ensemble_is_made_of_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    longer: dict[str, object] = {"overrides": ["data=digits", "trainer.epochs=3"], "seeds": 1}
    uri, both = embedded_uri(tmp_path), ensemble_row("tiny", {"seeds": 2}, longer)
    is_complete, said = agenda([both], uri)
    assert is_complete
    assert said.startswith("\n[1/1] tiny: 3 runs and 1 ensemble, about ")
    export(Recipe.of(both), uri=uri, folder=tmp_path)
    [found] = read_results(results_file(tmp_path, "tiny"))
    [ensemble] = tmp_path.glob("outputs/*/*-ensemble")
    run = read_run(ensemble)
    assert (found.run_id, found.epochs) == (run.run_id, 0)
    assert found.test_error == pytest.approx(100 * (1 - run.metrics["test/accuracy"]), abs=1e-4)
    assert agenda([both], uri) == (True, "")


@pytest.mark.slow
def test_what_rows_have_in_common_is_made_and_announced_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ensemble of the seeds 0 and 1 of a row that has the seeds 0, 1 and 2."""
    monkeypatch.chdir(tmp_path)
    rows = [row("alone", seeds=3, minutes=10), ensemble_row("together", {"seeds": 2}, minutes=10)]
    is_complete, said = agenda(rows[::-1], embedded_uri(tmp_path))
    assert is_complete
    assert re.findall(r"^\[.*", said, re.MULTILINE) == [
        "[1/2] together: 2 runs and 1 ensemble, about 20 minutes; after it 1 row, about 10 minutes",
        "[2/2] alone: 1 run, about 10 minutes",
    ]
    assert len(list(tmp_path.glob(f"outputs/*/*-sweep/*/{JOURNAL}"))) == 3


@pytest.mark.system
@pytest.mark.parametrize(
    ("number", "is_for_all", "said"),
    [
        (signal.SIGINT, True, "interrupted: the same command goes on"),
        (signal.SIGTERM, False, "ended by SIGTERM: the same command goes on"),
    ],
)
def test_what_ends_it_ends_the_run_that_is_at_work_in_good_order(
    tmp_path: Path, number: signal.Signals, is_for_all: bool, said: str
) -> None:
    """A terminal sends Ctrl-C to all processes; `kill` sends its signal to one."""
    folder = board(
        tmp_path / "experiments", entry("endless", overrides=["data=digits", "trainer.epochs=100000"])
    )
    code = f"""
import sys
from pathlib import Path
from experiments.scoreboard.command import main
sys.exit(main(["--run", "--uri", {embedded_uri(tmp_path)!r}], folder=Path({str(folder)!r})))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "FORCE_COLOR": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        wait_until(
            lambda: [
                path
                for path in tmp_path.glob(f"outputs/*/*-sweep/0/{JOURNAL}")
                if path.stat().st_size > 20_000
            ],
            "a run that trains",
        )
        if is_for_all:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, stderr = process.communicate(timeout=DEADLINE_SECONDS)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 128 + number
    assert stderr.splitlines()[-1] == said
    assert "Traceback" not in stderr
    [sweep] = tmp_path.glob("outputs/*/*-sweep")
    assert {read_run(sweep).status, read_run(sweep / "0").status} == {"KILLED"}
