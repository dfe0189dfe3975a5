"""From the tracking store to the files of results: what counts for a row, and what does not."""

from pathlib import Path

from experiments.scoreboard.recipe import Recipe
from experiments.scoreboard.result import CURVES, Result, read_results, write_results
from scratchlab.ensembles.ensemble import TIMES
from scratchlab.tracking import PastRun, histories, runs_by_fingerprint
from scratchlab.tracking.journal.records import Status


def results_file(folder: Path, name: str) -> Path:
    """Return the file with the results of a row."""
    return folder / "results" / f"{name}.csv"


def earlier_file(folder: Path, name: str) -> Path:
    """Return the file with the results of a row that were made with an earlier recipe."""
    return folder / "results" / "earlier" / f"{name}.csv"


def export(recipe: Recipe, *, uri: str, folder: Path) -> list[Result]:
    """Bring the files of a row's results up to date with a tracking store; return those that count no longer.

    A run counts when it has come to its end and has the fingerprint of the row's configuration as it is composed today,
    with one of the row's seeds. Runs in the store replace those in the file that have the same seed. What the file
    has of an earlier recipe goes to a file beside it, and comes back from there if the recipe does.

    Raises:
        ConnectionError: the server does not answer.
        ValueError: a file is damaged, or `uri` is no store.
    """
    path, aside = results_file(folder, recipe.row.name), earlier_file(folder, recipe.row.name)
    shown, counting = read_results(path), recipe.counted
    seeds = {each.digest: seed for seed, each in enumerate(counting)}
    known = [*read_results(aside), *shown]
    counted = {result.seed: result for result in known if result.fingerprint in seeds}
    counted |= {
        seeds[fingerprint]: _result(recipe, run, seeds[fingerprint], fingerprint, uri)
        for fingerprint, run in runs_by_fingerprint(
            uri, recipe.experiment, counting, status=Status.FINISHED
        ).items()
    }
    earlier = {result.fingerprint: result for result in known if result.fingerprint not in seeds}
    write_results(aside, earlier.values())  # first: what is in both after a crash is in both, not in neither
    write_results(path, counted.values())
    return [result for result in shown if result.fingerprint not in seeds]


def _result(recipe: Recipe, run: PastRun, seed: int, fingerprint: str, uri: str) -> Result:
    assert run.run_id is not None
    times = [name for name in run.metrics if name.startswith(TIMES)]
    measured = histories(uri, run.run_id, [*CURVES, *times])
    num_wrong = round((1 - run.metrics["test/accuracy"]) * recipe.num_test)
    is_changed = run.tags.get("scratchlab.git_dirty") == "true"
    return Result(
        seed=seed,
        test_error=100 * num_wrong / recipe.num_test,
        num_test=recipe.num_test,
        seconds=sum(sum(measured[name]) for name in times),
        steps_per_epoch=recipe.steps_per_epoch,
        run_id=run.run_id,
        fingerprint=fingerprint,
        commit=run.tags.get("mlflow.source.git.commit", "")[:12] + "+" * is_changed,
        curves={name: measured[name] for name in CURVES},
    )
