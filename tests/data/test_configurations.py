import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from scratchlab.data import Dataset, cifar10, digits, fashion_mnist, mnist


@pytest.mark.parametrize("read", [mnist, fashion_mnist, cifar10, digits])
def test_the_configuration_has_every_option_with_its_default(
    repository: Path, read: Callable[..., Dataset]
) -> None:
    options = OmegaConf.to_object(OmegaConf.load(repository / "conf" / "data" / f"{read.__name__}.yaml"))
    assert isinstance(options, dict)
    assert options.pop("_target_") == f"scratchlab.data.{read.__name__}"
    assert all(mirror.startswith("http") for mirror in options.pop("mirrors", []))
    defaults = {name: parameter.default for name, parameter in inspect.signature(read).parameters.items()}
    defaults.pop("root", None)
    defaults.pop("mirrors", None)
    assert options == defaults
