import re
from collections import defaultdict
from dataclasses import replace
from itertools import combinations

import pytest

from scratchlab.config.build import load
from scratchlab.config.fingerprint import fingerprint, run_fingerprint
from scratchlab.config.project import CONFIG_FOLDER
from scratchlab.config.recorded import recorded_config
from scratchlab.data import Dataset
from tests.composed import composed

PARTS = ("augment", "loss", "model", "optimizer", "regularization", "schedule")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load(composed("data=digits"))


def identity(dataset: Dataset, *overrides: str) -> str:
    return run_fingerprint(composed("data=digits", *overrides), dataset, kind="train").digest


@pytest.mark.parametrize(
    ("overrides", "earlier"),
    [
        (["data=mnist"], "8cce4edfd8cd46302ff1ac73a5731975"),
        (["data=digits"], "3081d1d447ea9274694b7cfa31f70f33"),
        (["data=fashion_mnist"], "4b3b9b8ef16cfc4b231c12f2a73c767e"),
        (["data=cifar10"], "fe04f5787c3a8f16b438595f58d9996a"),
        (["data=spiral"], "0833745a825bd84077cdeb80fde949eb"),
        (
            ["data=digits", "optimizer=adam", "model.hidden=500", "augment=affine"],
            "21eff5b71cb4e126681d2f5fd76bac83",
        ),
        (["data=mnist", "model=knn"], "7aae8b676decf65db7cb5a83180b1efa"),
    ],
)
def test_runs_that_have_finished_are_still_found(overrides: list[str], earlier: str) -> None:
    """As computed by the code of commit 66ffb1a: otherwise all of them would run again."""
    recorded = recorded_config(composed(*overrides))
    assert fingerprint("train", recorded, "0" * 64).earlier == earlier


def test_it_is_no_matter_where_a_persons_own_data_are(dataset: Dataset) -> None:
    configs = [composed("data=table", f"data.path={path}") for path in ("here.csv", "there.csv")]
    assert len({run_fingerprint(config, dataset, kind="train") for config in configs}) == 1


def test_a_fingerprint_can_be_searched_for(dataset: Dataset) -> None:
    # MLflow's filters take it in quotes.
    assert re.fullmatch("1-[0-9a-f]{32}", identity(dataset))


@pytest.mark.parametrize(
    "override",
    [
        "tracking=off",
        "tracking.name='another name'",
        "tracking.experiment=another",
        "tracking.uri=sqlite:////elsewhere.db",
        "sweep.reuse=false",
        'sweep.exclude=["seed=3"]',
        "trainer.diagnostics=true",
        "seed=0",
        "optimizer.lr=5e-2",  # the default, typed in another way
    ],
)
def test_what_changes_no_result_changes_no_fingerprint(dataset: Dataset, override: str) -> None:
    assert identity(dataset, override) == identity(dataset)


@pytest.mark.parametrize(
    "override",
    [
        "seed=1",
        "optimizer.lr=0.06",
        "model.hidden=99",
        "model.hidden=[100,100]",
        "regularization.dropout=0.1",
        "trainer.epochs=3",
        "trainer.threads=1",
        "data.preprocessing=standardize",
        "task=scratchlab.tasks.knn.classify",
    ],
)
def test_what_may_change_the_result_changes_the_fingerprint(dataset: Dataset, override: str) -> None:
    assert identity(dataset, override) != identity(dataset)


def test_a_part_counts_by_its_name_and_not_by_the_place_of_its_module() -> None:
    here, moved, foreign = (
        fingerprint("train", {"optimizer": {"_target_": path, "lr": 0.1}}, "digest")
        for path in ("scratchlab.nn.Adam", "scratchlab.nn.optimizers.adam.Adam", "mine.Adam")
    )
    assert here == moved
    assert here != foreign


def test_the_fingerprint_of_before_version_0_2_is_known(dataset: Dataset) -> None:
    """Computed by the code of commit 66ffb1a."""
    config = composed(
        "data=digits", "schedule=inverse_t", "regularization.ema_decay=0.99", "sweep.reuse=false"
    )
    assert run_fingerprint(config, dataset, kind="train").earlier == "c62acd510b9d27325523dc5d7fdd181f"


def test_other_data_is_another_run(dataset: Dataset) -> None:
    other = replace(dataset, digest="f" * 64)
    assert identity(other) != identity(dataset)


def test_where_data_comes_from_is_no_matter_once_it_is_here(dataset: Dataset) -> None:
    configs = [composed("data=mnist"), composed("data=mnist", "data.mirrors=[http://localhost]")]
    assert len({run_fingerprint(config, dataset, kind="train") for config in configs}) == 1


def test_no_two_parts_share_a_fingerprint_although_their_values_may_be_the_same(dataset: Dataset) -> None:
    """Momentum and Nesterov, say, have the same keys with the same values."""
    by_fingerprint = defaultdict(set)
    for group in PARTS:
        for path in sorted((CONFIG_FOLDER / group).glob("*.yaml")):
            by_fingerprint[identity(dataset, f"{group}={path.stem}")].add(f"{group}={path.stem}")
    defaults = by_fingerprint.pop(identity(dataset))
    assert len({part.partition("=")[0] for part in defaults}) == len(defaults) == len(PARTS)
    shared = {pair for parts in by_fingerprint.values() for pair in combinations(sorted(parts), 2)}
    assert shared == {("model=linear", "model=softmax")}  # a preset, of this loss


def test_what_the_run_is_for_is_part_of_it(dataset: Dataset) -> None:
    config = composed("data=digits")
    assert run_fingerprint(config, dataset, kind="check") != run_fingerprint(config, dataset, kind="train")


def test_order_does_not_matter_and_only_whole_names_are_without_effect() -> None:
    one, other = {"a": {"b": 1, "c": 2}, "seed": 0}, {"seed": 0, "a": {"c": 2, "b": 1}}
    of_one = fingerprint("train", one, "digest")
    assert fingerprint("train", other, "digest") == of_one
    assert fingerprint("train", {"tracking": {"uri": 1}, **one}, "digest") == of_one
    assert fingerprint("train", {"tracking_rate": 1, **one}, "digest") != of_one
    assert fingerprint("train", {**one, "a": {"b": 1, "c": 2, "tracking": 1}}, "digest") != of_one
    assert fingerprint("train", one, "digest", ["more"]) != of_one
    assert fingerprint("train", one, "another digest") != of_one
