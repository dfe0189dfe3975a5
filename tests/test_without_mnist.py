"""The suite on a machine that has no data sets and cannot download any."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.system
def test_what_needs_mnist_is_skipped_and_one_line_says_how_to_get_it(
    tmp_path: Path, repository: Path
) -> None:
    parts = ["tests/data", "tests/test_published_logs.py", "tests/neighbors", "tests/config/test_conf.py"]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "not slow and not system", *parts],
        cwd=repository,
        env=os.environ | {"SCRATCHLAB_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert ended.returncode == 0, ended.stdout
    assert not re.search("failed|error", ended.stdout.splitlines()[-1])
    [said] = [line for line in ended.stdout.splitlines() if line.startswith("tests skipped")]
    assert re.fullmatch(
        r"tests skipped: [1-9]\d*, because MNIST is missing; to get it, run `make train` .*", said
    )
    assert list(tmp_path.iterdir()) == []
