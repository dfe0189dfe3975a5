"""What a test can change in its process: environment, working directory, signal handlers, threads."""

import gc
import os
import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self

WATCHED = sorted(set(signal.Signals) - {signal.SIGALRM})
"""SIGALRM belongs to the time limit of each test."""
NOT_OURS = {"PYTEST_CURRENT_TEST", "KMP_INIT_AT_FORK"}
"""Environment variables that pytest sets for each test, and scikit-learn when it is imported."""
LIMIT_SECONDS = 10.0
"""How long a thread that is ending may take."""


@dataclass(frozen=True)
class Traces:
    """The state of this process that outlives a test."""

    environment: dict[str, str]
    folder: Path
    handlers: dict[signal.Signals, object]
    threads: frozenset[threading.Thread]

    @classmethod
    def now(cls) -> Self:
        """Return the state as it is."""
        return cls(
            {name: value for name, value in os.environ.items() if name not in NOT_OURS},
            Path.cwd(),
            {number: signal.getsignal(number) for number in WATCHED},
            frozenset(threading.enumerate()),
        )

    def changes(self) -> list[str]:
        """Return what differs from this state now, a phrase each; threads that are ending are waited for."""
        started = set(threading.enumerate()) - self.threads
        if started:
            gc.collect()  # a pool that nobody refers to any more ends its threads
        for thread in started:
            thread.join(LIMIT_SECONDS)
        now = Traces.now()
        names = sorted(self.environment.keys() | now.environment.keys())
        changed = [name for name in names if self.environment.get(name) != now.environment.get(name)]
        handled = [number for number in WATCHED if self.handlers[number] != now.handlers[number]]
        return [
            *(f"environment variable {name}" for name in changed),
            *([f"working directory {now.folder}"] if now.folder != self.folder else []),
            *(f"handler of {number.name}" for number in handled),
            *(f"thread {thread.name}" for thread in now.threads - self.threads),
        ]

    def restore(self) -> None:
        """Return the process to this state, except for threads, which nobody can end."""
        os.chdir(self.folder)
        for name in os.environ.keys() - self.environment.keys() - NOT_OURS:
            del os.environ[name]
        os.environ.update(self.environment)
        for number, handler in self.handlers.items():
            if signal.getsignal(number) != handler:
                signal.signal(number, handler)  # type: ignore[arg-type]
