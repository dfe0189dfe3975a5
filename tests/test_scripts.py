"""The scripts at the top of the repository, before anything of the package is there."""

import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.app.project import ROOT


@pytest.mark.parametrize("script", ["train.py", "check.py", "compare.py", "ensemble.py", "scoreboard.py"])
@pytest.mark.parametrize(
    ("happens", "code", "said"),
    [
        ("raise KeyboardInterrupt", 130, ""),
        (
            "raise ModuleNotFoundError('No module named x')",
            1,
            "No module named x: type `make setup` once and `source .venv/bin/activate` in each shell\n",
        ),
    ],
)
def test_what_happens_amid_the_imports_ends_without_a_traceback(
    tmp_path: Path, script: str, happens: str, code: int, said: str
) -> None:
    (tmp_path / "scratchlab.py").write_text(happens)
    start = (
        "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2], run_name='__main__')"
    )
    command = [sys.executable, "-c", start, str(tmp_path), str(ROOT / script)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", said)
