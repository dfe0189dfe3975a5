import pytest


@pytest.fixture(autouse=True)
def settings_are_undone(settings_of_mlflow: None) -> None:
    """Whatever reads or writes the scoreboard opens a store."""
