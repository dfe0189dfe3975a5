import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from scratchlab.data import Dataset, cifar10, digits, fashion_mnist, folder, mnist, mnist_sample, table


@pytest.mark.parametrize("read", [mnist, mnist_sample, fashion_mnist, cifar10, digits, table, folder])
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
    if "path" in defaults:
        assert defaults["path"] is inspect.Parameter.empty  # the configuration waits for one
        defaults["path"] = None
    assert options == defaults
