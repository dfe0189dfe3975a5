import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cloudpickle
import pytest
from hydra import initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from hydra_plugins.scratchlab_sweeper.composed_once import ComposedOnce


@pytest.fixture
def loader(tmp_path: Path) -> Iterator[ConfigLoader]:
    (tmp_path / "config.yaml").write_text(
        "defaults: [_self_, {model: small}]\nseed: 0\nsizes: [1, 2]\noptimizer: {lr: 0.1, l2: null}\nstamp: ${now:%f}\n"
    )
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "small.yaml").write_text("width: 10\n")
    (tmp_path / "model" / "large.yaml").write_text("width: 1000\ndepth: 2\n")
    with initialize_config_dir(str(tmp_path), version_base="1.3"):
        yield GlobalHydra.instance().config_loader()


@pytest.fixture
def master(loader: ConfigLoader) -> DictConfig:
    config = loader.load_configuration(
        "config", ["hydra.sweep.dir=first", "hydra.sweep.subdir=${hydra.job.num}"], RunMode.MULTIRUN
    )
    assert config.stamp  # is the time of the first look at it, for all that are composed from here on
    return config


def test_it_composes_what_the_loader_would(loader: ConfigLoader, master: DictConfig) -> None:
    once = ComposedOnce(loader)
    for _ in range(2):
        composed = once.load_sweep_config(master, ["optimizer.lr=0.5"])
        assert composed == loader.load_sweep_config(master, ["optimizer.lr=0.5"])
        assert composed.optimizer.lr == 0.5
        assert composed.stamp == master.stamp
        assert OmegaConf.is_struct(composed)
        composed.optimizer.lr = 7  # is the caller's own


@pytest.mark.parametrize(
    "overrides",
    [
        [],
        ["optimizer.lr=0.5", "seed=3"],
        ["model=large", "model.depth=3", "seed=1"],
        ["model.width=20", "model=large"],
        ["sizes=[3,4,5]", "optimizer={lr:2}"],
        ["optimizer.l2=null", "optimizer.lr='a, b'", "seed=${model.width}"],
        ["optimizer.l2=1e-4", "+optimizer.new=1", "optimizer.new=2"],
        ["++seed=5", "seed=6"],
        ["seed=6", "++seed=5"],
        ["~sizes", "optimizer.lr=3"],
        ["optimizer.lr=0.5", "hydra.sweep.subdir=here", "seed=2"],
        ["~model"],
    ],
)
def test_it_composes_all_that_can_be_typed_as_the_loader_would(
    loader: ConfigLoader, master: DictConfig, overrides: list[str]
) -> None:
    once = ComposedOnce(loader)
    once.load_sweep_config(master, ["seed=9", "optimizer.lr=9"])  # leaves no traces
    composed, expected = (
        once.load_sweep_config(master, overrides),
        loader.load_sweep_config(master, overrides),
    )
    assert composed == expected
    assert composed.hydra.overrides == expected.hydra.overrides
    assert composed.hydra.job.override_dirname == expected.hydra.job.override_dirname


@pytest.mark.parametrize(
    "wrong", ["optimizer.rate=1", "model=huge", "hydra.nothing=1", "+seed=1", "seed.a=1"]
)
def test_what_the_loader_refuses_it_refuses(loader: ConfigLoader, master: DictConfig, wrong: str) -> None:
    with pytest.raises(HydraException) as expected:
        loader.load_sweep_config(master, ["optimizer.lr=1", wrong])
    with pytest.raises(HydraException) as raised:
        ComposedOnce(loader).load_sweep_config(master, ["optimizer.lr=1", wrong])
    assert str(raised.value) == str(expected.value)


def test_the_files_are_read_once(loader: ConfigLoader, master: DictConfig, tmp_path: Path) -> None:
    once = ComposedOnce(loader)
    once.load_sweep_config(master, ["optimizer.lr=0.5"])
    (tmp_path / "config.yaml").write_text("optimizer: {lr: 0.1, new: 1}\n")
    assert "new" not in once.load_sweep_config(master, ["optimizer.lr=0.2"]).optimizer


def test_the_sweep_may_settle_in_a_folder_in_between(loader: ConfigLoader, master: DictConfig) -> None:
    once = ComposedOnce(loader)
    once.load_sweep_config(master, ["optimizer.lr=0.5"])
    master.hydra.sweep.dir = "second"
    master.hydra.overrides.hydra.append("hydra.sweep.dir=second")
    composed = once.load_sweep_config(master, ["optimizer.lr=0.5"])
    assert composed.hydra.sweep.dir == "second"
    assert composed == loader.load_sweep_config(master, ["optimizer.lr=0.5"])


def test_a_worker_gets_the_loader_alone(loader: ConfigLoader, master: DictConfig) -> None:
    once = ComposedOnce(loader)
    empty = len(cloudpickle.dumps(once))
    first = once.load_sweep_config(master, ["optimizer.lr=0.5"])
    assert len(cloudpickle.dumps(once)) == empty
    assert type(pickle.loads(cloudpickle.dumps(once))) is type(loader)
    assert pickle.loads(cloudpickle.dumps(once)).load_sweep_config(master, ["optimizer.lr=0.5"]) == first


def test_a_class_that_no_import_finds_is_no_obstacle(loader: ConfigLoader, master: DictConfig) -> None:
    @dataclass
    class Launcher:
        n_jobs: int = 2

    ConfigStore.instance().store(group="toy", name="launcher", node=Launcher)
    composed = ComposedOnce(loader).load_sweep_config(master, ["+toy=launcher"])
    assert composed.toy == {"n_jobs": 2}


def test_it_is_a_loader_in_all_else(loader: ConfigLoader) -> None:
    once = cast(ConfigLoader, ComposedOnce(loader))
    assert once.get_sources() == loader.get_sources()
    assert once.list_groups("hydra") == loader.list_groups("hydra")
