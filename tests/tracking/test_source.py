import getpass
import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.tracking.source import code_version, git_tags, own_tags, source_tags

COMMIT = "mlflow.source.git.commit"
DIRTY = "scratchlab.git_dirty"


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "train.py").write_text("1\n")
    (tmp_path / ".gitignore").write_text("outputs/\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return tmp_path


def test_the_commit_of_a_clean_repository(repository: Path) -> None:
    assert git_tags(repository) == {COMMIT: git(repository, "rev-parse", "HEAD"), DIRTY: "false"}


@pytest.mark.parametrize("file", ["train.py", "layer.py"])
def test_a_change_and_a_new_file_are_both_dirty(repository: Path, file: str) -> None:
    (repository / file).write_text("2\n")
    assert git_tags(repository)[DIRTY] == "true"


def test_what_git_ignores_is_not_dirty_and_may_be_where_the_script_is(repository: Path) -> None:
    (repository / "outputs").mkdir()
    (repository / "outputs" / "journal.jsonl").touch()
    assert git_tags(repository / "outputs")[DIRTY] == "false"


def test_outside_a_repository_there_are_no_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_tags(tmp_path) == {}


def test_before_the_first_commit_there_are_no_tags(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert git_tags(tmp_path) == {}


def test_without_git_there_are_no_tags(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert git_tags(repository) == {}


def test_the_version_of_the_code_is_the_commit_and_whether_there_are_changes() -> None:
    commit = "1a2b3c4d" + 32 * "0"
    assert code_version({COMMIT: commit, DIRTY: "false"}) == "1a2b3c4d"
    assert code_version({COMMIT: commit, DIRTY: "true"}) == "1a2b3c4d and changes"
    assert code_version({COMMIT: commit}) == "1a2b3c4d"
    assert code_version({}) is None


def test_a_run_names_its_script_its_user_and_the_commit_of_the_script(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setattr(sys, "argv", [str(repository / "train.py"), "optimizer=adam"])
    assert source_tags() == {
        "mlflow.source.name": "train.py",
        "mlflow.source.type": "LOCAL",
        "mlflow.user": getpass.getuser(),
        COMMIT: git(repository, "rev-parse", "HEAD"),
        DIRTY: "false",
    }


def test_a_user_without_a_name_is_no_obstacle(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert "mlflow.user" not in source_tags()


def test_a_process_goes_on_running_what_it_has_loaded(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(repository / "train.py")])
    own_tags.cache_clear()
    before = dict(own_tags())
    (repository / "train.py").write_text("2\n")
    assert source_tags()[DIRTY] == "true"
    assert own_tags() == before
    assert before[DIRTY] == "false"
    own_tags.cache_clear()
