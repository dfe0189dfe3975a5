import pytest

from scratchlab.app.committee import committee_signature
from scratchlab.app.scoreboard.recipe import Recipe, RecipeError
from scratchlab.tracking import SIGNATURE, read_start, run_folders

from .conftest import Stored
from .rows import row


def test_the_signatures_are_those_that_runs_have(stored: Stored) -> None:
    starts = [read_start(folder) for folder in run_folders(stored.cwd)]
    of_sweep = {start.tags[SIGNATURE]: start.params["seed"] for start in starts if start.parent is not None}
    assert Recipe.of(row()).trained == of_sweep
    assert len(of_sweep) == 5


def test_a_value_that_changes_the_result_changes_them_all() -> None:
    changed = row(overrides=["data=digits", "trainer.epochs=3"])
    assert not Recipe.of(row()).trained.keys() & Recipe.of(changed).trained.keys()


def test_where_it_is_recorded_changes_none() -> None:
    elsewhere = row(overrides=["data=digits", "trainer.epochs=2", "tracking.experiment=other"])
    assert Recipe.of(row()).trained == Recipe.of(elsewhere).trained


def test_a_run_counts_by_its_seed() -> None:
    recipe = Recipe.of(row())
    assert recipe.counted == recipe.trained


def test_committees_take_their_members_in_turn() -> None:
    recipe = Recipe.of(row(seeds=2, members=3))
    zero, one, two, *later = recipe.trained
    assert recipe.counted == {
        committee_signature([two, zero, one]): 0,
        committee_signature(later): 1,
    }


def test_an_epoch_of_1137_digits_has_6_batches_of_200() -> None:
    assert Recipe.of(row()).config.trainer.batch_size == 200
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
