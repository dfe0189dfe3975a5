"""A contestant as the benchmark sees it: a process that does one job after the other."""

import json
import os
import subprocess
import sys
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

from benchmarks.contestants.job import Job, Measured
from scratchlab.kernels.choice import CORE_TYPE

ROOT = Path(__file__).resolve().parents[2]
# Everyone gets the kernels that they get by themselves; scratchlab has chosen some for this process.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != CORE_TYPE}


class Contestant:
    """Starts a module beside this one as soon as there is a job to do."""

    def __init__(self, name: str, module: str, *, needs: str, cannot: Collection[str] = ()) -> None:
        self.name = name
        self.needs = needs
        self._cannot = cannot
        self._module = module
        self._process: subprocess.Popen[str] | None = None

    @property
    def is_installed(self) -> bool:
        """Whether the package that it needs is there."""
        return find_spec(self.needs) is not None

    def can(self, job: Job) -> bool:
        """Whether it has what the job is about."""
        return job.optimizer not in self._cannot and not (job.batch_norm and "batch norm" in self._cannot)

    def do(self, job: Job, digits: Path) -> Measured:
        """Wait for it to do the job, with the digits in that folder."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"benchmarks.contestants.{self._module}", digits],
                cwd=ROOT,
                env=ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self._line()
        assert self._process.stdin is not None
        self._process.stdin.write(job.to_json() + "\n")
        self._process.stdin.flush()
        measured: Measured = json.loads(self._line())
        return measured

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()

    def _line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line == "":
            raise SystemExit(
                f"{self.name} has ended with {self._process.wait()} in the middle of the benchmark"
            )
        return line
