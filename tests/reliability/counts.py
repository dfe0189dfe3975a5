"""The same test with two counts: a few in `make test-all`, all that the issue asks for in `make test-reliability`."""

from collections.abc import Callable
from typing import Any

import pytest


def counts(name: str, *, few: object, all_of_them: object) -> Callable[[Any], Any]:
    """Parametrize a test with `name`: `few` in `make test-all`, `all_of_them` in `make test-reliability`."""
    return pytest.mark.parametrize(
        name,
        [
            pytest.param(few, id="few"),
            pytest.param(all_of_them, id="all", marks=pytest.mark.reliability),
        ],
    )
