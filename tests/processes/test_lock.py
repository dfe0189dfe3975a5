import subprocess
import sys
import time
from pathlib import Path

from scratchlab.processes.lock import file_lock

HOLD = """
import sys
from pathlib import Path
from scratchlab.processes.lock import file_lock
print("waiting", flush=True)
with file_lock(Path(sys.argv[1])):
    print(Path(sys.argv[2]).read_text(), flush=True)
    input()
"""


def test_another_process_waits_and_one_that_is_killed_lets_go(tmp_path: Path) -> None:
    lock, note = tmp_path / "lock", tmp_path / "note"
    note.write_text("too early")
    with file_lock(lock):
        other = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(lock), str(note)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "waiting\n"
        time.sleep(0.2)
        note.write_text("after us")
    with other:
        assert other.stdout.readline() == "after us\n"
        other.kill()
    with file_lock(lock):
        assert lock.read_bytes() == b""
