from pathlib import Path

import pytest

from tests.tracking.conftest import content, database, empty_store, uri

__all__ = ["content", "database", "empty_store", "uri"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep real kills, outages, and servers out of `make test`."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("system")
