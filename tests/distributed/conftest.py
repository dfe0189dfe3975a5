import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "distributed":
            item.add_marker(pytest.mark.distributed)
