import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from experiments.scoreboard.export import earlier_file, export, results_file
from experiments.scoreboard.recipe import Recipe
from experiments.scoreboard.result import CURVES, Result, read_results, write_results
from scratchlab.tracking import FINGERPRINT, embedded_uri, read_journal, read_start, run_folders
from scratchlab.tracking.journal.records import Metrics
from tests.experiments.scoreboard.rows import result, row
from tests.stored import Stored


def exported(folder: Path, stored: Stored, **values: object) -> tuple[list[Result], list[Result]]:
    """Export a row; return what counts no longer, and what its results are."""
    recipe = Recipe.of(row(**values))
    left = export(recipe, uri=stored.uri, folder=folder)
    return left, read_results(results_file(folder, recipe.row.name))


def test_the_results_are_what_the_runs_have_recorded(stored: Stored, tmp_path: Path) -> None:
    left, results = exported(tmp_path, stored)
    assert left == []
    assert [each.seed for each in results] == [0, 1, 2, 3, 4]
    folders = {read_start(folder).tags[FINGERPRINT]: folder for folder in run_folders(stored.cwd)}
    for each in results:
        measured = [
            record for record in read_journal(folders[each.fingerprint]) if isinstance(record, Metrics)
        ]
        values = [(name, value) for record in measured for name, value in record.values.items()]
        [accuracy] = [value for name, value in values if name == "test/accuracy"]
        assert each.test_error == pytest.approx(100 * (1 - accuracy), abs=1e-4)
        assert each.num_test == 360
        assert each.seconds == pytest.approx(
            sum(value for name, value in values if name.startswith("time/")), rel=1e-5
        )
        for curve in CURVES:
            assert each.curves[curve] == pytest.approx(
                [value for name, value in values if name == curve], rel=1e-5
            )
            assert len(each.curves[curve]) == 2
        with closing(sqlite3.connect(stored.uri.removeprefix("sqlite:///"))) as store:
            [[fingerprint]] = store.execute(
                "SELECT value FROM tags WHERE key = ? AND run_uuid = ?", [FINGERPRINT, each.run_id]
            )
        assert fingerprint == each.fingerprint


def test_neither_shortened_nor_failed_runs_count(stored: Stored, tmp_path: Path) -> None:
    """Both are in the store, under fingerprints of their own; the failed one does not even count as itself."""
    _, results = exported(
        tmp_path, stored, overrides=["data=digits", "trainer.epochs=2", "optimizer.lr=1e30"]
    )
    assert results == []
    _, results = exported(
        tmp_path, stored, overrides=["data=digits", "trainer.epochs=2", "trainer.max_steps=1"]
    )
    assert [each.seed for each in results] == [0]  # of the recipe that it has, it is a run


def test_a_row_without_runs_in_the_store_keeps_its_file(stored: Stored, tmp_path: Path) -> None:
    recipe = Recipe.of(row(overrides=["data=digits", "trainer.epochs=7"]))
    fingerprints = [each.digest for each in recipe.trained]
    path = results_file(tmp_path, "tiny")
    write_results(path, [result(0, fingerprint=fingerprints[0])])
    before = path.read_bytes()
    assert export(recipe, uri=stored.uri, folder=tmp_path) == []
    assert path.read_bytes() == before


def test_results_of_an_earlier_recipe_go_aside(stored: Stored, tmp_path: Path) -> None:
    """Whether the store has newer ones or not; told once, and never lost."""
    path, aside = results_file(tmp_path, "tiny"), earlier_file(tmp_path, "tiny")
    write_results(path, [result(0), result(7)])
    newer = {"overrides": ["data=digits", "trainer.epochs=7"]}
    assert exported(tmp_path, stored, **newer) == ([result(0), result(7)], [])
    assert not path.exists()
    assert read_results(aside) == [result(0), result(7)]
    write_results(path, [result(3)])
    left, results = exported(tmp_path, stored)
    assert left == [result(3)]
    assert [each.seed for each in results] == [0, 1, 2, 3, 4]
    assert read_results(aside) == [result(0), result(3), result(7)]
    assert exported(tmp_path, stored) == ([], results)
    assert read_results(aside) == [result(0), result(3), result(7)]


def test_results_come_back_with_their_recipe(stored: Stored, tmp_path: Path) -> None:
    _, results = exported(tmp_path, stored)
    before = results_file(tmp_path, "tiny").read_bytes()
    elsewhere = Stored(tmp_path, embedded_uri(tmp_path / "empty"))
    left, _ = exported(tmp_path, elsewhere, overrides=["data=digits", "trainer.epochs=7"])
    assert left == results
    left, _ = exported(tmp_path, elsewhere)
    assert left == []
    assert results_file(tmp_path, "tiny").read_bytes() == before
    assert not earlier_file(tmp_path, "tiny").exists()


def test_runs_of_another_machine_stay_beside_those_of_this_one(stored: Stored, tmp_path: Path) -> None:
    """The store has five of seven seeds; the file has the two others, and one that the store has as well."""
    fingerprints = [each.digest for each in Recipe.of(row(seeds=7)).trained]
    others = [result(seed, 50.0, fingerprint=fingerprints[seed]) for seed in (2, 5, 6)]
    write_results(results_file(tmp_path, "tiny"), others)
    _, results = exported(tmp_path, stored, seeds=7)
    assert [each.seed for each in results] == [0, 1, 2, 3, 4, 5, 6]
    assert results[5:] == others[1:]
    assert results[2] != others[0]


def test_exporting_again_changes_nothing(stored: Stored, tmp_path: Path) -> None:
    exported(tmp_path, stored)
    before = results_file(tmp_path, "tiny").read_bytes()
    exported(tmp_path, stored)
    assert results_file(tmp_path, "tiny").read_bytes() == before


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    missing = Stored(tmp_path, embedded_uri(tmp_path / "project"))
    assert exported(tmp_path, missing) == ([], [])
    assert not (tmp_path / "project").exists()
    assert not results_file(tmp_path, "tiny").exists()
