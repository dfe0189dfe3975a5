import re

import pytest

from scratchlab.tracking.journal.records import Artifact, Dataset, End, Metrics, Start, Status, Tag
from tests.launched import Ended, launch

KEYS = [
    *("gradient_error", "initial_loss", "overfit_accuracy"),
    *("falling_loss", "curve_accuracy", "curve_gap"),
]


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return launch("check.py", "data=digits", cwd=tmp_path_factory.mktemp("passed"))


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return launch("check.py", "data=digits", "optimizer.lr=1e-6", cwd=tmp_path_factory.mktemp("failed"))


def test_the_defaults_pass(passed: Ended) -> None:
    assert (passed.code, passed.stderr) == (0, "")
    assert "6 of 6 checks passed" in passed.stdout
    assert "FAILED" not in passed.stdout


def test_a_check_that_fails_makes_the_command_fail(failed: Ended) -> None:
    assert (failed.code, failed.stderr) == (1, "")
    assert "3 of 6 checks passed" in failed.stdout
    verdicts = dict(re.findall(r"│ (\w+).*│ (passed|FAILED) +│", failed.stdout))
    assert verdicts == {
        "gradient": "passed",
        "loss": "FAILED",  # after 100 steps, the last line that starts with this word
        "accuracy": "FAILED",
        "val": "FAILED",
        "train": "passed",
    }


def test_a_table_without_a_terminal_is_plain(passed: Ended) -> None:
    assert "\x1b" not in passed.stdout
    assert re.search(r"│ loss before the first step +│ 2\.\d{4} +│ within 10 % of 2\.3026 ", passed.stdout)


@pytest.mark.parametrize(
    ("run", "failures"), [("passed", "none"), ("failed", "overfit_accuracy falling_loss curve_accuracy")]
)
def test_a_check_is_a_run_with_its_figures(request: pytest.FixtureRequest, run: str, failures: str) -> None:
    ended: Ended = request.getfixturevalue(run)
    [start] = ended.of_kind(Start)
    assert start.tags["scratchlab.kind"] == "check"
    assert start.name.startswith("check data=digits")
    assert start.params["model.hidden"] == 100
    assert [dataset.name for dataset in ended.of_kind(Dataset)] == ["digits"]
    figures = [each.values for each in ended.of_kind(Metrics)]
    assert [list(values) for values in figures] == [[f"check/{key}"] for key in KEYS]
    assert {each.step for each in ended.of_kind(Metrics)} == {0}
    assert ended.of_kind(Tag) == [Tag("scratchlab.checks_failed", failures)]
    assert ended.of_kind(End)[-1].status == Status.FINISHED


def test_the_table_is_an_artifact(failed: Ended) -> None:
    assert {artifact.path for artifact in failed.of_kind(Artifact)} == {
        "artifacts/config.yaml",
        "artifacts/checklist.md",
    }
    header, rule, *rows = (failed.folder / "artifacts" / "checklist.md").read_text().splitlines()
    assert (header, rule) == ("| check | found | expected | verdict |", "| --- | --- | --- | --- |")
    assert len(rows) == 6
    assert re.fullmatch(r"\| accuracy after 500 steps on 10 examples \| \d+ % \| 100 % \| FAILED \|", rows[2])
