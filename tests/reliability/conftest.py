from pathlib import Path

import pytest

from tests.tracking.conftest import content, database, empty_store, quick_to_give_up, uri

__all__ = ["content", "database", "empty_store", "quick_to_give_up", "uri"]

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def settings(quick_to_give_up: None) -> None:
    """Undo what opening a store sets in the environment."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep real kills, outages, and servers out of `make test`."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("system")
