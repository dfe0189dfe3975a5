"""Every file of the configuration: it says what it is for, it composes, and what it composes fits together."""

import re
from pathlib import Path

import pytest
from hydra.utils import get_object

from scratchlab.config.build import load
from scratchlab.config.project import CONFIG_FOLDER
from scratchlab.data import DataUnavailableError
from scratchlab.training import History
from tests.composed import assembled, built, composed
from tests.launched import launch

FILES = sorted(path.relative_to(CONFIG_FOLDER) for path in CONFIG_FOLDER.rglob("*.yaml"))


def options(group: str) -> list[str]:
    return sorted(path.stem for path in (CONFIG_FOLDER / group).glob("*.yaml"))


PARTS = [
    f"{group.name}={option}"
    for group in sorted(CONFIG_FOLDER.iterdir())
    if group.is_dir() and group.name not in {"data", "debug", "experiment", "hydra", "tracking"}
    for option in options(group.name)
]


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_says_first_what_it_is_for(file: Path) -> None:
    lines = (CONFIG_FOLDER / file).read_text().splitlines()
    if lines[0] == "# @package _global_":
        del lines[0]
    assert re.match(r"# \S+ .+", lines[0])


def test_there_is_something_to_test() -> None:
    assert {"optimizer=adam", "model=mlp", "loss=cross_entropy", "trainer=default"} <= set(PARTS)
    assert {"starter"} <= set(options("experiment"))
    assert {"one_step", "overfit", "fraction"} <= set(options("debug"))


@pytest.mark.parametrize("part", PARTS)
def test_every_part_fits_the_others(part: str) -> None:
    assembled("data=digits", part)


@pytest.mark.parametrize("name", options("data"))
def test_every_data_set_has_a_reader_that_loads_it_or_says_where_it_looked(nowhere: Path, name: str) -> None:
    config = composed(f"data={name}")
    assert config.data._target_.partition(".")[0] == "scratchlab"
    if "path" in config.data:  # it is a person's own
        assert callable(get_object(config.data._target_))
    elif "mirrors" not in config.data:
        assert len(load(config).train) > 0
    else:
        config.data.mirrors = []
        with pytest.raises(DataUnavailableError, match=re.escape(f"{nowhere}/data/{name}/")):
            load(config)


@pytest.mark.parametrize("name", options("experiment"))
def test_every_experiment_names_its_command_and_fits_its_data(name: str) -> None:
    text = (CONFIG_FOLDER / "experiment" / f"{name}.yaml").read_text()
    assert re.search(rf"^# +python train.py experiment={name}\b", text, re.MULTILINE)
    assembled(f"experiment={name}")


@pytest.mark.parametrize(
    "overrides",
    [
        ("experiment=starter", "data=digits"),
        ("experiment=spiral",),  # points instead of images
        ("experiment=mnist_knn", "data=digits"),  # another task
        ("model=deslanted", "data=digits", "augment=affine", "loss=hinge", "optimizer=adamw"),
    ],
)
def test_what_fits_together_trains(tmp_path: Path, overrides: tuple[str, ...]) -> None:
    ended = launch("train.py", *overrides, "trainer.max_steps=1", "tracking=off", cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith("test   ")


@pytest.mark.usefixtures("no_figures")
def test_one_step_is_one_step(tmp_path: Path) -> None:
    ended = launch("train.py", "data=digits", "debug=one_step", cwd=tmp_path)
    assert ended.code == 0
    assert list(ended.metric("train/step_loss")) == [1]
    assert list(ended.metric("val/accuracy")) == [1]


def test_overfitting_learns_ten_examples_by_heart() -> None:
    parts, history = built("debug=overfit"), History()
    parts.trainer(history).fit(parts.dataset.train, parts.dataset.val)
    assert len(parts.dataset.train) == 10
    assert history.epochs[-1]["train/accuracy"] == 1
    assert history.epochs[-1]["train/loss"] < 0.05


def test_a_fraction_is_a_tenth_of_mnist() -> None:
    config = composed("debug=fraction")
    data = config.data
    assert (data.limit_train, data.num_val, data.limit_test) == (5000, 1000, 1000)
    assert config.trainer.epochs == 5
