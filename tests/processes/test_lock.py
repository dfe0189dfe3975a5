import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.processes.lock import file_lock
from tests.polling import wait_until

LOCKS = Path("/proc/locks")

HOLD = """
import sys
from pathlib import Path
from scratchlab.processes.lock import file_lock
print("waiting", flush=True)
with file_lock(Path(sys.argv[1])):
    print(Path(sys.argv[2]).read_text(), flush=True)
    input()
"""


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux lists who waits for a lock")
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
        inode = f":{lock.stat().st_ino} "
        wait_until(lambda: any("->" in line and inode in line for line in LOCKS.read_text().splitlines()))
        note.write_text("after us")
    with other:
        assert other.stdout.readline() == "after us\n"
        other.kill()
    with file_lock(lock):
        assert lock.read_bytes() == b""
