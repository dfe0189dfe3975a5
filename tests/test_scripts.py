"""The scripts at the top of the repository, before anything of the package is there."""

import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.config.project import ROOT

SCRIPTS = ["train.py", "check.py", "compare.py", "ensemble.py"]
RUN = "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2], run_name='__main__')"


def run(script: str, *, folder: Path, first: str = "") -> subprocess.CompletedProcess[str]:
    """Run a script in a new process, with modules of `folder` in front of all others."""
    command = [sys.executable, "-c", first + RUN, str(folder), str(ROOT / script)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    ("happens", "code", "said"),
    [
        ("raise KeyboardInterrupt", 130, ""),
        (
            "raise ModuleNotFoundError('No module named x')",
            1,
            "No module named x. Type `make setup` once, and `source .venv/bin/activate` in each shell.\n",
        ),
    ],
)
def test_what_happens_amid_the_imports_ends_without_a_traceback(
    tmp_path: Path, script: str, happens: str, code: int, said: str
) -> None:
    (tmp_path / "scratchlab.py").write_text(happens)
    ended = run(script, folder=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", said)


@pytest.mark.parametrize("script", SCRIPTS)
def test_windows_is_told_to_use_wsl_in_the_first_line(tmp_path: Path, script: str) -> None:
    ended = run(script, folder=tmp_path, first="import sys; sys.platform = 'win32'\n")
    assert ended.returncode == 1
    assert ended.stderr.startswith("scratchlab runs on Linux and macOS. On Windows, use it in WSL: ")


def test_a_module_that_is_missing_from_the_package_itself_keeps_its_traceback(tmp_path: Path) -> None:
    (tmp_path / "scratchlab.py").write_text("raise ModuleNotFoundError('no', name='scratchlab.mine')")
    ended = run("train.py", folder=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Traceback")
