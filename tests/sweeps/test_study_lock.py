import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.sweeps.study import STUDY, open_study

HOLD = """
import sys
from pathlib import Path
from scratchlab.sweeps.study_lock import StudyLock
lock = StudyLock(Path(sys.argv[1]))
for _ in range(2):
    assert lock.acquire()
    lock.release()
lock.acquire()
print("held", flush=True)
input()
"""


def test_a_study_is_open_again_at_once_when_a_process_that_wrote_into_it_was_killed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = open_study(tmp_path).ask()
    writer = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / STUDY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "held\n"
        writer.kill()
    assert open_study(tmp_path).ask().number == first.number + 1
    assert capfd.readouterr().err == ""  # Optuna says so when it has to wait
    assert [file.name for file in tmp_path.iterdir()] == [STUDY]
