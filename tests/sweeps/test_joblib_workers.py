import subprocess
import sys
from pathlib import Path

import pytest

from scratchlab.processes.process import started
from tests.polling import wait_until

SWEEP = """
import os, sys, time
from pathlib import Path
from joblib import Parallel, delayed
from scratchlab.sweeps.joblib_workers import tie_workers
tie_workers(Path(sys.argv[1]))
print(*Parallel(n_jobs=2, backend="loky")(delayed(os.getpid)() for _ in range(4)), flush=True)
time.sleep(600)
"""


@pytest.mark.system
def test_workers_that_wait_for_runs_end_with_their_sweep(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SWEEP, str(tmp_path)], stdout=subprocess.PIPE) as sweep:
        try:
            assert sweep.stdout is not None
            workers = [int(pid) for pid in sweep.stdout.readline().split()]
            assert len(workers) == 4
            assert all(started(pid) is not None for pid in workers)
        finally:
            sweep.kill()
    wait_until(lambda: all(started(pid) is None for pid in workers), "the end of the workers")
