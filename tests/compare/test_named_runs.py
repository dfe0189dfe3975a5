from pathlib import Path

import pytest

from scratchlab.compare.named_runs import named_runs
from scratchlab.tracking import RunNotFoundError, embedded_uri
from tests.launched import Ended


def test_a_folder_stands_for_the_runs_in_it(trained: Ended, tmp_path: Path) -> None:
    for folder in (trained.folder, trained.cwd):
        [run] = named_runs(str(folder), embedded_uri(tmp_path))
        assert run.folder == trained.folder


@pytest.mark.parametrize("argument", ["nowhere", "1e35edc8", "1E35EDC8", "."])
def test_what_names_no_run_is_answered(
    argument: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunNotFoundError, match=f"^{argument}: expected "):
        named_runs(argument, embedded_uri(tmp_path))
