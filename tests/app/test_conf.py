"""Every file of the configuration: it says what it is for, it composes, and what it composes runs."""

import re
from pathlib import Path

import pytest
from hydra.utils import get_object

from scratchlab.app.launch import CONFIG_FOLDER
from scratchlab.tracking.records import Dataset

from .composed import composed
from .launched import launch

FILES = sorted(path.relative_to(CONFIG_FOLDER) for path in CONFIG_FOLDER.rglob("*.yaml"))
EMBEDDED = {"digits", "mnist_sample", "spiral"}
"""The data sets that need no download."""
OWN = {"folder", "table"}
"""Data that a person brings along: there is no run without data.path."""


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
def test_every_part_runs_for_a_step(tmp_path: Path, part: str) -> None:
    ended = launch("train.py", "data=digits", "debug=one_step", "tracking=off", part, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith("test   ")


@pytest.mark.parametrize("name", sorted({*options("data")} - OWN))
def test_every_data_set_is_had_or_missed_in_words(tmp_path: Path, nowhere: Path, name: str) -> None:
    is_embedded = name in EMBEDDED
    mirrors = () if is_embedded else ("data.mirrors=[]",)
    ended = launch("train.py", f"data={name}", *mirrors, "trainer.max_steps=1", "tracking=off", cwd=tmp_path)
    assert ended.code == (0 if is_embedded else 66)
    if not is_embedded:
        assert f"{nowhere}/data/{name}/" in ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", options("data"))
def test_every_data_set_has_its_reader(name: str) -> None:
    target = composed(f"data={name}").data._target_
    assert callable(get_object(target))
    assert target.partition(".")[0] == "scratchlab"


@pytest.mark.parametrize("name", options("experiment"))
def test_every_experiment_names_its_command_and_runs_for_a_step(tmp_path: Path, name: str) -> None:
    text = (CONFIG_FOLDER / "experiment" / f"{name}.yaml").read_text()
    assert re.search(rf"^# +python train.py experiment={name}\b", text, re.MULTILINE)
    config = composed(f"experiment={name}")
    overrides = [f"experiment={name}", "trainer.max_steps=1", "tracking=off"]
    if config.data._target_.rpartition(".")[2] not in EMBEDDED:
        # There are 1,797 digits.
        overrides += ["data=digits", f"data.num_val={min(config.data.num_val, 300)}"]
    ended = launch("train.py", *overrides, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith("test   ")


@pytest.mark.usefixtures("no_figures")
def test_one_step_is_one_step(tmp_path: Path) -> None:
    ended = launch("train.py", "data=digits", "debug=one_step", cwd=tmp_path)
    assert ended.code == 0
    assert list(ended.metric("train/step_loss")) == [1]
    assert list(ended.metric("val/accuracy")) == [1]


@pytest.mark.usefixtures("no_figures")
def test_overfitting_learns_ten_examples_by_heart(tmp_path: Path) -> None:
    ended = launch("train.py", "data=digits", "debug=overfit", cwd=tmp_path)
    assert ended.code == 0
    [dataset] = ended.of_kind(Dataset)
    assert dataset.num_train == 10
    assert list(ended.metric("train/accuracy").values())[-1] == 1
    assert ended.metric("train/loss")[100] < 0.05


@pytest.mark.usefixtures("no_figures")
def test_a_fraction_is_a_tenth_of_mnist(tmp_path: Path) -> None:
    ended = launch("train.py", "data=mnist", "debug=fraction", "trainer.max_steps=1", cwd=tmp_path)
    assert ended.code == 0
    [dataset] = ended.of_kind(Dataset)
    assert (dataset.name, dataset.num_train, dataset.num_val, dataset.num_test) == ("mnist", 5000, 1000, 1000)
    assert composed("debug=fraction").trainer.epochs == 5
