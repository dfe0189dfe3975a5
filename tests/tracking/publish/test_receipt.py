from pathlib import Path

from scratchlab.tracking import Published

URI = "sqlite:////project/mlruns/mlflow.db"


def test_what_was_noted_is_loaded(tmp_path: Path) -> None:
    published = Published(URI, "1", "ab", "RUNNING")
    published.save(tmp_path)
    Published(URI, "1", "ab", "FINISHED").save(tmp_path)
    assert Published.load(tmp_path) == Published(URI, "1", "ab", "FINISHED")
    assert [file.name for file in tmp_path.iterdir()] == ["published.json"]


def test_a_run_that_was_never_published_is_nowhere(tmp_path: Path) -> None:
    assert Published.load(tmp_path) is None


def test_it_knows_its_page() -> None:
    link = Published("http://host:5000", "1", "ab", "FINISHED").link
    assert link == "http://host:5000/#/experiments/1/runs/ab?workflowType=machine_learning"
