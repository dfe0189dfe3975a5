import csv
import re
import signal
import statistics
from pathlib import Path

import pytest

from scratchlab.tracking import FINGERPRINT, JOURNAL
from scratchlab.tracking.journal.records import Status
from tests.launched import Ended, launch, without_figures
from tests.polling import wait_until
from tests.sweeps.sweeping import DEADLINE_SECONDS, SweptRun, children, in_store, living, parent, sweeping


def ranked(sweep: SweptRun) -> list[dict[str, str]]:
    """The rows of a sweep's leaderboard."""
    text = (sweep.folder / "artifacts" / "leaderboard.csv").read_text()
    return list(csv.DictReader(text.splitlines()))


def sweep(*arguments: str, cwd: Path, script: str = "train.py") -> Ended:
    """Run a sweep over short runs whose store is empty, and stays so."""
    store = f"tracking.uri=sqlite:///{cwd}/none.db"
    return launch(script, "-m", "data=digits", "trainer.epochs=2", store, *arguments, cwd=cwd)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A sweep over two widths with two seeds each that has ended well, for tests that only look at it."""
    with without_figures():
        return sweep("model.hidden=8,16", "seed=0,1", cwd=tmp_path_factory.mktemp("swept"))


def test_the_runs_are_children_of_the_sweep_named_after_what_distinguishes_them(swept: Ended) -> None:
    assert (swept.code, swept.stderr) == (0, "")
    sweep, runs = parent(swept.cwd), children(swept.cwd)
    assert sweep.start.parent is None
    assert [run.start.parent for run in runs] == [sweep.start.run_uuid] * 4
    assert [run.folder.relative_to(sweep.folder).name for run in runs] == ["0", "1", "2", "3"]
    assert [run.start.name for run in runs] == [
        "hidden=8 seed=0",
        "hidden=8 seed=1",
        "hidden=16 seed=0",
        "hidden=16 seed=1",
    ]
    assert [run.start.params["model.hidden"] for run in runs] == [8, 8, 16, 16]
    assert len({run.start.tags["scratchlab.fingerprint"] for run in runs}) == 4
    assert {run.status for run in [sweep, *runs]} == {Status.FINISHED}


def test_the_parameters_of_a_sweep_are_the_values_it_tries(swept: Ended) -> None:
    start = parent(swept.cwd).start
    assert (start.name, start.tags["scratchlab.kind"]) == ("sweep over hidden seed", "sweep")
    assert start.params == {"model.hidden": "8,16", "seed": "0,1"}
    assert start.tags["scratchlab.overrides"].endswith("none.db model.hidden=8,16 seed=0,1")
    assert start.tags[FINGERPRINT] not in {run.start.tags[FINGERPRINT] for run in children(swept.cwd)}


def test_a_run_of_a_sweep_is_a_line_with_what_it_is_compared_by(swept: Ended) -> None:
    runs = children(swept.cwd)
    lines = [f"{100 * run.values['best/val_accuracy']:>6.2f} %  {run.start.name}" for run in runs]
    assert swept.stdout.splitlines()[: len(runs)] == lines


def test_the_test_accuracy_is_shown_of_the_chosen_configuration_alone(swept: Ended) -> None:
    lines = swept.stdout.replace(str(swept.cwd), "").splitlines()
    [shown] = [line for line in lines if "test" in line]
    assert shown.startswith("best   hidden=")
    assert shown.endswith(f", {100 * parent(swept.cwd).values['test/accuracy']:.2f} % on the test set")


def test_the_leaderboard_is_what_the_runs_recorded_over_the_seeds(swept: Ended) -> None:
    accuracies: dict[str, list[float]] = {"8": [], "16": []}
    for run in children(swept.cwd):
        accuracies[str(run.start.params["model.hidden"])].append(run.values["best/val_accuracy"])
    sweep = parent(swept.cwd)
    rows = ranked(sweep)
    assert [row["n"] for row in rows] == ["2", "2"]
    for row in rows:
        of_width = accuracies[row["model.hidden"]]
        assert float(row["val_accuracy"]) == pytest.approx(statistics.mean(of_width), abs=1e-12)
        assert float(row["std"]) == pytest.approx(statistics.stdev(of_width), abs=1e-12)
    best, other = rows
    assert float(best["val_accuracy"]) > float(other["val_accuracy"])
    of_best = [
        run for run in children(swept.cwd) if str(run.start.params["model.hidden"]) == best["model.hidden"]
    ]
    assert sweep.values == {
        "best/val_accuracy": float(best["val_accuracy"]),
        "best/val_accuracy_std": float(best["std"]),
        "best/n": 2,
        "test/accuracy": statistics.mean(run.values["test/accuracy"] for run in of_best),
    }
    assert f"hidden={best['model.hidden']}" in (sweep.folder / "artifacts/leaderboard.md").read_text()


def test_the_command_of_the_best_run_is_on_record(swept: Ended) -> None:
    best = max(children(swept.cwd), key=lambda run: run.values["best/val_accuracy"])
    hidden, seed = best.start.params["model.hidden"], best.start.params["seed"]
    command = parent(swept.cwd).tags["scratchlab.best_command"]
    assert command.startswith("python train.py data=digits trainer.epochs=2 ")
    assert command.endswith(f" model.hidden={hidden} seed={seed}")


def test_a_sweep_has_its_pictures(swept: Ended) -> None:
    names = ("heat_maps", "parallel_coordinates", "best_curves")
    assert parent(swept.cwd).artifacts >= {f"artifacts/plots/{name}.png" for name in names}


def test_a_sweep_ends_with_its_leaderboard(swept: Ended) -> None:
    assert "4 runs: 4 finished" in swept.stdout.splitlines()
    assert sum("│ hidden=" in line for line in swept.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (
            ("model.hidden=8,16", "optimizer.lr=0.1,-1"),
            "optimizer.lr=-1: expected a number above 0 (in the run hidden=8 lr=-1; none was started)\n",
        ),
        (
            ("seed=0,1", "model.hidden=8,16,0"),
            "model.hidden=0: expected a whole number of at least 1, or a list of them like [500,300] "
            "(in the run seed=0 hidden=0; none was started)\n",
        ),
    ],
)
def test_a_value_out_of_range_is_found_before_the_first_run_starts(
    tmp_path: Path, overrides: tuple[str, ...], said: str
) -> None:
    ended = sweep(*overrides, cwd=tmp_path)
    assert (ended.code, ended.stdout, ended.stderr) == (2, "", said)
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_shows_the_runs_and_starts_none(tmp_path: Path) -> None:
    ended = sweep("model.hidden=8,[16,8]", "sweep.dry_run=true", cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    *_, first, second, _, count, total = ended.stdout.splitlines()
    for row, expected in ((first, ["0", "hidden=8"]), (second, ["1", "hidden=[16,8]"])):
        *cells, seconds = [cell.strip() for cell in row.split("│")[1:-1]]
        assert cells == [*expected, "would start"]
        assert re.fullmatch(r"\d+ s", seconds)
    assert count == "2 of 2 runs would start; none has"
    assert re.fullmatch(r"about \d+ s one after another, if none ends early", total)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_figures")
def test_a_run_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    ended = sweep("optimizer.lr=1e30,0.1", cwd=tmp_path)
    assert ended.code == 1
    assert ended.stderr.startswith("the loss is nan at step 2 (epoch 1): ")
    assert "Traceback" not in ended.stderr
    assert [run.status for run in children(tmp_path)] == [Status.FAILED, Status.FINISHED]
    assert "2 runs: 1 finished, 1 failed" in ended.stdout.splitlines()
    [failed] = [line for line in ended.stdout.splitlines() if line.startswith("failed: ")]
    assert failed.startswith("failed: python train.py data=digits trainer.epochs=2 ")
    assert failed.endswith(" optimizer.lr=1e+30")
    [row] = ranked(parent(tmp_path))
    assert (row["optimizer.lr"], row["n"]) == ("0.1", "1")


@pytest.mark.usefixtures("no_figures")
def test_where_nothing_is_recorded_runs_are_compared_all_the_same(tmp_path: Path) -> None:
    ended = launch(
        *("train.py", "-m", "data=digits", "trainer.epochs=1", "tracking=off", "seed=0,1"), cwd=tmp_path
    )
    assert (ended.code, ended.stderr) == (0, "")
    assert any("all runs" in line and line.endswith("│ 2 │") for line in ended.stdout.splitlines())
    assert not list(tmp_path.rglob(JOURNAL))


def test_where_no_run_ended_well_there_is_no_leaderboard(tmp_path: Path) -> None:
    ended = launch(
        *("train.py", "-m", "data=digits", "trainer.epochs=1", "tracking=off", "optimizer.lr=1e30,1e31"),
        cwd=tmp_path,
    )
    assert ended.code == 1
    assert ended.stdout.count("failed: python train.py ") == 2
    assert "2 runs: 2 failed" in ended.stdout.splitlines()
    assert "configuration" not in ended.stdout


@pytest.mark.usefixtures("no_figures")
def test_networks_are_checked_in_a_sweep_too_but_not_ranked(tmp_path: Path) -> None:
    ended = sweep("seed=0,1", cwd=tmp_path, script="check.py")
    assert (ended.code, ended.stderr) == (0, "")
    assert [run.start.name for run in children(tmp_path)] == ["check seed=0", "check seed=1"]
    assert len({run.start.tags[FINGERPRINT] for run in children(tmp_path)}) == 2
    assert "2 runs: 2 finished" in ended.stdout.splitlines()
    assert "configuration" not in ended.stdout
    assert not (parent(tmp_path).folder / "artifacts").exists()


@pytest.mark.usefixtures("no_figures")
def test_a_search_runs_every_configuration_with_every_seed(tmp_path: Path) -> None:
    ended = sweep(
        *("sweep=random", "sweep.n_trials=2", "optimizer.lr=interval(0.05,0.5)", "seed=range(2)"),
        cwd=tmp_path,
    )
    assert (ended.code, ended.stderr) == (0, "")
    of_seed: dict[object, list[object]] = {0: [], 1: []}
    for run in children(tmp_path):
        of_seed[run.start.params["seed"]].append(run.start.params["optimizer.lr"])
    assert of_seed[0] == of_seed[1]
    assert len(set(of_seed[0])) == 2
    assert [row["n"] for row in ranked(parent(tmp_path))] == ["2", "2"]
    assert "4 runs: 4 finished" in ended.stdout.splitlines()


@pytest.mark.system
def test_the_same_command_again_finishes_what_a_kill_left_and_repeats_nothing(tmp_path: Path) -> None:
    overrides = ("trainer.epochs=2", "model.hidden=8,16,24,32")
    with sweeping("basic", *overrides, cwd=tmp_path) as process:
        wait_until(lambda: list(tmp_path.glob(f"outputs/*/*/1/{JOURNAL}")), "the second run")
        assert len(living(tmp_path)) == 2  # the sweep and its publisher
        process.kill()
        process.wait()
        wait_until(
            lambda: not living(tmp_path), "the publisher's end"
        )  # the publisher says what has become of the runs
    name = "sweep over hidden"
    assert in_store(tmp_path) == [("hidden=16", "KILLED"), ("hidden=8", "FINISHED"), (name, "KILLED")]
    with sweeping("basic", *overrides, cwd=tmp_path) as process:
        stdout, stderr = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, stderr) == (0, "")
    assert "4 runs: 3 finished, 1 had finished before" in stdout.splitlines()
    assert sum("│ hidden=" in line for line in stdout.splitlines()) == 4
    after = in_store(tmp_path)
    assert after == [
        ("hidden=16", "FINISHED"),
        ("hidden=16", "KILLED"),
        ("hidden=24", "FINISHED"),
        ("hidden=32", "FINISHED"),
        ("hidden=8", "FINISHED"),
        (name, "FINISHED"),
    ]
    with sweeping("basic", *overrides, "sweep.dry_run=true", cwd=tmp_path) as process:
        stdout, stderr = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, stderr) == (0, "")
    assert stdout.count("had finished before") == 4
    assert stdout.splitlines()[-1] == "0 of 4 runs would start; none has"
    assert in_store(tmp_path) == after


@pytest.mark.system
def test_an_interrupt_ends_the_sweep_its_run_and_every_process(tmp_path: Path) -> None:
    with sweeping("basic", "trainer.epochs=1000000", "model.hidden=8,16", cwd=tmp_path) as process:
        journal = f"outputs/*/*/0/{JOURNAL}"
        wait_until(
            lambda: [path for path in tmp_path.glob(journal) if path.stat().st_size > 10_000], "training"
        )
        assert len(living(tmp_path)) == 2  # the sweep and its publisher
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, stderr) == (130, "interrupted\n")
    assert [run.status for run in [parent(tmp_path), *children(tmp_path)]] == [Status.KILLED] * 2
    assert in_store(tmp_path) == [("hidden=8", "KILLED"), ("sweep over hidden", "KILLED")]
    assert living(tmp_path) == []
