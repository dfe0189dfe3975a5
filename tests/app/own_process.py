"""Python in a process of its own, for what has to be seen from outside."""

import os
import subprocess
import sys
from pathlib import Path


def python(*arguments: str, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, which ends with `code`."""
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=os.environ | {"COLUMNS": "120", "FORCE_COLOR": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == code, ended.stderr
    return ended
