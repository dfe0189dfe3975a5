import pytest

from experiments.scoreboard.recipe import Recipe, RecipeError
from scratchlab.ensembles.ensemble import ensemble_fingerprint
from scratchlab.tracking import FINGERPRINT, read_start, run_folders
from tests.experiments.scoreboard.rows import ensemble_row, row
from tests.stored import Stored


def test_the_fingerprints_are_those_that_runs_have(stored: Stored) -> None:
    starts = [read_start(folder) for folder in run_folders(stored.cwd)]
    of_sweep = {start.params["seed"]: start.tags[FINGERPRINT] for start in starts if start.parent is not None}
    assert [each.digest for each in Recipe.of(row()).trained] == [of_sweep[seed] for seed in range(5)]
    assert len(of_sweep) == 5


def test_a_value_that_changes_the_result_changes_them_all() -> None:
    changed = row(overrides=["data=digits", "trainer.epochs=3"])
    assert not set(Recipe.of(row()).trained) & set(Recipe.of(changed).trained)


def test_where_it_is_recorded_changes_none() -> None:
    elsewhere = row(overrides=["data=digits", "trainer.epochs=2", "tracking.experiment=other"])
    assert Recipe.of(row()).trained == Recipe.of(elsewhere).trained


def test_each_run_counts() -> None:
    recipe = Recipe.of(row())
    assert recipe.counted == recipe.trained


def test_of_an_ensemble_counts_the_run_that_averages() -> None:
    longer = {"overrides": ["data=digits", "trainer.epochs=3"], "seeds": 2}
    recipe = Recipe.of(ensemble_row("both", {"seeds": 3}, longer))
    one, two = Recipe.of(row(**longer, is_drawn=False)).trained
    assert recipe.trained == [*Recipe.of(row()).trained[:3], one, two]
    assert recipe.counted == [ensemble_fingerprint([two, one, *recipe.trained[:3]])]


def test_an_epoch_of_1137_digits_has_6_batches_of_200() -> None:
    [composed] = Recipe.of(row()).composed
    assert composed.config.trainer.batch_size == 200
    assert Recipe.of(row()).steps_per_epoch == 6


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"experiment": "nowhere"}, "tiny: .*experiment/nowhere"),
        ({"overrides": ["data=digits", "model.hiden=3"]}, "tiny: .*hiden"),
        ({"overrides": ["data=mnist", "data.mirrors=[]"]}, "tiny: .* was found in none of these places$"),
    ],
)
def test_a_recipe_that_cannot_be_used_is_named_with_its_row(
    values: dict[str, object], said: str, nowhere: object
) -> None:
    with pytest.raises(RecipeError, match=said):
        Recipe.of(row(**values))
